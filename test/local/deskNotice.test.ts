import { mkdtempSync, rmSync } from 'node:fs'
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
