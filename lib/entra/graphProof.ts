/**
 * The proof of possession with which an application adds and removes keys of its own: a JWT that names nobody but the application object,
 * signed by a key that is registered at that moment. Microsoft documents its claims, and of its header that it must not be padded; its own
 * example signs with RS256 and names the certificate by SHA-1, so that is what is sent. Whether Graph takes PS256 is documented nowhere.
 */
import { base64url } from '../base/crypto.ts'

/** Azure AD Graph, whose place Microsoft Graph took: with the id of the latter a proof is refused. */
const AUDIENCE = '00000002-0000-0000-c000-000000000000'
/** The longest that is documented, in seconds from `nbf`. */
const LIFETIME_SEC = 600
/** `nbf` is set back by this: a clock that is ahead of Graph's by less does no harm. Seconds. */
const BACKDATED_SEC = 60

/** A key that is registered now, wherever it is kept. */
export interface ProofKey {
  /** Upper-case hex SHA-1 of the registered certificate. */
  readonly thumbprintSha1: string
  /** The signature over exactly these bytes by `alg`. */
  readonly sign: (input: Uint8Array, alg: ProofAlgorithm) => Promise<Uint8Array>
  /** RS256 unless the key cannot. */
  readonly alg?: ProofAlgorithm
}

export type ProofAlgorithm = 'RS256' | 'PS256'

/** The compact JWS. `objectId`: of the application object, which is not its client id. A credential until it expires: never logged. */
export async function signProof(key: ProofKey, objectId: string, nowMs: number): Promise<string> {
  const { thumbprintSha1, sign, alg = 'RS256' } = key
  const nbf = Math.floor(nowMs / 1_000) - BACKDATED_SEC
  const x5t = base64url.encode(Buffer.from(thumbprintSha1, 'hex'))
  const header = { alg, typ: 'JWT', kid: thumbprintSha1, x5t }
  const claims = { aud: AUDIENCE, iss: objectId, nbf, exp: nbf + LIFETIME_SEC }
  const signingInput = `${segment(header)}.${segment(claims)}`
  const signature = await sign(new TextEncoder().encode(signingInput), alg)
  return `${signingInput}.${base64url.encode(signature)}`
}

function segment(value: object): string {
  return base64url.encode(new TextEncoder().encode(JSON.stringify(value)))
}
