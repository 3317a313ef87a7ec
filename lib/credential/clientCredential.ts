/** What the protocol needs of a client credential, whatever stands behind it. */
import type { LogFacts } from '../base/effects.ts'
import type { SourceKind } from '../config/credentials.ts'
import type { SigningCertificate } from '../vault/certificate.ts'
import type { AssertionClaims, AssertionHeader } from './clientAssertion.ts'

/** How the client proved itself, as it may be shown: everything but the signature. */
export interface ClientProof {
  readonly method: SourceKind
  /** The certificate whose key signed, by every name that somebody may look it up under. */
  readonly certificate?: Pick<SigningCertificate, 'name' | 'version' | 'thumbprintS256' | 'thumbprintSha1'>
  /** Id of the key that signed, for a certificate: versioned in a vault, by its handle in a TPM. */
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
  /** An assertion for the token endpoint named, usually without any I/O. Throws `vault/*`, `identity/unavailable`, `tpm/*`, `pem/*`. */
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

/** One of the places where a credential can be: each passes the same suite of conformance. */
export interface CredentialSource extends ClientCredential {
  readonly kind: SourceKind
}

/** Whether an assertion is not valid by the clock as it goes now: it was dated by one that has been found to be off. */
export function isOutOfTime({ claims }: ClientProof, nowMs: number): boolean {
  return claims !== undefined && (claims.nbf * 1_000 > nowMs || claims.exp * 1_000 <= nowMs)
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
