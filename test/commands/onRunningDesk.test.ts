/** `--desk` of the doctor and the walkthrough: in a process of their own, on the desk that runs, with whatever is broken there. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { announceDesk } from '../../local/deskNotice.ts'
import { openRunningApp } from '../support/openRunningApp.ts'

const BUSY_MACHINE_MS = 180_000
const folder = await mkdtemp(join(tmpdir(), 'signet-notice-'))
const notice = join(folder, 'desk.json')
const app = await openRunningApp()
const { desk } = app
process.env.SIGNET_DESK_NOTICE = notice
const takeBack = announceDesk(desk)
const { entra } = desk
afterAll(async () => {
  await app.close()
  await rm(folder, { recursive: true, force: true })
})

async function run(command: 'doctor' | 'walkthrough', ...args: readonly string[]) {
  const env = { PATH: process.env.PATH, SIGNET_DESK_NOTICE: notice }
  const main = [`commands/${command}/main.ts`, '--desk', ...args]
  const child = spawn(process.execPath, main, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, out, err }
}

test('the doctor examines the desk that runs, and finds what was broken there', {
  timeout: BUSY_MACHINE_MS,
}, async () => {
  const well = await run('doctor', '--json')
  expect([well.code, well.err]).toEqual([0, `On the desk that runs, at ${app.origin}.\n\n`])

  entra.removeCertificate(desk.clientId, desk.vault.certificate().x5tS256)
  const broken = await run('doctor')
  entra.registerCertificate(desk.clientId, desk.vault.certificate().der)
  expect(broken.code).toBe(1)
  expect(broken.out).toContain(`On the desk that runs, at ${app.origin}.\n`)
  expect(broken.out).toMatch(/\n✗ assertion +Entra refused client /)
})

test('the walkthrough signs somebody in at the desk that runs', { timeout: BUSY_MACHINE_MS }, async () => {
  const seen = entra.log.length
  const { code, out, err } = await run('walkthrough', '--as', 'Ada')
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain(`On the desk that runs, at ${app.origin}.`)
  expect(entra.log.slice(seen).filter(({ kind }) => kind === 'token')).toHaveLength(1)
})

test('where none runs, the walkthrough opens one of its own and says so', {
  timeout: BUSY_MACHINE_MS,
}, async () => {
  takeBack()
  const seen = entra.log.length
  const { code, out } = await run('walkthrough', '--as', 'Ada')
  expect(code).toBe(0)
  expect(out).toContain('No desk runs, so this is one of its own.')
  expect(entra.log).toHaveLength(seen)
})
