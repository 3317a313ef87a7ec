/**
 * A browser's signed answer (Device Bound Session Credentials, "DBSC Proof JWT Syntax"): `typ` is `dbsc+jwt`, ES256 or RS256, and the payload
 * says in `jti` which challenge it answers. At the registration the header brings the public key, afterwards only the registered one counts.
 * No I/O; the signature is judged by `jose`.
 */
import { compactVerify, decodeProtectedHeader, importJWK, type JWK } from 'jose'
import type { DeviceKey } from '../session/binding.ts'

/** Characters of an answer; one with an RSA key of 4,096 bits has under two thousand. */
const LONGEST_PROOF = 4_096
/** The answer is a structured string (RFC 9651 section 3.3.3), whose parameters mean nothing. Chromium sends it without the quotes. */
const HEADER = /^[ \t]*(?:"([\w.-]*)"|([\w.-]*))[ \t]*(?:;.*)?$/

/** What is wrong with an answer, from outside in. */
export type ProofFlaw = 'size' | 'form' | 'type' | 'algorithm' | 'key' | 'signature' | 'payload'

/** What a signature that holds was made over, and with which key. */
export interface Proven {
  readonly key: DeviceKey
  readonly challenge: string
}

type Judged = Proven | { readonly flaw: ProofFlaw }

/** The answer to an offer: signed with the key that it brings. */
export async function judgeRegistration(header: string): Promise<Judged> {
  const proof = readProof(header)
  if ('flaw' in proof) return proof
  const key = deviceKeyOf(proof.jwk)
  return key === undefined ? { flaw: 'key' } : verify(proof, key)
}

/** The answer to a challenge: signed with the registered key, whatever key it brings. */
export async function judgeRefresh(header: string, key: DeviceKey): Promise<Judged> {
  const proof = readProof(header)
  return 'flaw' in proof ? proof : verify(proof, key)
}

/** What stands in a structured string, or in one that lost its quotes. */
export function stringItem(header: string): string | undefined {
  const [, quoted, bare] = HEADER.exec(header) ?? []
  return quoted ?? bare
}

interface ReadProof {
  readonly jws: string
  readonly alg: 'ES256' | 'RS256'
  readonly jwk: unknown
}

function readProof(header: string): ReadProof | { readonly flaw: ProofFlaw } {
  if (header.length > LONGEST_PROOF) return { flaw: 'size' }
  const jws = stringItem(header)
  const protectedHeader = jws === undefined ? undefined : headerOf(jws)
  if (jws === undefined || protectedHeader === undefined) return { flaw: 'form' }
  const { alg, typ, jwk } = protectedHeader
  // We understand no extension that an answer could call critical; unencoded content is one, and no JWT may have it (RFC 7797 section 7).
  if (Object.hasOwn(protectedHeader, 'crit') || Object.hasOwn(protectedHeader, 'b64')) return { flaw: 'form' }
  if (typ !== 'dbsc+jwt') return { flaw: 'type' }
  return alg === 'ES256' || alg === 'RS256' ? { jws, alg, jwk } : { flaw: 'algorithm' }
}

async function verify({ jws, alg }: ReadProof, key: DeviceKey): Promise<Judged> {
  // The kind of the key decides: an answer does not choose how it is judged (RFC 8725 section 3.1).
  if (alg !== algorithmOf(key)) return { flaw: 'algorithm' }
  const publicKey = await importJWK({ ...key }, alg).catch(() => undefined)
  if (publicKey === undefined) return { flaw: 'key' }
  try {
    const { payload } = await compactVerify(jws, publicKey, { algorithms: [alg] })
    const challenge = challengeIn(payload)
    return challenge === undefined ? { flaw: 'payload' } : { key, challenge }
  } catch {
    return { flaw: 'signature' }
  }
}

function algorithmOf({ kty }: DeviceKey): 'ES256' | 'RS256' {
  return kty === 'EC' ? 'ES256' : 'RS256'
}

function headerOf(jws: string) {
  if (jws.split('.').length !== 3) return undefined
  try {
    return decodeProtectedHeader(jws)
  } catch {
    return undefined
  }
}

/** The public members of a key and no other; undefined where it is no public key of a kind that is asked for. */
function deviceKeyOf(jwk: unknown): DeviceKey | undefined {
  if (typeof jwk !== 'object' || jwk === null || 'd' in jwk) return undefined
  const { kty, crv, x, y, n, e } = jwk as JWK
  if (kty === 'EC' && crv === 'P-256' && typeof x === 'string' && typeof y === 'string')
    return { kty: 'EC', crv: 'P-256', x, y }
  return kty === 'RSA' && typeof n === 'string' && typeof e === 'string' ? { kty: 'RSA', n, e } : undefined
}

function challengeIn(payload: Uint8Array): string | undefined {
  try {
    const { jti } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)) ?? {}
    return typeof jti === 'string' ? jti : undefined
  } catch {
    return undefined
  }
}
