import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { whereSettingsAre } from '../../../commands/adviceOf.ts'
import { CHECKS } from '../../../commands/doctor/checks.ts'
import { openRunningApp, type RunningApp } from '../../support/openRunningApp.ts'

const DOCTOR = fileURLToPath(new URL('../../../commands/doctor/main.ts', import.meta.url))

/** `npm run doctor` with these arguments, and nothing in its environment but what is given. */
async function doctor(
  args: readonly string[],
  env: Readonly<Record<string, string>> = { PATH: process.env.PATH ?? '' },
) {
  const child = spawn(process.execPath, [DOCTOR, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, stdout, stderr }
}

/** Those that a desk of the tests has nothing for: a front end, and a list of sources. */
const NOT_HERE = ['front-end', 'managed-identity', 'tpm', 'pem', 'sources']
const MADE = CHECKS.filter(({ id }) => !NOT_HERE.includes(id))
const OF_SIGN_IN = CHECKS.filter(({ id }) => !id.startsWith('app-only-'))

describe('the command, without a chain', () => {
  it('fails with the settings, says so once, and where settings come from: a file, or the desk', async () => {
    const { code, stdout } = await doctor([])
    const results = stdout.split('\n').filter((line) => /^[✓✗?] /.test(line))

    expect(code).toBe(1)
    expect(results).toEqual([
      expect.stringMatching(/^✗ settings {14}None of the required settings is in the environment/),
    ])
    expect(stdout).toContain('\n  → az functionapp config appsettings list --name <function-app>')
    expect(stdout).toContain(`\n\n0 passed, 1 failed, ${OF_SIGN_IN.length - 1} unknown.\n`)
    expect(stdout).toContain(whereSettingsAre({ hasDesk: true }))
  })

  it('refuses an option that it does not have, and shows those it has', async () => {
    const { code, stdout, stderr } = await doctor(['--jsn'])

    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/--jsn/)
    expect(stderr).toMatch(/--settings <file>/)
    expect((await doctor(['--help'])).stdout).toMatch(/--desk/)
  })

  it('reads what `azd env get-values` writes: quotes escaped, the identity under its own name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signet-doctor-'))
    const file = join(folder, 'signet.env')
    const id = '00000000-0000-4000-8000-00000000000a'
    const apis =
      '{"orders": {"url": "https://orders.example", "as": "app", "scope": "api://orders/.default"}}'
    await writeFile(
      file,
      [
        `ENTRA_TENANT_ID="${id}"`,
        `ENTRA_CLIENT_ID="${id}"`,
        'PUBLIC_URL="https://app.example"',
        'CREDENTIAL="managed-identity"',
        `SIGNET_IDENTITY_CLIENT_ID="${id}"`,
        `DOWNSTREAM_APIS=${JSON.stringify(apis)}`,
      ].join('\n'),
    )
    const { stdout } = await doctor(['--settings', file])
    await rm(folder, { recursive: true })

    // The only faults left: what is not in the file, and an app-only client that the APIs need.
    const [first = ''] = stdout.replace(/\n +/g, ' ').split('\n? ')
    expect(first).toContain('SESSION_TABLES_URL is not set')
    expect(first).toContain('DOWNSTREAM_APIS needs APP_ONLY_CLIENT_ID')
    expect(first).not.toMatch(/AZURE_CLIENT_ID|JSON/)
  })

  it('reads settings from a file, and says when there is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signet-doctor-'))
    const file = join(folder, 'signet.env')
    await writeFile(file, 'ENTRA_TENANT_ID="common"\nPUBLIC_URL=https://app.example\n')
    const { code, stdout } = await doctor(['--settings', file])
    await rm(folder, { recursive: true })

    expect(code).toBe(1)
    expect(stdout).toMatch(/^✗ settings +ENTRA_TENANT_ID must name one tenant/)
    expect((await doctor(['--settings', file])).stderr).toBe(`The file ${file} cannot be read.\n`)
  })
})

it('a settings file of PowerShell’s is read, and a line that sets nothing is named by its number only', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'signet-doctor-'))
  const file = join(folder, 'signet.ps1')
  const lines = ['$env:ENTRA_TENANT_ID = "common"', '$env:PUBLIC_URL = $secret', '# done', '']
  await writeFile(file, `\ufeff${lines.join('\r\n')}`, 'utf16le')
  const { stdout, stderr } = await doctor(['--settings', file])
  await writeFile(file, Buffer.from('PUBLIC_URL=\xfc', 'latin1'))
  const refused = await doctor(['--settings', file])
  await rm(folder, { recursive: true })

  expect(stdout).toMatch(/^✗ settings +ENTRA_TENANT_ID must name one tenant.*\s.*PUBLIC_URL is not set/)
  expect(stderr).toBe(`No setting, and passed over: line 2 of ${file}.\n`)
  expect([refused.code, refused.stdout]).toEqual([1, ''])
  expect(refused.stderr).toBe(`The file ${file} is no text in UTF-8, nor in UTF-16 with a byte order mark.\n`)
})

describe('the command, beside a running app', () => {
  let app: RunningApp
  beforeAll(async () => {
    app = await openRunningApp()
  })
  afterAll(() => app.close())

  it('exits with 0 when all is well, and its JSON says the same', async () => {
    const { code, stdout } = await doctor(['--json'], app.desk.processEnv)
    const report = JSON.parse(stdout)

    expect(code).toBe(0)
    expect(report).toEqual({
      verdict: 'pass',
      examinedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      checks: MADE.map(({ id, title }) =>
        expect.objectContaining({ id, title, verdict: 'pass', seen: expect.stringMatching(/\.$/) }),
      ),
    })
  })

  it('exits with 2 when something could not be found out', async () => {
    app.desk.vault.permissions.delete('keys/read')
    const { code, stdout } = await doctor(['--json'], app.desk.processEnv)
    app.desk.vault.permissions.add('keys/read')

    expect([code, JSON.parse(stdout).verdict]).toEqual([2, 'unknown'])
  })

  it('exits with 1 when something failed, whatever else is unknown', async () => {
    app.desk.entra.removeCertificate(app.desk.clientId, app.desk.vault.certificate().x5tS256)
    const { code, stdout } = await doctor([], app.desk.processEnv)

    expect(code).toBe(1)
    expect(stdout).toMatch(/\n✗ assertion +Entra refused client /)
    expect(stdout).toMatch(
      /\n {2}→ rm -f signet\.pem && az keyvault certificate download .* && az ad app credential reset /,
    )
    expect(stdout).toMatch(/\n\? permissions +Not examined, because "assertion" failed\.\n/)
  })
})

it('the command opens a desk of its own where none runs, says so, examines it and leaves nothing behind', async () => {
  const { code, stdout, stderr } = await doctor(['--desk'], {
    PATH: process.env.PATH ?? '',
    SIGNET_DESK_NOTICE: join(tmpdir(), 'no-desk.json'),
  })

  expect(stdout).toMatch(/^No desk runs, so this is one of its own\.\n/)

  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(stdout).toMatch(new RegExp(`\\n${MADE.length} passed, 0 failed, 0 unknown\\.\\n$`))
})
