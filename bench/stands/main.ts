/** `node bench/stands/main.ts`: Entra, the vault, the managed identity, the tables, an API and the front end in one process, for all apps alike. */
import { createHash, randomUUID, X509Certificate } from 'node:crypto'
import { TABLE_NAME } from '../../lib/session/table.ts'
import { openIdentity } from '../../local/identity/openIdentity.ts'
import { createAuthority, createSigningCertificate } from '../../local/pki.ts'
import { openVault } from '../../local/vault/openVault.ts'
import { createLightApi, createLightFrontEnd } from './lightApi.ts'
import { createLightEntra, type RegisteredKey } from './lightEntra.ts'
import { openLightServer } from './lightServer.ts'
import { createLightTables } from './lightTables.ts'
import { createMeter } from './meter.ts'
import { seedSessions } from './seedSessions.ts'
import type { Figures, Questions, World } from './world.ts'

const CERTIFICATE = 'signet-signing'
const APP_ONLY_CERTIFICATE = 'signet-app-only'
/** Of the app, the floor and the peers. */
const TABLES = [TABLE_NAME, 'signetfloor', 'peersessions']
const DAY_MS = 86_400_000

const [tenantId, clientId, appOnlyClientId] = [randomUUID(), randomUUID(), randomUUID()]
const authority = createAuthority()
const identity = await openIdentity({ tenantId })
const vault = await openVault({ authority, identity, certificateName: CERTIFICATE, tenantId })
const appOnly = await vault.addCertificate(APP_ONLY_CERTIFICATE, {}, 30)
const peer = await createSigningCertificate({
  subject: 'CN=peers',
  notBefore: new Date(Date.now() - DAY_MS),
  notAfter: new Date(Date.now() + 365 * DAY_MS),
})

function registered(der: Uint8Array): RegisteredKey {
  const print = (hash: string): string => createHash(hash).update(der).digest('base64url')
  const { publicKey } = new X509Certificate(der)
  return { thumbprints: [print('sha256'), print('sha1')], key: publicKey }
}

const meter = createMeter()
const delays = { token: 0, tables: 0 }
const entra = createLightEntra(
  tenantId,
  new Map([
    // The peers' first: an assertion that names no certificate is theirs.
    [clientId, [registered(peer.der), registered(vault.certificate().der)]],
    [appOnlyClientId, appOnly.versions().map(({ der }) => registered(der))],
  ]),
)
const believed = new Set<string>()
const tables = createLightTables((authorization) => believed.has(authorization), TABLES)
const servers = {
  entra: await openLightServer({
    answer: (request) => entra.answer(request),
    meter,
    delayMs: () => delays.token,
  }),
  tables: await openLightServer({
    async answer(request) {
      const { authorization = '' } = request.headers
      if (!believed.has(authorization) && (await identity.verify(authorization.replace(/^Bearer /, ''))))
        believed.add(authorization)
      return tables.answer(request)
    },
    meter,
    delayMs: () => delays.tables,
    tls: authority.issueServer({ names: ['127.0.0.1', 'localhost'] }),
  }),
  api: await openLightServer({ answer: createLightApi(), meter }),
  frontEnd: await openLightServer({ answer: createLightFrontEnd(), meter }),
}
const origin = ({ port }: { readonly port: number }): string => `http://127.0.0.1:${port}`
entra.listensAt(origin(servers.entra))

const hex = createHash('sha256').update(peer.der).digest('hex')
const world: World = {
  tenantId,
  clientId,
  appOnlyClientId,
  entraOrigin: origin(servers.entra),
  vaultUrl: vault.url,
  vaultPort: vault.port,
  certificateName: CERTIFICATE,
  appOnlyCertificateName: APP_ONLY_CERTIFICATE,
  tablesUrl: `https://127.0.0.1:${servers.tables.port}/bench`,
  identityClientId: identity.clientId,
  identityEnv: { ...identity.env },
  apiOrigin: origin(servers.api),
  frontEndOrigin: origin(servers.frontEnd),
  authorityPem: authority.certPem,
  peer: {
    privateKeyPem: peer.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificatePem: new X509Certificate(peer.der).toString(),
    thumbprintSha256: hex,
  },
}

const seen = { vault: 0, identity: 0, cpuMs: 0 }
function figures(): Figures {
  const { requests, serviceMs } = meter.take()
  const all: Record<string, number> = { ...requests }
  for (const { operation } of vault.requests.slice(seen.vault))
    all[`vault: ${operation}`] = (all[`vault: ${operation}`] ?? 0) + 1
  const tokens = identity.requests.length - seen.identity
  if (tokens > 0) all['identity: token'] = tokens
  const cpu = process.cpuUsage()
  const cpuMs = (cpu.user + cpu.system) / 1_000
  const connections = Object.values(servers).reduce((sum, server) => sum + server.takeConnections(), 0)
  const taken = { requests: all, serviceMs, connections, cpuMs: cpuMs - seen.cpuMs, rows: tables.rows.size() }
  Object.assign(seen, { vault: vault.requests.length, identity: identity.requests.length, cpuMs })
  return taken
}

const answers: { [Name in keyof Questions]: (asked: Questions[Name]['asked']) => Questions[Name]['answer'] } =
  {
    figures,
    tokenLifetime(seconds) {
      entra.switches.tokenLifetimeSec = seconds
    },
    delays(asked) {
      Object.assign(delays, asked)
    },
    accessToken: entra.accessToken,
    seed: (sessions) => seedSessions(tables.rows, sessions),
  }

process.on('message', ({ id, name, asked }: { id: number; name: keyof Questions; asked: never }) => {
  process.send?.({ id, answer: answers[name](asked) })
})
// Whoever started this is gone.
process.on('disconnect', () => process.exit(0))
process.send?.({ world })
