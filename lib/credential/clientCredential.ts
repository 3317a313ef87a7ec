/** What the protocol needs of a client credential, whatever stands behind it. */
import type { LogFacts } from '../base/effects.ts'
import type { SigningCertificate } from '../vault/certificate.ts'
import type { AssertionClaims, AssertionHeader } from './clientAssertion.ts'

/** How the client proved itself, as it may be shown: everything but the signature. */
export interface ClientProof {
  readonly method: 'vault' | 'managed-identity'
  /** The certificate whose key signed, by every name that somebody may look it up under. */
  readonly certificate?: Pick<SigningCertificate, 'name' | 'version' | 'thumbprintS256' | 'thumbprintSha1'>
  /** Versioned id of the key that signed, for a certificate. */
  readonly keyId?: string
  readonly header?: AssertionHeader
  readonly claims?: AssertionClaims
}

export interface ClientAssertion {
  /** The compact JWS. A bearer credential until it expires: never logged, never shown. */
  readonly jws: string
  readonly proof: ClientProof
}

export interface ClientCredential {
  /** An assertion for the token endpoint named, usually without any I/O. Throws `vault/*`, `identity/unavailable`. */
  assertionFor(tokenEndpoint: string): Promise<ClientAssertion>
  /**
   * After the authorization server refused the client with `refused`: an assertion by another certificate version that is valid, made
   * once however many ask; undefined where there is none, or none in time. Never throws.
   */
  alternativeTo(refused: ClientAssertion, tokenEndpoint: string): Promise<ClientAssertion | undefined>
  /**
   * Has the client prove itself anew, for nobody: a key that was disabled shows in a signature and nowhere else. Throws a fault that stays
   * until somebody acts; one that may pass only where no usable assertion is left.
   */
  check(tokenEndpoint: string): Promise<void>
  /** Gets an assertion ready in the background; never throws. */
  warm(tokenEndpoint: string): void
}

/** What a log line says of a proof: enough to find the certificate in the vault and among those that are registered. */
export function proofFacts({ method, keyId, certificate, claims }: ClientProof): LogFacts {
  if (certificate === undefined) return { credential: method }
  const { name, version, thumbprintS256, thumbprintSha1 } = certificate
  return {
    credential: method,
    certificate: name,
    certificateVersion: version,
    thumbprintS256,
    thumbprintSha1,
    keyId,
    jti: claims?.jti,
  }
}
