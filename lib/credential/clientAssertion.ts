/**
 * The client assertion (RFC 7523 section 3) in either profile: pure, so that every byte of header and claims is decided here and the
 * signature comes from wherever the key lives.
 */
import { base64url } from '../base/crypto.ts'
import type { SigningAlgorithm, SigningCertificate } from '../vault/certificate.ts'
import type { AssertionProfile } from './assertionProfile.ts'

/** `client_assertion_type` of a JWT (RFC 7523 section 2.2). */
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
/** How far an assertion is valid before it was signed, in seconds: for a server whose clock is behind ours. */
export const CLOCK_TOLERANCE_SEC = 60

export interface AssertionHeader {
  readonly alg: SigningAlgorithm
  readonly typ: AssertionProfile['typ']
  /** With PS256. */
  readonly 'x5t#S256'?: string
  /** With RS256, as Entra takes it from older clients. */
  readonly x5t?: string
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
  readonly tokenEndpoint: string
  readonly profile: AssertionProfile
  readonly certificate: Pick<SigningCertificate, 'thumbprintS256' | 'thumbprintSha1' | 'algorithm'>
  readonly jti: string
  readonly nowMs: number
}

export function buildAssertion({
  clientId,
  tokenEndpoint,
  profile,
  certificate,
  jti,
  nowMs,
}: AssertionInput): UnsignedAssertion {
  const iat = Math.floor(nowMs / 1_000)
  const header = headerFor(certificate, profile)
  const claims: AssertionClaims = {
    aud: profile.audienceAt(tokenEndpoint),
    iss: clientId,
    sub: clientId,
    jti,
    nbf: iat - CLOCK_TOLERANCE_SEC,
    iat,
    exp: iat + profile.lifetimeSec,
  }
  return { header, claims, signingInput: new TextEncoder().encode(`${segment(header)}.${segment(claims)}`) }
}

function headerFor(
  { thumbprintS256, thumbprintSha1, algorithm: alg = 'PS256' }: AssertionInput['certificate'],
  { typ }: AssertionProfile,
): AssertionHeader {
  if (alg === 'PS256') return { alg, typ, 'x5t#S256': thumbprintS256 }
  return { alg, typ, x5t: Buffer.from(thumbprintSha1, 'hex').toString('base64url') }
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
