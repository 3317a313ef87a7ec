/*
 * The proof with which an application rolls its keys (microsoft-graph-docs: application-addkey, application-rollkey-prooftoken): signed by
 * one of its valid certificates, `aud` Azure AD Graph, `iss` the object id, ten minutes at most, and no padding. Documented is the
 * signature of one example alone, RS256; a switch takes PS256 as well.
 */
import { compactVerify } from 'jose'
import type { Application } from '../directory/application.ts'
import type { RegisteredCertificate } from '../directory/registeredCertificate.ts'
import { noteSignature } from '../signatures.ts'
import { clockToleranceSeconds, readAssertion, readSeconds } from '../token/assertion.ts'
import type { World } from '../world.ts'
import { GraphError } from './graphError.ts'

const audience = '00000002-0000-0000-c000-000000000000'
const longestSeconds = 600

/** Verifies a proof for that application, or throws Authentication_MissingOrMalformed, whatever is wrong with it. */
export async function requireProof(world: World, application: Application, proof: unknown): Promise<void> {
  const seen: { thumbprint?: string | undefined } = {}
  const flaw = await flawIn(world, application, proof, seen).catch(() => 'it cannot be read')
  noteSignature(world, {
    purpose: 'proof',
    clientId: application.clientId,
    thumbprint: seen.thumbprint,
    refusal: flaw,
  })
  if (flaw !== undefined) throw new GraphError('Authentication_MissingOrMalformed', `The proof: ${flaw}.`)
}

async function flawIn(
  world: World,
  application: Application,
  proof: unknown,
  seen: { thumbprint?: string | undefined },
): Promise<string | undefined> {
  if (typeof proof !== 'string') return 'there is none'
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(proof)) return 'it is padded, or no JWS'
  const { header, claims } = readAssertion(proof)
  const certificate = certificateNamed(application, header.x5t, header.kid)
  seen.thumbprint = certificate?.thumbprintS256
  if (certificate === undefined) return 'no registered key has this thumbprint'
  const algorithms = ['RS256', ...(world.switches.graph.acceptsPs256 ? ['PS256'] : [])]
  const isSigned = await compactVerify(proof, certificate.publicKey, { algorithms }).then(
    () => true,
    () => false,
  )
  if (!isSigned) return 'the signature is another'
  const nowMs = world.now()
  if (nowMs < certificate.notBeforeMs || nowMs >= certificate.notAfterMs)
    return 'the certificate is out of time'
  if (claims.aud !== audience) return 'aud is another'
  if (claims.iss !== application.objectId) return 'iss is not the object id'
  return flawInTime(readSeconds(claims.nbf), readSeconds(claims.exp), nowMs / 1000)
}

/** `kid` is the SHA-1 thumbprint in hexadecimal, `x5t` in base64url; one of them is enough. */
function certificateNamed(
  { certificates }: Application,
  x5t: unknown,
  kid: unknown,
): RegisteredCertificate | undefined {
  return [...certificates.values()].find(
    ({ thumbprintSha1 }) =>
      thumbprintSha1 === x5t ||
      Buffer.from(thumbprintSha1, 'base64url').toString('hex').toUpperCase() === kid,
  )
}

function flawInTime(nbf: number | undefined, exp: number | undefined, nowSec: number): string | undefined {
  if (exp === undefined || nbf === undefined) return 'nbf or exp is not there'
  if (exp + clockToleranceSeconds <= nowSec) return 'it has expired'
  if (nbf - clockToleranceSeconds > nowSec) return 'it is not valid yet'
  return exp - nbf > longestSeconds ? 'it lives for more than ten minutes' : undefined
}
