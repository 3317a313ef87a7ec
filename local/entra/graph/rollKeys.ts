/** `addKey` and `removeKey` of an application. */
import type { Application } from '../directory/application.ts'
import { registerDer } from '../directory/registeredCertificate.ts'
import type { World } from '../world.ts'
import { GraphError } from './graphError.ts'
import { requireAllowed } from './judgeKey.ts'
import { requireProof } from './proofOfPossession.ts'
import { shownKey } from './shownApplication.ts'

/** Adds a key; a certificate that is there already gets a second entry (assumed). Throws GraphError. */
export async function addKey(
  world: World,
  application: Application,
  body: Record<string, unknown>,
): Promise<object> {
  await requireProof(world, application, body.proof)
  const { type, usage, key, displayName } = membersOf(body.keyCredential)
  if (type !== 'AsymmetricX509Cert' || usage !== 'Verify' || typeof key !== 'string')
    throw new GraphError('Request_BadRequest', 'keyCredential lacks type, usage or key.')
  const certificate = parse(key, world.now(), typeof displayName === 'string' ? displayName : undefined)
  requireAllowed(world, application, certificate)
  if (application.certificates.size >= world.switches.graph.keyLimit)
    throw new GraphError('Directory_ResourceSizeExceeded')
  application.certificates.set(certificate.keyId, certificate)
  return shownKey(certificate, false)
}

/** Takes a key away: at once for the token endpoint, and for readers when their delay has passed. Throws GraphError. */
export async function removeKey(
  world: World,
  application: Application,
  body: Record<string, unknown>,
): Promise<void> {
  await requireProof(world, application, body.proof)
  const certificate = application.certificates.get(String(body.keyId))
  // Assumed: Graph documents no answer for a key that is not there.
  if (certificate === undefined) throw new GraphError('Request_BadRequest', 'There is no such key.')
  application.certificates.delete(certificate.keyId)
  application.removedCertificates.push({ certificate, atMs: world.now() })
}

function parse(key: string, nowMs: number, displayName: string | undefined) {
  try {
    return registerDer(Buffer.from(key, 'base64'), nowMs, displayName)
  } catch (cause) {
    throw new GraphError('Request_BadRequest', `The certificate: ${cause}.`)
  }
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
