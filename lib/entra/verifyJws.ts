/** The signature of a token, before anything in it is believed: RS256 only, by a key that the provider publishes. */
import { compactVerify, decodeProtectedHeader, errors, importJWK } from 'jose'
import type { ProviderKey, ProviderKeys } from './providerKeys.ts'

const LONGEST_TOKEN = 65_536

/** Claims whose signature holds, and the issuer that the signing key belongs to where the key says so. */
export interface VerifiedClaims {
  readonly claims: Readonly<Record<string, unknown>>
  readonly keyIssuer: string | undefined
}

/** What is wrong with a token, from outside in. */
export type JwsFlaw = 'size' | 'form' | 'algorithm' | 'key' | 'signature' | 'payload'

/**
 * Keys that the token itself names or brings (`jku`, `x5u`, `jwk`) are never looked at (RFC 8725 section 3.10), and no extension is understood
 * that a token calls critical: `b64` above all, which no JWT may have (RFC 7797 section 7). Throws only if keys cannot be had.
 */
export async function verifyJws(
  token: string,
  keys: Pick<ProviderKeys, 'find'>,
): Promise<VerifiedClaims | { readonly flaw: JwsFlaw }> {
  if (token.length > LONGEST_TOKEN) return { flaw: 'size' }
  const header = readHeader(token)
  if (header === undefined) return { flaw: 'form' }
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) return { flaw: 'form' }
  if (header.alg !== 'RS256') return { flaw: 'algorithm' }
  const key = await keys.find(header.kid)
  if (key === undefined) return { flaw: 'key' }
  try {
    const { payload } = await compactVerify(token, await publicKeyOf(key), { algorithms: ['RS256'] })
    const claims = readClaims(payload)
    return claims === undefined ? { flaw: 'payload' } : { claims, keyIssuer: key.issuer }
  } catch (fault) {
    return { flaw: fault instanceof errors.JWSInvalid ? 'form' : 'signature' }
  }
}

type PublicKey = Awaited<ReturnType<typeof importJWK>>

/** Importing a key costs about as much as using it, and it stays the same as long as its JWK is held. */
const imported = new WeakMap<ProviderKey, PublicKey>()

async function publicKeyOf(key: ProviderKey): Promise<PublicKey> {
  const known = imported.get(key)
  if (known !== undefined) return known
  const publicKey = await importJWK({ kty: 'RSA', n: key.n, e: key.e }, 'RS256')
  imported.set(key, publicKey)
  return publicKey
}

function readHeader(token: string) {
  if (token.split('.').length !== 3) return undefined
  try {
    return decodeProtectedHeader(token)
  } catch {
    return undefined
  }
}

function readClaims(payload: Uint8Array): VerifiedClaims['claims'] | undefined {
  try {
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    const isObject = typeof claims === 'object' && claims !== null && !Array.isArray(claims)
    return isObject ? (claims as VerifiedClaims['claims']) : undefined
  } catch {
    return undefined
  }
}
