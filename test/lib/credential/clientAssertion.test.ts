import { type CryptoKey, compactVerify, decodeProtectedHeader, generateKeyPair } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { base64url, uuid } from '../../../lib/base/crypto.ts'
import { assertionProfile, ENTRA_PROFILE } from '../../../lib/credential/assertionProfile.ts'
import {
  buildAssertion,
  serializeAssertion,
  setClientAssertion,
} from '../../../lib/credential/clientAssertion.ts'
import { CLIENT, configOf } from '../../support/configOf.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'

const input = {
  clientId: CLIENT,
  tokenEndpoint: configOf().entra.token,
  profile: ENTRA_PROFILE,
  certificate: {
    thumbprintS256: 'YXNzZXJ0aW9uIHRodW1icHJpbnQgb2YgMzIgYnl0ZXM',
    thumbprintSha1: '0123456789ABCDEF0123456789ABCDEF01234567',
  },
  jti: '0c0ffee0-0000-4000-8000-000000000001',
  nowMs: START_MS + 999,
}
const parts = (signingInput: Uint8Array): string[] =>
  new TextDecoder()
    .decode(signingInput)
    .split('.')
    .map((part) => new TextDecoder().decode(base64url.decode(part)))

let key: { publicKey: CryptoKey; privateKey: CryptoKey }
beforeAll(async () => {
  key = await generateKeyPair('PS256', { modulusLength: 2048 })
})

/** Signs as the vault does: RSASSA-PSS with a salt as long as the digest. */
async function signed(signingInput: Uint8Array): Promise<Uint8Array> {
  const bytes = new Uint8Array(signingInput)
  return new Uint8Array(await crypto.subtle.sign({ name: 'RSA-PSS', saltLength: 32 }, key.privateKey, bytes))
}

describe('buildAssertion', () => {
  it('decides every byte of header and claims', async () => {
    const golden = `${parts(buildAssertion(input).signingInput).join('\n')}\n`

    await expect(golden).toMatchFileSnapshot('../../golden/client-assertion.txt')
  })

  it('shows the header and claims that it signs', () => {
    const { header, claims, signingInput } = buildAssertion(input)

    expect(parts(signingInput)).toEqual([JSON.stringify(header), JSON.stringify(claims)])
  })

  it('names the client as issuer and subject, and one audience as text', () => {
    const { claims } = buildAssertion(input)

    expect([claims.iss, claims.sub]).toEqual([CLIENT, CLIENT])
    expect(claims.aud).toBe(input.tokenEndpoint)
  })

  it('counts in whole seconds: valid since a minute, for nine more, which makes the ten that Entra recommends at most', () => {
    const { iat, nbf, exp } = buildAssertion(input).claims
    const startSec = START_MS / 1_000

    expect([iat, nbf, exp]).toEqual([startSec, startSec - 60, startSec + 540])
    expect(exp - nbf).toBe(600)
  })

  it.each([60, 61, 599, 600])('lives %i seconds from its signature where it is told so', (lifetimeSec) => {
    const profile = assertionProfile({ profile: 'entra', lifetimeSec, issuer: '' })
    const { iat, nbf, exp } = buildAssertion({ ...input, profile }).claims

    expect([exp - iat, iat - nbf]).toEqual([lifetimeSec, 60])
  })

  it('names the certificate by SHA-1 where the key makes RS256 alone, as Entra takes it from older clients', () => {
    const certificate = { ...input.certificate, algorithm: 'RS256' as const }

    expect(buildAssertion({ ...input, certificate }).header).toStrictEqual({
      alg: 'RS256',
      typ: 'JWT',
      x5t: 'ASNFZ4mrze8BI0VniavN7wEjRWc',
    })
  })

  it('for a strict server is of a type of its own, and for the issuer alone', () => {
    const issuer = 'https://issuer.example'
    const profile = assertionProfile({ profile: 'rfc10070', lifetimeSec: 60, issuer })
    const { header, claims } = buildAssertion({ ...input, profile })

    expect(header).toStrictEqual({
      alg: 'PS256',
      typ: 'client-authentication+jwt',
      'x5t#S256': input.certificate.thumbprintS256,
    })
    expect(claims).toMatchObject({ aud: issuer, iss: CLIENT, sub: CLIENT })
    expect([claims.exp - claims.iat, claims.iat - claims.nbf]).toEqual([60, 60])
  })

  it('has another id each of ten thousand times', () => {
    const { random } = heldEffects()
    const ids = Array.from(
      { length: 10_000 },
      () => buildAssertion({ ...input, jti: uuid(random) }).claims.jti,
    )

    expect(new Set(ids).size).toBe(10_000)
  })
})

describe('serializeAssertion', () => {
  it('gives a compact JWS that another library verifies', async () => {
    const unsigned = buildAssertion(input)
    const jws = serializeAssertion(unsigned, await signed(unsigned.signingInput))

    const { payload, protectedHeader } = await compactVerify(jws, key.publicKey, { algorithms: ['PS256'] })

    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(unsigned.claims)
    expect(protectedHeader).toEqual(unsigned.header)
    expect(decodeProtectedHeader(jws)).not.toHaveProperty('x5t')
  })

  it('gives nothing that verifies with any byte of the signing input changed', async () => {
    const unsigned = buildAssertion(input)
    const signature = await signed(unsigned.signingInput)
    const forged = buildAssertion({ ...input, jti: '0c0ffee0-0000-4000-8000-000000000002' })

    await expect(compactVerify(serializeAssertion(forged, signature), key.publicKey)).rejects.toThrow(
      'signature verification failed',
    )
  })
})

it('a token request names the client, and what kind of proof goes with it, whatever stood there before', () => {
  const body = new URLSearchParams({ grant_type: 'g', client_assertion: 'before' })
  setClientAssertion(body, CLIENT, 'a.b.c')

  expect(Object.fromEntries(body)).toEqual({
    grant_type: 'g',
    client_id: CLIENT,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: 'a.b.c',
  })
})
