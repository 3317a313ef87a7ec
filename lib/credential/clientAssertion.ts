/**
 * The client assertion (RFC 7523 section 3) in the profile that Entra documents: pure, so that every byte of header and claims is
 * decided here and the signature comes from wherever the key lives.
 */
import { base64url } from '../base/crypto.ts'

/** `client_assertion_type` of a JWT (RFC 7523 section 2.2). */
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
/** How long an assertion is valid, in seconds: the longest that Entra's profile recommends. */
export const LIFETIME_SEC = 600

export interface AssertionHeader {
  readonly alg: 'PS256'
  readonly typ: 'JWT'
  readonly 'x5t#S256': string
}

/** RFC 7523 section 3; times in seconds since the epoch. */
export interface AssertionClaims {
  readonly aud: string
  readonly iss: string
  readonly sub: string
  readonly jti: string
  readonly nbf: number
  readonly iat: number
  readonly exp: number
}

export interface UnsignedAssertion {
  readonly header: AssertionHeader
  readonly claims: AssertionClaims
  /** The ASCII bytes that get signed (RFC 7515 section 5.1). */
  readonly signingInput: Uint8Array
}

interface AssertionInput {
  readonly clientId: string
  /** The token endpoint that the assertion is posted to, byte for byte. */
  readonly audience: string
  readonly thumbprintS256: string
  readonly jti: string
  readonly nowMs: number
}

export function buildAssertion({
  clientId,
  audience,
  thumbprintS256,
  jti,
  nowMs,
}: AssertionInput): UnsignedAssertion {
  const iat = Math.floor(nowMs / 1_000)
  const header: AssertionHeader = { alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprintS256 }
  const claims: AssertionClaims = {
    aud: audience,
    iss: clientId,
    sub: clientId,
    jti,
    nbf: iat,
    iat,
    exp: iat + LIFETIME_SEC,
  }
  return { header, claims, signingInput: new TextEncoder().encode(`${segment(header)}.${segment(claims)}`) }
}

/** The compact JWS of an assertion and its signature. */
export function serializeAssertion({ signingInput }: UnsignedAssertion, signature: Uint8Array): string {
  return `${new TextDecoder().decode(signingInput)}.${base64url.encode(signature)}`
}

/** Puts the client and its assertion into a token request (RFC 7521 section 4.2). */
export function setClientAssertion(body: URLSearchParams, clientId: string, jws: string): void {
  body.set('client_id', clientId)
  body.set('client_assertion_type', ASSERTION_TYPE)
  body.set('client_assertion', jws)
}

function segment(value: object): string {
  return base64url.encode(new TextEncoder().encode(JSON.stringify(value)))
}
