/** The signature of a token, before anything in it is believed: RS256 only, by a key that Entra publishes. */
import { compactVerify, decodeProtectedHeader, errors, importJWK } from 'jose'
import type { ProviderKeys } from '../entra/providerKeys.ts'
import type { RefusalReason } from './refusal.ts'

const LONGEST_TOKEN = 32_768

/** Claims whose signature holds, and the issuer that the signing key belongs to where the key says so. */
export interface VerifiedToken {
  readonly claims: Readonly<Record<string, unknown>>
  readonly keyIssuer: string | undefined
}

type Verification = VerifiedToken | { readonly refused: RefusalReason }

/** Keys named or brought by the token itself (`jku`, `x5u`, `jwk`) are never looked at. Throws only if keys cannot be had. */
export async function verifyToken(token: string, keys: Pick<ProviderKeys, 'find'>): Promise<Verification> {
  const header = readHeader(token)
  if (header === undefined) return { refused: 'malformed_token' }
  if (header.alg !== 'RS256') return { refused: 'wrong_algorithm' }
  const key = await keys.find(header.kid)
  if (key === undefined) return { refused: 'unknown_key' }
  const publicKey = await importJWK({ kty: 'RSA', n: key.n, e: key.e }, 'RS256')
  try {
    const { payload } = await compactVerify(token, publicKey, { algorithms: ['RS256'] })
    const claims = readClaims(payload)
    return claims === undefined ? { refused: 'malformed_token' } : { claims, keyIssuer: key.issuer }
  } catch (fault) {
    if (fault instanceof errors.JWSSignatureVerificationFailed) return { refused: 'bad_signature' }
    if (fault instanceof errors.JOSEError) return { refused: 'malformed_token' }
    throw fault
  }
}

function readHeader(token: string) {
  if (token.length > LONGEST_TOKEN || token.split('.').length !== 3) return undefined
  try {
    return decodeProtectedHeader(token)
  } catch {
    return undefined
  }
}

function readClaims(payload: Uint8Array): VerifiedToken['claims'] | undefined {
  try {
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    const isObject = typeof claims === 'object' && claims !== null && !Array.isArray(claims)
    return isObject ? (claims as VerifiedToken['claims']) : undefined
  } catch {
    return undefined
  }
}
