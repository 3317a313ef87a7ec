/** A certificate and its key in a file: what it takes, and what is said where something is missing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { assertionProfile } from '../../../lib/credential/assertionProfile.ts'
import { readLocalCertificate } from '../../../lib/credential/localCertificate.ts'
import { createPemCredential } from '../../../lib/credential/pemCredential.ts'
import { certifiedKey } from '../../support/certifiedKey.ts'
import { CLIENT } from '../../support/configOf.ts'
import { TOKEN_ENDPOINT } from '../../support/credentialWorld.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const folder = mkdtempSync(join(tmpdir(), 'signet-pem-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'signet.pem')
const [key, other] = await Promise.all([certifiedKey(), certifiedKey()])
const certificatePem = key.certificate.toString()
const keyPem = key.pem.slice(certificatePem.length)

function credential() {
  return createPemCredential({ clientId: CLIENT, file, effects: heldEffects() })
}

it.each([
  ['nothing', '', 'the file holds no certificate'],
  ['a key alone', keyPem, 'the file holds no certificate'],
  [
    'a certificate alone',
    certificatePem,
    'the file holds no private key that can be read without a password',
  ],
  [
    'the key of another certificate',
    `${certificatePem}${other.pem.slice(other.certificate.toString().length)}`,
    'the key is not that of the certificate',
  ],
  ['a certificate that is none', key.pem.replace('MII', 'AAA'), 'the certificate cannot be read'],
  [
    'a key with a password',
    `${certificatePem}${key.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })}`,
    'the file holds no private key that can be read without a password',
  ],
])('a file that holds %s cannot prove anybody, and the fault says why', async (_what, text, detail) => {
  writeFileSync(file, text)
  const fault = await faultOf(() => credential().assertionFor(TOKEN_ENDPOINT))

  expect([fault.code, fault.context.detail]).toEqual(['pem/key_unusable', detail])
})

it.each([
  ['has run out', [-30, -1], /^the certificate expired 2026-01-14/],
  ['is for later', [1, 30], /^the certificate is not valid before 2026-01-16/],
] as const)('a certificate that %s is refused by its own dates', async (_what, days, detail) => {
  writeFileSync(file, (await certifiedKey(days)).pem)
  const fault = await faultOf(() => credential().assertionFor(TOKEN_ENDPOINT))

  expect([fault.code, fault.context.detail]).toEqual(['pem/key_unusable', expect.stringMatching(detail)])
})

it('a new certificate in the file serves without a restart, as another version', async () => {
  writeFileSync(file, key.pem)
  const effects = heldEffects()
  const source = createPemCredential({ clientId: CLIENT, file, effects })
  const refused = await source.assertionFor(TOKEN_ENDPOINT)
  writeFileSync(file, other.pem)
  const next = await source.alternativeTo(refused, TOKEN_ENDPOINT)

  expect(refused.proof.certificate?.version).toBe(key.certificate.serialNumber.toLowerCase())
  expect(next?.proof.certificate?.version).toBe(other.certificate.serialNumber.toLowerCase())
})

it.each(['pkcs1', 'pkcs8'] as const)(
  'a key in the form %s signs, and the proof names no more than that it is a file',
  async (type) => {
    writeFileSync(file, `${certificatePem}${key.privateKey.export({ type, format: 'pem' })}`)
    const { proof } = await credential().assertionFor(TOKEN_ENDPOINT)

    expect(proof).toMatchObject({
      method: 'pem',
      keyId: 'pem',
      certificate: { name: 'pem' },
      header: { typ: 'JWT' },
    })
  },
)

it('an assertion is made by the rules that were chosen', async () => {
  writeFileSync(file, key.pem)
  const profile = assertionProfile({ profile: 'rfc10070', lifetimeSec: 60, issuer: 'https://issuer.example' })
  const source = createPemCredential({ clientId: CLIENT, file, profile, effects: heldEffects() })

  expect((await source.assertionFor(TOKEN_ENDPOINT)).proof).toMatchObject({
    header: { typ: 'client-authentication+jwt' },
    claims: { aud: 'https://issuer.example' },
  })
})

it('a file that is not there, or far too long for one, is a fault whose cause says so', async () => {
  const missing = createPemCredential({ clientId: CLIENT, file: `${file}.gone`, effects: heldEffects() })
  const fault = await faultOf(() => missing.assertionFor(TOKEN_ENDPOINT))
  writeFileSync(file, key.pem + ' '.repeat(65_536 - key.pem.length))
  await credential().assertionFor(TOKEN_ENDPOINT)
  writeFileSync(file, key.pem + ' '.repeat(65_537 - key.pem.length))
  const tooLong = await faultOf(() => credential().assertionFor(TOKEN_ENDPOINT))

  expect([fault.context.detail, fault.cause]).toEqual([
    'the file cannot be read',
    expect.objectContaining({ code: 'ENOENT' }),
  ])
  expect([tooLong.context.detail, tooLong.cause]).toEqual([
    'the file cannot be read',
    new RangeError('more than 65536 bytes'),
  ])
})

it('a private key that is broken is none, and the fault names no word of it', async () => {
  const broken = `${certificatePem}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`
  writeFileSync(file, broken)
  const { context, cause } = await faultOf(() => credential().assertionFor(TOKEN_ENDPOINT))

  expect(context.detail).toBe('the file holds no private key that can be read without a password')
  expect(cause).toBeUndefined()
})

/** Of a key on the curve P-256, which makes no RSA signature. */
const EC_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBcTCCARegAwIBAgIUCBSvEQAj/H2OxM+q7kMeqSpHSp0wCgYIKoZIzj0EAwIw
DTELMAkGA1UEAwwCRUMwIBcNMjYxMTI2MTAxNTMyWhgPMjEyNjExMDIxMDE1MzJa
MA0xCzAJBgNVBAMMAkVDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEbk1SzumM
D85Bb869QKInJkn2MXRfFxnKlkUXTV3kqUtSClw6uGOClw6PVSmN/ixHH94SQnnx
bECo0M6gt79GZ6NTMFEwHQYDVR0OBBYEFB+pLgt4wpmpRltfM+6YriXXF2ynMB8G
A1UdIwQYMBaAFB+pLgt4wpmpRltfM+6YriXXF2ynMA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoZIzj0EAwIDSAAwRQIhAN4ICBvt70LkvFtQEZHKgerDCcZEyUNNC4V7NTgx
M/iiAiBAUWilWBKdxpl3pb8m8I1afVT0KbpeTDjIbZ8u8EM3pQ==
-----END CERTIFICATE-----`

it('a certificate for a key that is not RSA cannot be used', async () => {
  writeFileSync(file, EC_CERTIFICATE)

  expect((await faultOf(() => credential().assertionFor(TOKEN_ENDPOINT))).context.detail).toBe(
    'the key of the certificate is not RSA',
  )
})

it('a certificate counts from its first moment on, and not in its last', () => {
  const names = { name: 'n', keyId: 'k' }
  const { validFromDate, validToDate } = key.certificate
  const at = (ms: number) => readLocalCertificate(certificatePem, names, ms)

  expect(at(validFromDate.getTime())).toMatchObject({ certificate: { ...names } })
  expect(at(validToDate.getTime() - 1)).toMatchObject({ certificate: { ...names } })
  expect(at(validToDate.getTime())).toMatch(/^the certificate expired/)
})
