// What the vault answers: authentication by token, authorization by data action, then one answer per operation.

import type { IncomingMessage } from 'node:http'
import type { IdentityStub } from '../identity/openIdentity.ts'
import type { Answer, StubService } from '../stubServer.ts'
import type { CertificateCreations } from './certificateCreation.ts'
import type { CertificateSeries, VaultCertificate } from './certificateSeries.ts'
import type { DeletedCertificates } from './deletedCertificates.ts'
import { answerSign } from './signRequest.ts'
import { vaultBundles } from './vaultBundles.ts'
import { forbiddenByRbac, vaultError, vaultFaultBodies } from './vaultError.ts'
import { vaultPage } from './vaultPage.ts'
import type { VaultOperation, VaultPermission, VaultRoute } from './vaultRoute.ts'
import { parseVaultRoute } from './vaultRoute.ts'

const RESOURCE = 'https://vault.azure.net'

/** What a vault holds and whom it believes. */
export type VaultState = {
  readonly url: string
  readonly tenantId: string
  readonly pageSize: number
  readonly now: () => number
  readonly identity: Pick<IdentityStub, 'verify'>
  /** What the role assignments of a caller allow, by their object id. */
  readonly permissionsOf: (objectId: string) => ReadonlySet<VaultPermission>
  readonly certificates: ReadonlyMap<string, CertificateSeries>
  readonly creations: CertificateCreations
  readonly deleted: DeletedCertificates
}

type Admitted = {
  readonly operation: VaultOperation
  readonly route: VaultRoute
  /** Object id of who sent a token that this vault believes; without one, every request is a `challenge`. */
  readonly caller: string | undefined
  /** The same in the words of a refusal. */
  readonly callerText: string
}

/** The REST interface over `state`, which its owner may change at any time. */
export function createVaultService(state: VaultState): StubService<VaultOperation, Admitted> {
  const { url, tenantId, pageSize, now, identity, permissionsOf, certificates, creations, deleted } = state

  /** The versions of one certificate; without a name, the newest of each under its own identifier. */
  function listed(name: string): readonly VaultCertificate[] {
    if (name !== '') return certificates.get(name)?.versions() ?? []
    const newest = [...certificates.values()].flatMap((series) => series.find() ?? [])
    return newest.map((each) => ({ ...each, id: `${url}/certificates/${each.name}` }))
  }

  async function callerOf(request: IncomingMessage): Promise<Pick<Admitted, 'caller' | 'callerText'>> {
    const [, accessToken] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? []
    const claims = accessToken === undefined ? undefined : await identity.verify(accessToken, RESOURCE)
    if (claims === undefined) return { caller: undefined, callerText: '' }
    const { appid, oid, iss } = claims
    return { caller: String(oid), callerText: `appid=${appid};oid=${oid};iss=${iss}` }
  }

  async function answer(
    { route, caller, callerText }: Admitted,
    request: IncomingMessage,
    address: URL,
  ): Promise<Answer> {
    if (!address.searchParams.has('api-version')) {
      return vaultError(400, 'BadParameter', 'api-version must be specified')
    }
    if (caller === undefined) return challenge(tenantId)
    if (route.operation === 'refused')
      return forbiddenByRbac(callerText, `(${request.method})`, address.pathname)
    if (!permissionsOf(caller).has(route.permission)) {
      return forbiddenByRbac(callerText, route.permission, address.pathname)
    }
    // A vault renews what is due whether it is asked or not; here it does so before it answers.
    await Promise.all([...certificates.values()].map((each) => each.renewIfDue()))
    const series = certificates.get(route.name)
    const found = series?.find(route.version)

    switch (route.operation) {
      case 'certificate create':
        return deleted.has(route.name)
          ? vaultError(
              409,
              'Conflict',
              `Certificate ${route.name} is deleted and can be recovered.`,
              'ObjectIsDeletedButRecoverable',
            )
          : creations.start(route.name, await readJson(request))
      case 'certificate merge':
        return creations.merge(route.name, await readJson(request))
      case 'certificate delete':
        return deleted.delete(route.name)
      case 'deleted certificate read':
        return deleted.read(route.name)
      case 'certificate recover':
        return deleted.recover(route.name)
      case 'certificate purge':
        return deleted.purge(route.name)
      case 'certificate policy':
        return found === undefined
          ? notFound('Certificate', address.pathname)
          : { status: 200, body: vaultBundles.policy(found) }
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

  return {
    origin: url,
    async admit(request, address) {
      const route = parseVaultRoute(request.method ?? '', address.pathname)
      const by = await callerOf(request)
      return { route, ...by, operation: by.caller === undefined ? 'challenge' : route.operation }
    },
    async answer(admitted, request, _response, address) {
      const { headers, ...rest } = await answer(admitted, request, address)
      return { ...rest, headers: { ...headers, 'x-ms-keyvault-network-info': networkInfo(request) } }
    },
    faultBody: (kind) => vaultFaultBodies[kind],
  }
}

/** From where the vault saw the request come. */
function networkInfo({ socket }: IncomingMessage): string {
  return `conn_type=Ipv4;addr=${socket.remoteAddress?.replace('::ffff:', '')};act_addr_fam=InterNetwork;`
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
