/** A proxy in the environment: every request of a command goes through it, or none does. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest'
import { honourProxy } from '../../commands/proxy.ts'
import {
  KNOWS_NO_NAMES,
  lookedForDirectly,
  openRecordingProxy,
  type RecordingProxy,
} from '../support/recordingProxy.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SETTINGS = {
  ENTRA_TENANT_ID: '00000000-0000-4000-8000-000000000001',
  ENTRA_CLIENT_ID: '00000000-0000-4000-8000-000000000002',
  ENTRA_AUTHORITY_HOST: 'https://login.contoso.test',
  PUBLIC_URL: 'https://app.contoso.test',
  KEY_VAULT_URL: 'https://vault.contoso.test',
  SESSION_TABLES_URL: 'https://tables.contoso.test',
}
const HOSTS = ['app', 'login', 'tables', 'vault'].map((name) => `${name}.contoso.test`)

let proxy: RecordingProxy
let folder: string

beforeAll(async () => {
  proxy = await openRecordingProxy()
  folder = await mkdtemp(join(tmpdir(), 'signet-proxy-'))
  const token = {
    accessToken: 'e30.e30.x',
    expires_on: 4_000_000_000,
    expiresOn: '2096-10-02 07:06:40.000000',
    tokenType: 'Bearer',
  }
  await writeFile(join(folder, 'az'), `#!/bin/sh\necho '${JSON.stringify(token)}'\n`)
  await chmod(join(folder, 'az'), 0o755)
})
afterEach(() => {
  proxy.asked.length = 0
})
afterAll(async () => {
  await proxy.close()
  await rm(folder, { recursive: true })
})

/** Runs a file of ours, or a module's text, in a process that knows no host names, and an Azure CLI that always has a token. */
async function run(what: string, env: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const file = what.endsWith('.ts') ? [join(ROOT, what)] : ['--input-type=module', '--eval', what]
  const child = spawn(process.execPath, [...file, ...args], {
    cwd: ROOT,
    env: { PATH: `${folder}:/usr/bin:/bin`, NODE_OPTIONS: KNOWS_NO_NAMES, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return {
    code,
    stdout,
    stderr,
    direct: lookedForDirectly(stderr),
    proxied: [...new Set(proxy.asked)].toSorted(),
  }
}

/** One request by Node's fetch and one by the Azure SDK. */
const BOTH = `
import { honourProxy } from './commands/proxy.ts'
import { CertificateClient } from '@azure/keyvault-certificates'
console.log(honourProxy(process.env))
await fetch('https://fetch.contoso.test/').catch(() => {})
const credential = { getToken: async () => ({ token: 'x', expiresOnTimestamp: Date.now() + 600_000 }) }
const client = new CertificateClient('https://sdk.contoso.test', credential, { retryOptions: { maxRetries: 0 } })
await client.getCertificate('x').catch(() => {})`
const VIA = ['fetch.contoso.test:443', 'sdk.contoso.test:443']
const DIRECT = ['fetch.contoso.test', 'sdk.contoso.test']

describe('fetch and the Azure SDK', () => {
  it.each<[variables: string, env: (url: string) => Record<string, string>]>([
    ['HTTPS_PROXY', (url) => ({ HTTPS_PROXY: url })],
    ['https_proxy', (url) => ({ https_proxy: url })],
    ['HTTP_PROXY alone', (url) => ({ HTTP_PROXY: url })],
    ['ALL_PROXY without a scheme', (url) => ({ ALL_PROXY: url.replace('http://', '') })],
    ['HTTPS_PROXY with a password', (url) => ({ HTTPS_PROXY: url.replace('//', '//me:secret@') })],
    [
      'two proxies',
      (url) => ({ HTTPS_PROXY: url, https_proxy: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' }),
    ],
    ['NODE_USE_ENV_PROXY', (url) => ({ HTTPS_PROXY: url, NODE_USE_ENV_PROXY: '1' })],
    [
      'a NO_PROXY for others',
      (url) => ({ HTTPS_PROXY: url, NO_PROXY: 'toso.test,.other.test,sub.sdk.contoso.test' }),
    ],
  ])('both go through the proxy of %s', async (_variables, env) => {
    const { direct, proxied, stdout } = await run(BOTH, env(proxy.url))

    expect({ direct, proxied }).toEqual({ direct: [], proxied: VIA })
    expect(stdout).toContain(`Every request goes through the proxy ${proxy.url.slice('http://'.length)} (`)
    expect(stdout).not.toContain('secret')
  })

  it.each([
    'contoso.test',
    '.contoso.test',
    '*.contoso.test',
    '.CONTOSO.test:443',
    'fetch.contoso.test, sdk.contoso.test',
    'FETCH.contoso.test sdk.contoso.test:443',
    '*',
  ])('neither does where NO_PROXY says %j', async (noProxy) => {
    const { direct, proxied } = await run(BOTH, { HTTPS_PROXY: proxy.url, NO_PROXY: noProxy })

    expect({ direct, proxied }).toEqual({ direct: DIRECT, proxied: [] })
  })

  it('neither does without a proxy, and then there is nothing to say', async () => {
    const { direct, proxied, stdout } = await run(BOTH, { NO_PROXY: 'x', NODE_USE_ENV_PROXY: '1' })

    expect({ direct, proxied, stdout }).toEqual({ direct: DIRECT, proxied: [], stdout: '\n' })
  })
})

describe('the variables of a proxy', () => {
  it.each(['socks5://127.0.0.1:1080', 'http://', 'ht tp://x', '://secret'])(
    '%j is refused, by name and not by value',
    (value) => {
      expect(() => honourProxy({ HTTPS_PROXY: value }, { fetches: false })).toThrow(
        'HTTPS_PROXY must be the http or https address of a proxy.',
      )
    },
  )

  it('keep this machine and the managed identity out of it, for every program that is started', () => {
    const env: Record<string, string | undefined> = {
      http_proxy: 'http://proxy.test:3128',
      no_proxy: 'Intern.test',
      IDENTITY_ENDPOINT: 'http://169.254.129.3:8081/msi/token',
    }
    honourProxy(env, { fetches: false })

    expect(env.NO_PROXY).toBe(
      'localhost,127.0.0.1,[::1],169.254.169.254,169.254.129.3,intern.test,.intern.test',
    )
    expect(env.no_proxy).toBe(env.NO_PROXY)
    expect([env.HTTP_PROXY, env.https_proxy]).toEqual(['http://proxy.test:3128/', 'http://proxy.test:3128/'])
  })
})

test.each([
  ['sessions', ['count']],
  ['rotate', ['--status']],
])('npm run %s asks the table through the proxy, and no host by itself', async (command, args) => {
  const { direct, proxied } = await run(
    `commands/${command}/main.ts`,
    { ...SETTINGS, HTTPS_PROXY: proxy.url },
    args,
  )

  expect(direct).toEqual([])
  expect(proxied).toContain('tables.contoso.test:443')
})

test('the doctor asks vault, Entra, app and table through the proxy, and says so in its first line', async () => {
  const { direct, proxied, stdout } = await run('commands/doctor/main.ts', {
    ...SETTINGS,
    HTTPS_PROXY: proxy.url,
  })

  expect(direct).toEqual([])
  expect(proxied).toEqual(HOSTS.map((host) => `${host}:443`))
  expect(stdout.split('\n')[0]).toMatch(
    /^Every request goes through the proxy 127\.0\.0\.1:\d+ \(HTTPS_PROXY\)/,
  )
}, 120_000)

test('the doctor asks all of them directly where NO_PROXY names them, and its JSON stays JSON', async () => {
  const env = { ...SETTINGS, HTTPS_PROXY: proxy.url, NO_PROXY: '.contoso.test' }
  const { direct, proxied, stdout, stderr } = await run('commands/doctor/main.ts', env, ['--json'])

  expect({ direct, proxied }).toEqual({ direct: HOSTS, proxied: [] })
  expect(JSON.parse(stdout).verdict).toBe('fail')
  expect(stderr).toMatch(/^Every request .* and for what NO_PROXY names\.$/m)
}, 120_000)

test('a hook asks the vault through the proxy, and says so in its first line', async () => {
  const env = {
    ...SETTINGS,
    AZURE_ENV_NAME: 'example',
    SIGNET_APP_URL: SETTINGS.PUBLIC_URL,
    AZURE_TENANT_ID: SETTINGS.ENTRA_TENANT_ID,
    HTTPS_PROXY: proxy.url,
  }
  const { direct, proxied, stdout } = await run('infra/hooks/postprovision.ts', env)

  expect({ direct, proxied }).toEqual({ direct: [], proxied: ['vault.contoso.test:443'] })
  expect(stdout.split('\n')[0]).toMatch(/^Every request goes through the proxy /)
}, 120_000)
