/*
 * The proof this project is about: a client assertion signed with a registered certificate's key. Verified as Entra
 * documents it (certificate-credentials): PS256 with x5t#S256, or the older RS256 with either thumbprint.
 */
import { compactVerify } from 'jose'
import { AadstsError } from '../aadsts.ts'
import type { Application } from '../directory/application.ts'
import type { RegisteredCertificate } from '../directory/registeredCertificate.ts'
import { type Exchange, note } from '../wire/exchange.ts'
import type { World } from '../world.ts'
import { type Assertion, readSeconds, requireWithinTime } from './assertion.ts'

/** Verifies the assertion against the application's certificates, or throws what Entra would answer. */
export async function verifyCertificateAssertion(
  world: World,
  exchange: Exchange,
  application: Application,
  assertion: Assertion,
): Promise<void> {
  const { header, claims } = assertion
  if (header.alg !== 'PS256' && header.alg !== 'RS256') {
    throw new AadstsError(5002730, `Algorithm '${String(header.alg)}'.`)
  }
  if (header.typ !== 'JWT') throw new AadstsError(50027, "The header lacks typ 'JWT'.")

  const certificate = findCertificate(world, application, assertion)
  await compactVerify(assertion.compact, certificate.publicKey, { algorithms: [header.alg] }).catch(() => {
    throw new AadstsError(7000274, `Thumbprint of key: '${certificate.thumbprintS256}'.`)
  })
  const nowMs = world.now()
  if (nowMs < certificate.notBeforeMs || nowMs >= certificate.notAfterMs) throw new AadstsError(1000502)

  if (claims.aud !== exchange.url) {
    throw new AadstsError(700023, `Audience '${JSON.stringify(claims.aud)}', expected '${exchange.url}'.`)
  }
  if (claims.sub !== claims.iss) throw new AadstsError(50048)
  if (claims.iss !== application.clientId) throw new AadstsError(700021, `Issuer '${String(claims.iss)}'.`)
  requireWithinTime(assertion, nowMs)
  if (typeof claims.jti !== 'string' || claims.jti === '') throw new AadstsError(50027, 'There is no jti.')

  noteUse(world, exchange, assertion, claims.jti)
}

function findCertificate(
  world: World,
  application: Application,
  { header }: Assertion,
): RegisteredCertificate {
  const bySha256 = header['x5t#S256']
  const bySha1 = header.alg === 'RS256' && bySha256 === undefined ? header.x5t : undefined
  const propagated = world.now() - world.switches.clientAuthentication.propagationMs
  const certificate = [...application.certificates.values()].find(
    (candidate) =>
      candidate.registeredAtMs <= propagated &&
      (candidate.thumbprintS256 === bySha256 || candidate.thumbprintSha1 === bySha1),
  )
  if (!certificate) {
    throw new AadstsError(
      700027,
      `[Reason - The key was not found., Thumbprint of key used by client: '${String(bySha256 ?? bySha1)}']`,
    )
  }
  return certificate
}

/** Entra is not known to refuse a second use of one assertion; the log tells, and a switch refuses. */
function noteUse(world: World, exchange: Exchange, { claims }: Assertion, jti: string): void {
  const isReused = world.seenAssertions.has(jti)
  world.seenAssertions.add(jti)
  const exp = readSeconds(claims.exp) ?? 0
  const from = readSeconds(claims.nbf ?? claims.iat)
  note(exchange, { assertionReused: isReused, assertionLifetimeSeconds: from && exp - from })
  if (isReused && world.switches.clientAuthentication.refuseReusedJti) {
    throw new AadstsError(50027, 'The jti was used before.')
  }
}
