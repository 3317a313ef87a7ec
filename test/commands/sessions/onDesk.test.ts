/** `npm run sessions -- … --desk`: in a process of its own, on the desk that runs. */
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { announceDesk } from '../../../local/deskNotice.ts'
import { openWorld } from '../../support/openWorld.ts'
import { isSignedIn } from '../../support/screens.ts'
import { ADA, newVisitor } from '../../support/visitor.ts'

const folder = await mkdtemp(join(tmpdir(), 'signet-notice-'))
const notice = join(folder, 'desk.json')
const world = await openWorld()
const run = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, ['commands/sessions/main.ts', ...args, '--desk'], {
    env: { PATH: process.env.PATH, SIGNET_DESK_NOTICE: notice },
  })
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

test('acts upon the sessions of the desk that runs, and says so where none does', {
  timeout: 120_000,
}, async () => {
  await expect(run('count')).rejects.toMatchObject({ stderr: expect.stringContaining('No desk runs') })

  process.env.SIGNET_DESK_NOTICE = notice
  const takeBack = announceDesk(world.desk)
  const [file = ''] = await readdir(folder)
  expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600)
  const visitor = newVisitor(world.origin)
  await visitor.signIn()
  const { stdout, stderr } = await run('end', '--user', `${world.desk.entra.tenantId}/${ADA.person}`)
  expect([stdout.trim(), stderr]).toEqual([
    'Ended: 1 session.',
    expect.stringContaining(`On the desk at ${world.origin}.`),
  ])
  expect(await isSignedIn(world, visitor)).toBe(false)

  takeBack()
  expect(await readdir(folder)).toEqual([])
})
