/** What the protocol needs of a client credential, whatever stands behind it. */
import type { AssertionClaims, AssertionHeader } from './clientAssertion.ts'

/** How the client proved itself, as it may be shown: everything but the signature. */
export interface ClientProof {
  readonly method: 'vault' | 'managed-identity'
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
  /** An assertion for the token endpoint named, usually without any I/O. Throws `vault/*`. */
  assertionFor(tokenEndpoint: string): Promise<ClientAssertion>
  /** Gets an assertion ready in the background; never throws. */
  warm(tokenEndpoint: string): void
  /** Forgets what was cached, after the authorization server refused the client. */
  discard(): void
}
