import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import type { JWK } from 'jose'
import { createSigningCertificate } from '../pki.ts'

/** One key of the token service. `kid` is the SHA-1 thumbprint of its certificate and the `x5t` of v1 tokens, as at Entra. */
export type SigningKey = {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** Published form; without `alg`, which Entra does not publish. */
  readonly jwk: JWK
}

/** The keys tokens are signed with. Two are always published: the one in use and the next. */
export type SigningKeys = {
  current(): SigningKey
  /** Every key published as this issuer's own, the current one first. */
  published(): readonly SigningKey[]
  /** The next key takes over. The old one stays published unless `withdraw` is set. */
  rotate(options?: { withdraw?: boolean }): Promise<void>
  /** A key published under another tenant's issuer; made and published on first use. */
  foreign(): Promise<SigningKey>
  publishedForeign(): SigningKey | undefined
  /** The key that claims mapping gave this application, published for it alone; made on first use. */
  ofApplication(clientId: string): Promise<SigningKey>
  /** A key that nobody ever publishes. */
  unpublished(): Promise<SigningKey>
}

const certificateLifetimeMs = 5 * 365 * 24 * 3600 * 1000

/** Makes the first keys: 2048-bit RSA with a certificate each, valid from `now` (milliseconds). */
export async function createSigningKeys(now: () => number): Promise<SigningKeys> {
  const createKey = () => createKeyAt(now())
  let keys: [SigningKey, ...SigningKey[]] = [await createKey(), await createKey()]
  let foreign: SigningKey | undefined
  let unpublished: SigningKey | undefined
  const ofApplications = new Map<string, Promise<SigningKey>>()
  return {
    current: () => keys[0],
    published: () => keys,
    async rotate({ withdraw = false } = {}) {
      const [old, next = await createKey(), ...others] = keys
      keys = [next, await createKey(), ...others, ...(withdraw ? [] : [old])]
    },
    async foreign() {
      foreign ??= await createKey()
      return foreign
    },
    publishedForeign: () => foreign,
    ofApplication(clientId) {
      const key = ofApplications.get(clientId) ?? createKey()
      ofApplications.set(clientId, key)
      return key
    },
    async unpublished() {
      unpublished ??= await createKey()
      return unpublished
    },
  }
}

async function createKeyAt(nowMs: number): Promise<SigningKey> {
  const { der, privateKey, publicJwk } = await createSigningCertificate({
    subject: 'CN=accounts.stand-in.example',
    notBefore: new Date(nowMs),
    notAfter: new Date(nowMs + certificateLifetimeMs),
  })
  const kid = createHash('sha1').update(der).digest('base64url')
  const { n = '', e = '' } = publicJwk
  const jwk = { kty: 'RSA', use: 'sig', kid, x5t: kid, n, e, x5c: [der.toString('base64')] }
  return { kid, privateKey, publicKey: createPublicKey(privateKey), jwk }
}
