/** `npm run rotate -- … --desk`: in a process of its own, on the desk that runs. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { announceDesk } from '../../../local/deskNotice.ts'
import { openWorld } from '../../support/openWorld.ts'

const folder = await mkdtemp(join(tmpdir(), 'signet-notice-'))
const notice = join(folder, 'desk.json')
const world = await openWorld()
const { entra, vault, clientId } = world.desk
process.env.SIGNET_DESK_NOTICE = notice
const takeBack = announceDesk(world.desk)
afterAll(async () => {
  takeBack()
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

/** Of the client that signs people in. */
function rotate(...args: readonly string[]): Promise<{ readonly code: unknown; readonly out: string }> {
  const env = { PATH: process.env.PATH, SIGNET_DESK_NOTICE: notice }
  const argv = ['commands/rotate/main.ts', '--desk', '--client', clientId, ...args]
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { env }, (fault, stdout, stderr) =>
      resolve({ code: fault?.code ?? 0, out: stdout + stderr }),
    )
  })
}
const newest = () => vault.versions().at(-1)

test('makes a version, brings it into use, and revokes it again', { timeout: 120_000 }, async () => {
  vault.permissions.add('certificates/create/action')
  const before = entra.registeredCertificates(clientId)
  const made = await rotate('--now')
  const second = newest()
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining(`done: prove ${second?.version}`) })
  expect(entra.registeredCertificates(clientId)).toEqual([...before, second?.x5tS256])

  const revoked = await rotate('--revoke', second?.version ?? '')
  const third = newest()
  expect(revoked.out).toContain(`done: remove ${second?.version}`)
  expect(revoked.out).toContain(`--version ${second?.version} --enabled false`)
  expect(revoked.out).toContain(`  ${third?.version} signs since `)
  expect(revoked.out).toContain(`    ${second?.version}  gone, revoked, `)
  expect(entra.registeredCertificates(clientId)).toEqual([...before, third?.x5tS256])
})
