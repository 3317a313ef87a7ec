// Key Vault on a desk: the REST interface over TLS for one vault name, with RBAC, versions and remote signing. Its keys are
// not exportable: they sign digests, and no route reveals or uses them in any other way.

import type { IncomingMessage } from 'node:http'
import type { IdentityStub } from '../identity/openIdentity.ts'
import type { Authority } from '../pki.ts'
import type { Answer, StubOptions, StubServer } from '../stubServer.ts'
import { openStubServer } from '../stubServer.ts'
import { certificateCreations } from './certificateCreation.ts'
import type { CertificatePolicy, CertificateSeries, VaultCertificate } from './certificateSeries.ts'
import { createCertificateSeries } from './certificateSeries.ts'
import { answerSign } from './signRequest.ts'
import { vaultBundles } from './vaultBundles.ts'
import { forbiddenByRbac, vaultError, vaultFaultBodies } from './vaultError.ts'
import { vaultPage } from './vaultPage.ts'
import type { VaultOperation, VaultPermission, VaultRoute } from './vaultRoute.ts'
import { parseVaultRoute } from './vaultRoute.ts'

const RESOURCE = 'https://vault.azure.net'
const HOST = 'signet-desk.vault.azure.net'

/** A running vault. `rotate`, `disable`, `versions` and `certificate` speak of the certificate it was opened with. */
export type VaultStub = StubServer<VaultOperation> & {
  readonly url: string
  readonly certificateName: string
  /** What the callers' role assignments allow; `certificates/create/action` is not among them at first. */
  readonly permissions: Set<VaultPermission>
  /** A version, the newest unless told. */
  certificate(version?: string): VaultCertificate
  /** Oldest first. */
  versions(): readonly VaultCertificate[]
  rotate(): Promise<VaultCertificate>
  disable(version: string): void
  /** Another certificate beside the first. */
  addCertificate(name: string, policy?: Partial<CertificatePolicy>): Promise<CertificateSeries>
}

/** How a vault is opened. Its first certificate version is `firstVersionAgeDays` old (30 unless told). */
export type VaultOptions = StubOptions<VaultOperation> & {
  readonly authority: Authority
  /** Issued the tokens that callers present. */
  readonly identity: Pick<IdentityStub, 'verify'>
  readonly certificateName?: string
  readonly policy?: Partial<CertificatePolicy>
  readonly firstVersionAgeDays?: number
  readonly tenantId?: string
  /** Items of a list in one answer; Key Vault gives 25. */
  readonly pageSize?: number
}

type Admitted = {
  readonly operation: VaultOperation
  readonly route: VaultRoute
  readonly caller: string | undefined
}

/** Opens the vault on 127.0.0.1 under the host name `signet-desk.vault.azure.net`, which clients must map to its port. */
export async function openVault(options: VaultOptions): Promise<VaultStub> {
  const {
    authority,
    identity,
    certificateName = 'signet',
    now = Date.now,
    firstVersionAgeDays = 30,
  } = options
  const { tenantId = '00000000-0000-0000-0000-000000000000', pageSize = 25 } = options
  const url = `https://${HOST}`
  const permissions = new Set<VaultPermission>(['certificates/read', 'keys/read', 'keys/sign/action'])
  const certificates = new Map<string, CertificateSeries>()

  async function add(
    name: string,
    policy: Partial<CertificatePolicy> = {},
    ageDays = 0,
  ): Promise<CertificateSeries> {
    const added = await createCertificateSeries({
      vaultUrl: url,
      name,
      policy: { subject: `CN=${name}`, keySize: 2048, validityDays: 365, ...policy },
      now,
      firstCreatedAt: now() - ageDays * 86_400_000,
    })
    certificates.set(name, added)
    return added
  }

  const first = await add(certificateName, options.policy, firstVersionAgeDays)
  const creations = certificateCreations(url, async (name, policy) => {
    await (certificates.get(name)?.rotate(policy) ?? add(name, policy))
  })

  /** The versions of one certificate; without a name, the newest of each under its own identifier. */
  function listed(name: string): readonly VaultCertificate[] {
    if (name !== '') return certificates.get(name)?.versions() ?? []
    const newest = [...certificates.values()].flatMap((series) => series.find() ?? [])
    return newest.map((each) => ({ ...each, id: `${url}/certificates/${each.name}` }))
  }

  async function callerOf(request: IncomingMessage): Promise<string | undefined> {
    const [, accessToken] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? []
    const claims = accessToken === undefined ? undefined : await identity.verify(accessToken, RESOURCE)
    return claims === undefined ? undefined : `appid=${claims.appid};oid=${claims.oid};iss=${claims.iss}`
  }

  async function answer(
    { route, caller }: Admitted,
    request: IncomingMessage,
    address: URL,
  ): Promise<Answer> {
    if (!address.searchParams.has('api-version')) {
      return vaultError(400, 'BadParameter', 'api-version must be specified')
    }
    if (caller === undefined) return challenge(tenantId)
    if (route.operation === 'refused') return forbiddenByRbac(caller, `(${request.method})`, address.pathname)
    if (!permissions.has(route.permission)) {
      return forbiddenByRbac(caller, route.permission, address.pathname)
    }
    const series = certificates.get(route.name)
    const found = series?.find(route.version)

    switch (route.operation) {
      case 'certificate create':
        return creations.start(route.name, await readJson(request))
      case 'certificate pending':
        return creations.pending(route.name)
      case 'certificate list':
        return vaultPage(address, pageSize, listed(route.name), vaultBundles.certificateItem)
      case 'key list':
        return vaultPage(address, pageSize, listed(route.name), vaultBundles.keyItem)
      case 'certificate read':
        return found === undefined
          ? notFound('Certificate', address.pathname)
          : { status: 200, body: vaultBundles.certificate(found) }
      case 'key read':
        return found === undefined
          ? notFound('Key', address.pathname)
          : { status: 200, body: vaultBundles.key(found) }
      case 'sign':
        return series === undefined || found === undefined
          ? notFound('Key', address.pathname)
          : answerSign(series, found, await readJson(request), now())
    }
  }

  const server = await openStubServer<VaultOperation, Admitted>(
    {
      origin: url,
      async admit(request, address) {
        const route = parseVaultRoute(request.method ?? '', address.pathname)
        const caller = await callerOf(request)
        return { route, caller, operation: caller === undefined ? 'challenge' : route.operation }
      },
      answer: (admitted, request, _response, address) => answer(admitted, request, address),
      faultBody: (kind) => vaultFaultBodies[kind],
    },
    { ...options, tls: authority.issueServer({ names: [HOST] }) },
  )

  return {
    ...server,
    url,
    certificateName,
    permissions,
    certificate(version) {
      const found = first.find(version)
      if (found === undefined) throw new Error(`Certificate ${certificateName} has no version ${version}`)
      return found
    },
    versions: first.versions,
    rotate: () => first.rotate(),
    disable: first.disable,
    addCertificate: add,
  }
}

function challenge(tenantId: string): Answer {
  const authorization = `https://login.microsoftonline.com/${tenantId}`
  return {
    ...vaultError(401, 'Unauthorized', 'AKV10000: Request is missing a Bearer or PoP token.'),
    headers: { 'www-authenticate': `Bearer authorization="${authorization}", resource="${RESOURCE}"` },
  }
}

function notFound(kind: 'Certificate' | 'Key', path: string): Answer {
  const message = `A ${kind.toLowerCase()} with (name/id) ${path} was not found in this key vault.`
  return vaultError(404, `${kind}NotFound`, message)
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    return undefined
  }
}
