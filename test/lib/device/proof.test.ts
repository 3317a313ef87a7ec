import fc from 'fast-check'
import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { judgeRefresh, judgeRegistration, stringItem } from '../../../lib/device/proof.ts'
import { type DeviceKeys, newDeviceKeys, signProof } from '../../support/bindingVisitor.ts'

const [es, rs] = [await newDeviceKeys('ES256'), await newDeviceKeys('RS256')]
const brought = (keys: DeviceKeys, jwk: object = keys.jwk): Promise<string> =>
  signProof({ keys, challenge: 'c', header: { jwk } })

describe('the proof of a registration', () => {
  it.each([
    ['ES256', es],
    ['RS256', rs],
  ])('by %s says challenge and public key, with no member besides', async (_alg, keys) => {
    const judged = await judgeRegistration(
      await brought(keys, { ...keys.jwk, use: 'sig', x5u: 'https://evil.example' }),
    )

    expect(judged).toEqual({ key: keys.jwk, challenge: 'c' })
  })

  it('is the same with the quotes of a structured string, and with parameters that mean nothing', async () => {
    const proof = await brought(es)

    for (const header of [`"${proof}"`, ` "${proof}" ; a=b`, `${proof};a=1`])
      expect(await judgeRegistration(header)).toMatchObject({ challenge: 'c' })
  })

  it.each<[what: string, jwk: () => Promise<object | undefined> | object | undefined]>([
    ['none', () => undefined],
    ['another one', async () => (await newDeviceKeys()).jwk],
    ['of the other kind', () => rs.jwk],
    ['with its private half', async () => ({ ...es.jwk, d: 'AAAA' })],
    ['of a symmetric kind', () => ({ kty: 'oct', k: 'AAAA' })],
    ['on another curve', async () => exportJWK((await generateKeyPair('ES384')).publicKey)],
    ['whose point is on no curve', () => ({ ...es.jwk, y: es.jwk.x })],
    ['that is no object', () => 'key' as unknown as object],
  ])('whose key is %s is refused', async (_what, jwk) => {
    const proof = await signProof({ keys: es, challenge: 'c', header: { jwk: await jwk() } })

    expect(await judgeRegistration(proof)).toHaveProperty('flaw')
  })

  it('whose RSA key is shorter than 2,048 bits is refused', async () => {
    const [header = '', payload, signature] = (await brought(rs)).split('.')
    const parsed = JSON.parse(Buffer.from(header, 'base64url').toString())
    parsed.jwk.n = parsed.jwk.n.slice(0, 170)
    const posed = Buffer.from(JSON.stringify(parsed)).toString('base64url')

    expect(await judgeRegistration(`${posed}.${payload}.${signature}`)).toEqual({ flaw: 'signature' })
  })
})

describe('a critical extension', () => {
  it.each([{ crit: ['b64'], b64: true }, { b64: false }])(
    'is understood in no proof: %j',
    async (extension) => {
      const proof = await signProof({ keys: es, challenge: 'c', header: { jwk: es.jwk, ...extension } })

      expect(await judgeRegistration(proof)).toEqual({ flaw: 'form' })
    },
  )
})

describe('any text', () => {
  it('is judged without a fault, and proves nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        expect(await judgeRegistration(text)).toHaveProperty('flaw')
        expect(await judgeRefresh(text, { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' })).toHaveProperty('flaw')
      }),
    )
  })

  it.each([
    ['"abc"', 'abc'],
    ['abc', 'abc'],
    [' "a-b_c.d" ;x=1', 'a-b_c.d'],
    ['"a"b', undefined],
    ['a b', undefined],
    ['""', ''],
  ])('as a structured string: %j is %j', (header, item) => {
    expect(stringItem(header)).toBe(item)
  })
})
