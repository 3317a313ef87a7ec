import { expect, it } from 'vitest'
import { readTpmKey } from '../../../lib/credential/tpm/tpmKey.ts'
import { certifiedKey } from '../../support/certifiedKey.ts'
import { faultOf } from '../../support/faultOf.ts'

const key = await certifiedKey()

it('the public part of a key is read as tpm2_readpublic writes it', async () => {
  const { n = '' } = key.publicKey.export({ format: 'jwk' })
  const text = (more: Readonly<Record<string, string>> = {}) => {
    const lines = {
      attributes: '\n  value: fixedtpm|sign\n  raw: 0x40072',
      type: '\n  value: rsa\n  raw: 0x1',
      exponent: ' 65537',
      bits: ' 2048',
      rsa: ` ${Buffer.from(n, 'base64url').toString('hex')}`,
      ...more,
    }
    return Object.entries(lines)
      .map(([name, value]) => `${name}:${value}\n`)
      .join('')
  }
  const read = (written: string) => readTpmKey(async () => written, '0x81010001')
  const { publicKey, ...facts } = await read(text())

  expect(publicKey.equals(key.publicKey)).toBe(true)
  expect(facts).toEqual({
    handle: '0x81010001',
    bits: 2_048,
    attributes: ['fixedtpm', 'sign'],
    hasPolicy: false,
  })
  expect((await read(text({ exponent: ' 0' }))).publicKey.equals(key.publicKey), 'the usual one').toBe(true)
  expect((await read(text({ exponent: ' 3' }))).publicKey.export({ format: 'jwk' }).e).toBe('Aw')
  for (const [policy, expected] of [
    [' 8fcd2169', true],
    ['  8fcd2169', true],
    ['8fcd2169', true],
    ['', false],
  ] as const)
    expect((await read(text({ 'authorization policy': policy }))).hasPolicy, policy).toBe(expected)
  expect((await read(text({ 'no authorization policy': ' 8fcd2169' }))).hasPolicy).toBe(false)
  expect((await read(text({ type: '\n  value: rsa \r' }))).bits, 'blanks at the end of a line').toBe(2_048)
  for (const other of [{ type: '\n  value: ecc' }, { rsa: ' ' }, { rsa: ' xyz' }, { rsa: ' abc' }])
    expect((await faultOf(() => read(text(other)))).message).toBe('tpm/key_unusable: the key is not RSA')
})
