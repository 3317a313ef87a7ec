/*
 * ID tokens as no client may accept them, by name. Names follow the relying-party modules of the OpenID Foundation's
 * conformance suite (oidcc-client-test-*, fapi2-*-client-test-*) and add what only Entra has. A few flaws are none:
 * `aud-as-array` and `kid-absent` (with one key published) must be accepted.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { CompactSign } from 'jose'
import type { SigningKey, SigningKeys } from '../signingKeys.ts'

type Claims = Record<string, unknown>
/** What of the world an ID token is made with. */
type Issuing = { readonly origin: string; readonly now: () => number; readonly signingKeys: SigningKeys }
type Bend = (claims: Claims, world: Issuing) => Claims

const anHour = 3600
const aWeek = 7 * 24 * anHour
const someoneElse = '6f1c0a3e-2b4d-4c5e-8f60-718293a4b5c6'

const claimFlaws = {
  'invalid-iss': (claims) => ({ ...claims, iss: 'https://issuer.invalid/v2.0' }),
  'trailing-slash-iss': (claims) => ({ ...claims, iss: `${claims.iss}/` }),
  'v1-iss': (claims, world) => ({ ...claims, iss: `${world.origin}/${claims.tid}/` }),
  'other-tenant-iss': (claims, world) => ({ ...claims, iss: `${world.origin}/${someoneElse}/v2.0` }),
  /** `iss` and `tid` agree with each other, and not with the tenant asked. */
  'other-tenant': (claims, world) => ({
    ...claims,
    iss: `${world.origin}/${someoneElse}/v2.0`,
    tid: someoneElse,
  }),
  'missing-iss': without('iss'),
  'missing-sub': without('sub'),
  'empty-sub': (claims) => ({ ...claims, sub: '' }),
  'long-sub': (claims) => ({ ...claims, sub: 's'.repeat(256) }),
  'invalid-aud': (claims) => ({ ...claims, aud: someoneElse }),
  'missing-aud': without('aud'),
  'aud-as-array': (claims) => ({ ...claims, aud: [claims.aud] }),
  'invalid-secondary-aud': (claims) => ({ ...claims, aud: [claims.aud, someoneElse] }),
  'secondary-aud-with-azp': (claims) => ({ ...claims, aud: [claims.aud, someoneElse], azp: claims.aud }),
  'invalid-azp': (claims) => ({ ...claims, azp: someoneElse }),
  'missing-iat': without('iat'),
  'iat-is-week-in-past': (claims) => ({ ...claims, iat: Number(claims.iat) - aWeek }),
  'iat-in-future': (claims, world) => ({ ...claims, iat: nowSec(world) + anHour }),
  'nbf-in-future': (claims, world) => ({ ...claims, nbf: nowSec(world) + anHour }),
  'missing-exp': without('exp'),
  'expired-exp': (claims, world) => ({ ...claims, exp: nowSec(world) - 301 }),
  'exp-as-string': (claims) => ({ ...claims, exp: String(claims.exp) }),
  'nonce-invalid': (claims) => ({ ...claims, nonce: `${claims.nonce}x` }),
  'missing-nonce': without('nonce'),
  'invalid-tid': (claims) => ({ ...claims, tid: someoneElse }),
  'missing-tid': without('tid'),
  'missing-oid': without('oid'),
  'ver-1.0': (claims) => ({ ...claims, ver: '1.0' }),
  'invalid-athash': (claims) => ({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
  'invalid-chash': (claims) => ({ ...claims, c_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
} as const satisfies Record<string, Bend>

const signatureFlaws = {
  'kid-absent': (claims, world) => sign(claims, world.signingKeys.current(), { kid: undefined }),
  'kid-unknown': async (claims, world) => sign(claims, await world.signingKeys.unpublished()),
  /** The header names our key; another made the signature. */
  'invalid-sig-rs256': async (claims, world) =>
    sign(claims, await world.signingKeys.unpublished(), { kid: world.signingKeys.current().kid }),
  'signature-stripped': async (claims, world) =>
    (await sign(claims, world.signingKeys.current())).replace(/[^.]*$/, ''),
  'sig-none': async (claims, world) =>
    `${encode({ typ: 'JWT', alg: 'none', kid: world.signingKeys.current().kid })}.${encode(claims)}.`,
  /** HMAC with the published key as the secret: what a verifier that trusts `alg` falls for. */
  'invalid-sig-hs256': (claims, world) => {
    const { kid, publicKey } = world.signingKeys.current()
    const secret = Buffer.from(publicKey.export({ format: 'pem', type: 'spki' }))
    return signWith(claims, { alg: 'HS256', kid }, secret)
  },
  'invalid-sig-es256': (claims, world) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return signWith(claims, { alg: 'ES256', kid: world.signingKeys.current().kid }, privateKey)
  },
  /** A good signature by the right key, in an algorithm Entra does not use for ID tokens. */
  'alternate-alg': (claims, world) => sign(claims, world.signingKeys.current(), { alg: 'PS256' }),
  /** A published key, whose own `issuer` member is another tenant's. */
  'foreign-tenant-key': async (claims, world) => sign(claims, await world.signingKeys.foreign()),
} as const satisfies Record<string, (claims: Claims, world: Issuing) => Promise<string>>

/** The name of one way for an ID token to be wrong. */
export type IdTokenFlaw = keyof typeof claimFlaws | keyof typeof signatureFlaws

/** All of them, for tests that go through the list. */
export const idTokenFlaws = [...Object.keys(claimFlaws), ...Object.keys(signatureFlaws)] as IdTokenFlaw[]

/** Signs the claims, with the flaw built in; without one, honestly. */
export async function bend(world: Issuing, claims: Claims, flaw: IdTokenFlaw | undefined): Promise<string> {
  if (flaw === undefined) return sign(claims, world.signingKeys.current())
  if (flaw in signatureFlaws) return signatureFlaws[flaw as keyof typeof signatureFlaws](claims, world)
  const bent = claimFlaws[flaw as keyof typeof claimFlaws](claims, world)
  return sign(bent, world.signingKeys.current())
}

function sign(
  claims: Claims,
  key: SigningKey,
  header: { alg?: string; kid?: string | undefined } = {},
): Promise<string> {
  const { alg = 'RS256' } = header
  return signWith(
    claims,
    { alg, ...('kid' in header ? { kid: header.kid } : { kid: key.kid }) },
    key.privateKey,
  )
}

async function signWith(
  claims: Claims,
  { alg, kid }: { alg: string; kid: string | undefined },
  key: KeyObject | Uint8Array,
): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ typ: 'JWT', alg, ...(kid === undefined ? {} : { kid }) })
    .sign(key)
}

function without(name: string): Bend {
  return ({ [name]: _removed, ...others }) => others
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function nowSec(world: Issuing): number {
  return Math.floor(world.now() / 1000)
}
