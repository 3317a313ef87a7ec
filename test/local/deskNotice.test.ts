import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openDesk } from '../../local/desk.ts'
import { announceDesk, readDesk } from '../../local/deskNotice.ts'

const folder = mkdtempSync(join(tmpdir(), 'signet-notice-'))
process.env.SIGNET_DESK_NOTICE = join(folder, 'desk.json')
const desk = await openDesk({ appOrigin: 'http://localhost:7071' })
afterAll(async () => {
  await desk.close()
  rmSync(folder, { recursive: true, force: true })
})

it('a command that joins a desk has the settings that its app has from the environment, beside those of the desk', () => {
  const takeBack = announceDesk(desk, { CREDENTIAL: 'vault,managed-identity', ROTATION: 'auto' })
  const wanted = { CREDENTIAL: 'vault,managed-identity', ROTATION: 'auto', KEY_VAULT_URL: desk.vault.url }

  expect(readDesk()?.env).toMatchObject(wanted)
  expect(readDesk()?.programEnv).toMatchObject(wanted)
  takeBack()
  expect(readDesk()).toBeUndefined()
})

it('of two desks commands join the newer, whichever ends takes back only its own notice, and one that was killed counts for nothing', () => {
  const first = announceDesk(desk)
  const second = announceDesk({ ...desk, appOrigin: 'http://localhost:7072' })
  expect(readDesk()?.appOrigin).toBe('http://localhost:7072')
  second()
  expect(readDesk()?.appOrigin).toBe('http://localhost:7071')

  const third = announceDesk({ ...desk, appOrigin: 'http://localhost:7073' })
  first()
  expect(readDesk()?.appOrigin).toBe('http://localhost:7073')
  const [file = ''] = readdirSync(folder)
  const killed = spawnSync(process.execPath, ['--version']).pid
  const left = join(folder, `desk.${killed}-1.json`)
  writeFileSync(left, readFileSync(join(folder, file), 'utf8').replace('"atMs":', '"atMs":9'))
  expect(readDesk()?.atMs).toBeLessThan(9e12)
  expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
  third()
  expect(readDesk()).toBeUndefined()
  announceDesk(desk)()
  expect(readdirSync(folder)).toEqual([])
})
