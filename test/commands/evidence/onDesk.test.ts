/** `npm run evidence -- --desk`: in a process of its own, on the desk that runs. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import type { Evidence } from '../../../commands/evidence/evidence.ts'
import { announceDesk } from '../../../local/deskNotice.ts'
import { openWorld } from '../../support/openWorld.ts'

const folder = await mkdtemp(join(tmpdir(), 'signet-evidence-'))
const notice = join(folder, 'desk.json')
const world = await openWorld()
const run = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, ['commands/evidence/main.ts', ...args], {
    env: { PATH: process.env.PATH, SIGNET_DESK_NOTICE: notice },
  })
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

test('writes the page and its data of the desk that runs, with nothing secret in them; the data give the page again', {
  timeout: 180_000,
}, async () => {
  process.env.SIGNET_DESK_NOTICE = notice
  announceDesk(world.desk)
  const [first, again] = [join(folder, 'first'), join(folder, 'again')]
  const { stdout, stderr } = await run('--desk', '--out', first)
  expect(stderr).toBe(`On the desk at ${world.origin}.\n`)
  expect(stdout).toContain(`Written: ${first}.html and ${first}.json.`)

  const data = await readFile(`${first}.json`, 'utf8')
  const evidence = JSON.parse(data) as Evidence
  const [signIn] = evidence.applications
  expect(signIn?.certificate).toMatchObject({
    known: { versions: [{ signs: true, key: { known: { type: 'RSA-HSM', exportable: false } } }] },
  })
  expect(signIn?.token).toEqual({ known: { claim: 'azpacr', value: '2' } })
  expect(evidence.roles).toMatchObject({ unknown: expect.stringContaining('AZURE_SUBSCRIPTION_ID') })

  const page = await readFile(`${first}.html`, 'utf8')
  expect(`${data}${page}`).not.toMatch(/eyJ[\w-]{10}|BEGIN [A-Z ]*KEY/)
  await run('--from', `${first}.json`, '--out', again)
  expect(await readFile(`${again}.html`, 'utf8')).toBe(page)
})
