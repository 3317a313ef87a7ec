import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openIdentity } from '../../local/identity/openIdentity.ts'
import { createAuthority } from '../../local/pki.ts'
import { openTables } from '../../local/tables.ts'
import { openVault } from '../../local/vault/openVault.ts'

const preload = new URL('../../local/preload.ts', import.meta.url)
const authority = createAuthority()
let authorityFile = ''
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signet-preload-'))
  authorityFile = join(folder, 'authority.pem')
  await writeFile(authorityFile, authority.certPem)
})
afterAll(() => rm(folder, { recursive: true }))

describe('an app process with the preload', () => {
  it('signs in the vault and writes to the tables with unmodified SDKs', async () => {
    const { env } = await openStandIns()

    const outcome = await runInChild(sdkScript, env)

    expect(outcome).toEqual({ kid: env.EXPECTED_KID, state: 'written' })
  })

  it('fails TLS verification when it was not told whom to trust', async () => {
    const { env, vault } = await openStandIns()
    const { NODE_EXTRA_CA_CERTS: _, ...untrusting } = env

    const outcome = await runInChild(sdkScript, untrusting)

    expect(outcome).toMatchObject({ code: expect.stringMatching(/UNABLE_TO_VERIFY|SELF_SIGNED/) })
    expect(vault.requests).toEqual([])
  })

  it('is refused any other host, whichever way it takes', async () => {
    // Addresses and names that RFC 5737, 3849 and 6761 keep free: even an unguarded process would find nobody there.
    const ways = [
      `net.connect(443, '192.0.2.1')`,
      `net.connect({ host: '192.0.2.1', port: 443, autoSelectFamily: false })`,
      `net.connect(443, '2001:db8::1')`,
      `new net.Socket().connect(443, 'example.invalid')`,
      `tls.connect({ host: 'example.invalid', port: 443 })`,
      `http.get('http://example.invalid/')`,
      `http.get('http://localhost.example.invalid/')`,
      `https.get('https://192.0.2.1/', { agent: false })`,
      `https.get('https://signet-desk.vault.azure.net/')`,
      `http2.connect('https://example.invalid')`,
    ]
    const script = `
      import { once } from 'node:events'
      import http from 'node:http'
      import http2 from 'node:http2'
      import https from 'node:https'
      import net from 'node:net'
      import tls from 'node:tls'
      const faults = [${ways.map((way) => `once(${way}, 'connect')`)}].map((tried) => tried.catch(({ message }) => message))
      console.log(JSON.stringify(await Promise.all(faults)))`

    const messages = await runInChild(script, {})

    expect(messages).toEqual(ways.map(() => expect.stringMatching(/^Refused to connect to \S+:\d+: /)))
  })

  it('is refused any other host over fetch, in a worker thread too', async () => {
    const script = `
      import { Worker } from 'node:worker_threads'
      const refused = await fetch('https://example.invalid/').catch((fault) => fault.cause.code)
      const inWorker = \`import { parentPort } from 'node:worker_threads'
        fetch('https://example.invalid/').catch((fault) => parentPort.postMessage(fault.cause.code))\`
      const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(inWorker)))
      worker.once('message', (there) => console.log(JSON.stringify([refused, there])))`

    expect(await runInChild(script, {})).toEqual(['ERR_LOOPBACK_ONLY', 'ERR_LOOPBACK_ONLY'])
  })

  it('ignores a proxy, which would lead out', async () => {
    const { env } = await openStandIns()
    const proxy = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    onTestFinished(() => {
      proxy.close()
    })
    const HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`

    const outcome = await runInChild(sdkScript, { ...env, HTTPS_PROXY, https_proxy: HTTPS_PROXY })

    expect(outcome).toMatchObject({ state: 'written' })
  })

  it('reaches loopback by every name it has', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.close()
    })
    const { port } = server.address() as AddressInfo
    const script = `
      import net from 'node:net'
      import { once } from 'node:events'
      const reached = []
      for (const target of [[${port}], [${port}, 'localhost'], ['${port}', '127.0.0.1'], [{ port: ${port} }]]) {
        await once(net.connect(...target), 'connect')
        reached.push(target.length)
      }
      console.log(JSON.stringify(reached))
      process.exit()`

    expect(await runInChild(script, {})).toEqual([1, 2, 2, 1])
  })
})

const sdkScript = `
  import { TableClient } from '@azure/data-tables'
  import { ManagedIdentityCredential } from '@azure/identity'
  import { CertificateClient } from '@azure/keyvault-certificates'
  import { CryptographyClient } from '@azure/keyvault-keys'
  try {
    const credential = new ManagedIdentityCredential({ clientId: process.env.AZURE_CLIENT_ID })
    const { keyId } = await new CertificateClient(process.env.KEY_VAULT_URL, credential).getCertificate('signet')
    const { keyID } = await new CryptographyClient(keyId, credential).signData('PS256', Buffer.from('a.b'))
    const table = new TableClient(process.env.TABLES_URL, 'preload', credential)
    await table.createTable()
    await table.createEntity({ partitionKey: 'p', rowKey: 'r', state: 'written' })
    console.log(JSON.stringify({ kid: keyID, state: (await table.getEntity('p', 'r')).state }))
  } catch ({ code, message }) {
    console.log(JSON.stringify({ code, message }))
  }`

async function openStandIns() {
  const identity = await openIdentity()
  const vault = await openVault({ authority, identity })
  const tables = await openTables({ authority, identity })
  onTestFinished(async () => {
    await Promise.all([vault.close(), tables.close(), identity.close()])
  })
  return {
    vault,
    env: {
      ...identity.env,
      AZURE_CLIENT_ID: identity.clientId,
      KEY_VAULT_URL: vault.url,
      TABLES_URL: tables.url,
      SIGNET_DESK_VAULT_PORT: String(vault.port),
      NODE_EXTRA_CA_CERTS: authorityFile,
      EXPECTED_KID: vault.certificate().kid,
    },
  }
}

/** What the script prints, as JSON; it runs with the preload and an environment of its own. */
async function runInChild(script: string, env: Record<string, string>): Promise<unknown> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...env, NODE_OPTIONS: `--import ${preload}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill()
  })
  return json(child.stdout)
}
