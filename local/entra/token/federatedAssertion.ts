import { createLocalJWKSet, errors, jwtVerify } from 'jose'
import { AadstsError } from '../aadsts.ts'
import type { Application } from '../directory/application.ts'
import { type Assertion, clockToleranceSeconds } from './assertion.ts'

/**
 * Verifies a token of another issuer against the application's federated credentials (workload identity federation).
 * Issuer, subject and audience must match one entry, case and all. Throws AADSTS700211, 700213 or 700212 for those,
 * 700024 for the time, 7000274 for the signature.
 */
export async function verifyFederatedAssertion(
  application: Application,
  assertion: Assertion,
  nowMs: number,
): Promise<void> {
  const { iss, sub, aud } = assertion.claims
  const ofIssuer = application.federatedCredentials.filter((credential) => credential.issuer === iss)
  if (ofIssuer.length === 0) throw new AadstsError(700211, `Issuer '${String(iss)}'.`)
  const ofSubject = ofIssuer.filter((credential) => credential.subject === sub)
  if (ofSubject.length === 0) throw new AadstsError(700213, `Subject '${String(sub)}'.`)
  const credential = ofSubject.find(({ audience }) => audience === aud)
  if (!credential) throw new AadstsError(700212, `Audience '${String(aud)}'.`)

  try {
    await jwtVerify(assertion.compact, createLocalJWKSet(credential.jwks), {
      currentDate: new Date(nowMs),
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp'],
      algorithms: ['RS256'],
    })
  } catch (error) {
    const isTime = error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed
    throw new AadstsError(isTime ? 700024 : 7000274)
  }
}
