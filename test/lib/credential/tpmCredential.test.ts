/** What a source with a TPM makes of keys and TPMs that are not as they should be. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compactVerify } from 'jose'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { toolFault } from '../../../lib/credential/tpm/faults.ts'
import { createRunTool } from '../../../lib/credential/tpm/runTool.ts'
import { createTpmCredential } from '../../../lib/credential/tpm/tpmCredential.ts'
import { certifiedKey } from '../../support/certifiedKey.ts'
import { CLIENT } from '../../support/configOf.ts'
import { TOKEN_ENDPOINT } from '../../support/credentialWorld.ts'
import { createFakeTpm } from '../../support/fakeTpm.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const folder = mkdtempSync(join(tmpdir(), 'signet-tpm-source-'))
afterAll(() => rmSync(folder, { recursive: true }))
const certificateFile = join(folder, 'certificate.pem')
const [key, other] = await Promise.all([certifiedKey(), certifiedKey()])

beforeEach(() => writeFileSync(certificateFile, key.certificate.toString()))

function world() {
  const { tpm, run } = createFakeTpm(key)
  const settings = { handle: tpm.handle, tcti: 'device:/dev/tpmrm0', certificateFile }
  const source = createTpmCredential({ clientId: CLIENT, effects: heldEffects(), run, tpm: settings })
  return {
    tpm,
    detail: async () => (await faultOf(() => source.assertionFor(TOKEN_ENDPOINT))).message,
    source,
  }
}

describe('a TPM whose PSS has another salt than PS256', () => {
  it('signs with RS256 instead, and names its certificate by SHA-1', async () => {
    const { tpm, source } = world()
    tpm.saltLength = 222
    const { jws, proof } = await source.assertionFor(TOKEN_ENDPOINT)

    await compactVerify(jws, key.publicKey, { algorithms: ['RS256'] })
    expect(proof.header).toEqual({
      alg: 'RS256',
      typ: 'JWT',
      x5t: Buffer.from(proof.certificate?.thumbprintSha1 ?? '', 'hex').toString('base64url'),
    })
  })

  it('and none of RS256 at all cannot be used', async () => {
    const { tpm, detail } = world()
    tpm.saltLength = 222
    tpm.schemes = ['rsapss']

    expect(await detail()).toBe('tpm/key_unusable: the key makes neither PS256 nor RS256')
  })
})

it('a key that is bound to RS256 signs with that', async () => {
  const { tpm, source } = world()
  tpm.schemes = ['rsassa']

  expect((await source.assertionFor(TOKEN_ENDPOINT)).proof.header?.alg).toBe('RS256')
})

describe('a key is refused that', () => {
  it('is not that of the certificate', async () => {
    const { tpm, detail } = world()
    Object.assign(tpm, { publicKey: other.publicKey, privateKey: other.privateKey })

    expect(await detail()).toBe('tpm/key_unusable: the key at the handle is not that of the certificate')
    expect(
      tpm.runs.map(({ tool }) => tool),
      'nothing was signed',
    ).toEqual(['tpm2_readpublic'])
  })

  it.each(['fixedtpm', 'fixedparent', 'sensitivedataorigin'])(
    'lacks %s: it was somewhere else, or may go there',
    async (attribute) => {
      const { tpm, detail } = world()
      tpm.attributes = tpm.attributes.replace(`${attribute}|`, '')

      expect(await detail()).toBe('tpm/key_unusable: the key was not made in this TPM, or may leave it')
    },
  )

  it('signs with another key than it shows', async () => {
    const { tpm, detail } = world()
    tpm.privateKey = other.privateKey

    expect(await detail()).toMatch(/^tpm\/key_unusable: the key makes neither/)
  })
})

it('a new certificate for the same key serves where Entra refuses the old one', async () => {
  const { source } = world()
  const refused = await source.assertionFor(TOKEN_ENDPOINT)
  expect(await source.alternativeTo(refused, TOKEN_ENDPOINT)).toBeUndefined()
})

it('what is secret goes to standard input, and into no argument', async () => {
  const authFile = join(folder, 'auth')
  writeFileSync(authFile, 'open sesame\n')
  const { tpm, run } = createFakeTpm(key)
  const settings = { handle: tpm.handle, tcti: 'device:/dev/tpmrm0', certificateFile, authFile }
  await createTpmCredential({ clientId: CLIENT, effects: heldEffects(), run, tpm: settings }).assertionFor(
    TOKEN_ENDPOINT,
  )
  const hex = Buffer.from('open sesame').toString('hex')
  const signing = tpm.runs.filter(({ tool }) => tool === 'tpm2_sign')

  expect(signing.map(({ input }) => input)).toEqual([`hex:${hex}`, `hex:${hex}`])
  for (const { args } of tpm.runs) expect(args.join(' ')).not.toMatch(new RegExp(`sesame|${hex}`))
})

describe('the tools', () => {
  it('that are not installed are said to be missing', async () => {
    const run = createRunTool('device:/dev/null')
    const fault = await faultOf(() => run('tpm2_nothing' as 'tpm2_sign', []))

    expect([fault.code, fault.context.detail]).toEqual(['tpm/unavailable', 'tpm2-tools are not installed'])
  })

  it.each([
    ['ErrorCode (0x00000921)', 'tpm/locked_out'],
    ['Eys_Sign(0x98E) - tpm:session(1)', 'tpm/key_unusable'],
    ['Eys_Sign(0x9A2)', 'tpm/key_unusable'],
    ['Eys_Sign(0x99D)', 'tpm/key_unusable'],
    ['ReadPublic (0x0000018b)', 'tpm/key_unusable'],
    ['(0x00000101)', 'tpm/unavailable'],
    ['Could not load tcti, got: "swtpm:host=127.0.0.1"', 'tpm/unavailable'],
    ['', 'tpm/unavailable'],
  ])('are understood by the number of the TPM: %j', (said, code) => {
    const fault = toolFault('tpm2_sign', said)

    expect(fault.code).toBe(code)
    expect(fault.message).not.toContain('127.0.0.1')
  })
})
