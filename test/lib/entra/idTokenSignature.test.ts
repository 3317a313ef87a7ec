import { createHmac, createPublicKey } from 'node:crypto'
import fc from 'fast-check'
import type { JWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { OTHER_TENANT } from '../../support/configOf.ts'
import { faultOf } from '../../support/faultOf.ts'
import {
  brokenRule,
  CLAIMS,
  ISSUER,
  newSigner,
  OID,
  type Signer,
  segment,
  verifierOf,
} from '../../support/idTokens.ts'

let key: Signer
let otherKey: Signer
beforeAll(async () => {
  ;[key, otherKey] = await Promise.all([newSigner(), newSigner()])
})

/** A verifier whose provider publishes `key`. */
const verifier = () => verifierOf({ ...key.publicJwk, kid: 'k1', use: 'sig' })

describe('the signature', () => {
  // A dot would end a payload that stands in the token as it is.
  const unencoded = (): string =>
    key.sign(Buffer.from(JSON.stringify(CLAIMS).replaceAll('.', '\\u002e')), { crit: ['b64'], b64: false })
  const strip = (token: string): string => token.slice(0, token.lastIndexOf('.') + 1)

  it.each<[string, () => string]>([
    ['made by another key of the same id', () => otherKey.idToken({}, {})],
    ['missing', () => strip(key.idToken())],
    ['missing, with alg none', () => strip(key.idToken({}, { alg: 'none' }))],
    ['of alg none but there', () => key.idToken({}, { alg: 'none' })],
    ['of alg NONE', () => strip(key.idToken({}, { alg: 'NONE' }))],
    ['of no alg', () => key.idToken({}, { alg: undefined })],
    ['of an empty alg', () => key.idToken({}, { alg: '' })],
    ['of alg rs256 in small letters', () => key.idToken({}, { alg: 'rs256' })],
    ['of alg RS512', () => key.idToken({}, { alg: 'RS512' })],
    ['of alg PS256', () => key.idToken({}, { alg: 'PS256' })],
    ['of alg ES256', () => key.idToken({}, { alg: 'ES256' })],
    ['of alg list', () => key.idToken({}, { alg: ['RS256'] })],
    ['with a critical header', () => key.idToken({}, { crit: ['exp'], exp: 1 })],
    ['with an empty list of critical headers', () => key.idToken({}, { crit: [] })],
    ['with unencoded content', unencoded],
    ['with content that says it is unencoded', () => key.idToken({}, { b64: false })],
    ['with content that says it is encoded', () => key.idToken({}, { crit: ['b64'], b64: true })],
    ['cut short', () => key.idToken().slice(0, -8)],
    [
      'moved from another token',
      () => strip(key.idToken({ oid: 'someone else' })) + key.idToken().split('.')[2],
    ],
  ])('%s is refused', async (_name, token) => {
    expect(await brokenRule(() => verifier().verify(token()))).toBe('signature')
  })

  it.each(['PEM', 'DER', 'modulus', 'nothing'])(
    'by HMAC with the public key as secret (%s) is refused',
    async (form) => {
      const publicKey = createPublicKey({ key: key.publicJwk as JWK & { kty: string }, format: 'jwk' })
      const secrets: Record<string, string | Buffer> = {
        PEM: publicKey.export({ type: 'spki', format: 'pem' }),
        DER: publicKey.export({ type: 'spki', format: 'der' }),
        modulus: Buffer.from(key.publicJwk.n ?? '', 'base64url'),
        nothing: '',
      }
      const input = `${segment({ alg: 'HS256', kid: 'k1' })}.${segment(CLAIMS)}`
      const mac = createHmac('sha256', secrets[form] ?? '')
        .update(input)
        .digest('base64url')

      expect(await brokenRule(() => verifier().verify(`${input}.${mac}`))).toBe('signature')
    },
  )

  it('is refused with any one byte of the token changed', async () => {
    const token = key.idToken()
    const { verify } = verifier()
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: token.length - 3 }),
        fc.constantFrom('A', '.', '_', '~'),
        async (at, by) => {
          fc.pre(token[at] !== by)
          const changed = token.slice(0, at) + by + token.slice(at + 1)
          expect(['signature', 'kid']).toContain(await brokenRule(() => verify(changed)))
        },
      ),
      { numRuns: 60 },
    )
  })

  it.each(['', '.', '..', 'a.b', 'a.b.c.d.e', '{}', 'null', 'ÿ.ÿ.ÿ', ' '])(
    'of %j, which is no JWS, is refused',
    async (text) => {
      expect(await brokenRule(() => verifier().verify(text))).toBe('signature')
    },
  )

  it.each([2, 4])('of %i parts is none, and no key is looked for', async (parts) => {
    const { verify, provider } = verifier()
    const token = `${key.idToken()}.more`.split('.').slice(0, parts).join('.')

    expect(await brokenRule(() => verify(token))).toBe('signature')
    expect(provider.requests).toEqual([])
  })

  it('is judged before anything the token says', async () => {
    const { verify } = verifier()
    const wrongInEveryWay = { iss: 'https://evil.example', aud: 'other', exp: 1, tid: OTHER_TENANT }

    expect(await brokenRule(() => verify(otherKey.idToken(wrongInEveryWay, {})))).toBe('signature')
  })
})

describe('the key', () => {
  it('that is unknown is refused', async () => {
    expect(await brokenRule(() => verifier().verify(key.idToken({}, { kid: 'k9' })))).toBe('kid')
  })

  it('that is not named is refused where the provider has several (kid-absent-multiple-jwks)', async () => {
    const { verify } = verifierOf({ ...key.publicJwk, kid: 'k1' }, { ...otherKey.publicJwk, kid: 'k2' })

    expect(await brokenRule(() => verify(key.idToken({}, { kid: undefined })))).toBe('kid')
  })

  it('that the token brings along is ignored, and nothing is fetched for it', async () => {
    const { verify, provider } = verifier()
    const brought = {
      jwk: otherKey.publicJwk,
      jku: 'https://evil.example/keys',
      x5u: 'https://evil.example/certificate',
      x5c: ['AAAA'],
    }

    expect(await brokenRule(() => verify(otherKey.idToken({}, brought)))).toBe('signature')
    expect(await brokenRule(() => verify(otherKey.idToken({}, { ...brought, kid: undefined })))).toBe(
      'signature',
    )
    expect(provider.requests.filter((url) => url.includes('evil'))).toEqual([])
  })

  it.each([
    ['too short', { n: 'AQAB', e: 'AQAB' }],
    ['empty', { n: '', e: '' }],
    ['no base64url', { n: '!', e: '!' }],
  ])('that is %s refuses the token and is no bug of ours', async (_name, members) => {
    const { verify } = verifierOf({ kty: 'RSA', kid: 'k1', ...members })

    expect(await brokenRule(() => verify(key.idToken()))).toBe('signature')
  })

  it('that cannot be had is no fault of the token', async () => {
    const { verify, provider } = verifier()
    provider.instead = () => new Response('down', { status: 503 })

    expect((await faultOf(() => verify(key.idToken()))).code).toBe('entra/unavailable')
  })

  it('may sign for its own issuer only: one of another tenant is refused (CVE-2024-10125)', async () => {
    const published = (issuer: string) => [{ ...key.publicJwk, kid: 'k1', issuer }]

    const foreign = verifierOf(...published(`https://login.microsoftonline.com/${OTHER_TENANT}/v2.0`))
    expect(await brokenRule(() => foreign.verify(key.idToken()))).toBe('key issuer')
    await expect(verifierOf(...published(ISSUER)).verify(key.idToken())).resolves.toMatchObject({ oid: OID })
    await expect(
      verifierOf(...published('https://login.microsoftonline.com/{tenantid}/v2.0')).verify(key.idToken()),
    ).resolves.toMatchObject({ oid: OID })
  })
})

describe('a token of more than 64 KB', () => {
  it('is refused before a key is looked for', async () => {
    const { verify, provider } = verifier()

    expect(await brokenRule(() => verify(`${'a'.repeat(65_537)}`))).toBe('size')
    expect(provider.requests).toEqual([])
  })

  it('begins one character past 65,536', async () => {
    expect(await brokenRule(() => verifier().verify('a'.repeat(65_536)))).toBe('signature')
  })
})

describe('a payload', () => {
  it.each(['[]', 'null', '"text"', '7', '{', '', '\xff', '{"name":"\xff"}'])(
    'of %j is refused, well signed or not',
    async (text) => {
      const token = key.sign(Buffer.from(text, 'latin1'))

      expect(await brokenRule(() => verifier().verify(token))).toBe('payload')
    },
  )
})
