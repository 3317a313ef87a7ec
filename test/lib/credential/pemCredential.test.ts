/** A certificate and its key in a file: what it takes, and what is said where something is missing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
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
