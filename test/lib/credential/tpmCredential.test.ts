/** What a source with a TPM makes of keys and TPMs that are not as they should be. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { compactVerify } from 'jose'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { assertionProfile } from '../../../lib/credential/assertionProfile.ts'
import { toolFault } from '../../../lib/credential/tpm/faults.ts'
import { createRunTool } from '../../../lib/credential/tpm/runTool.ts'
import { authValue, createTpmCredential } from '../../../lib/credential/tpm/tpmCredential.ts'
import { readTpmKey } from '../../../lib/credential/tpm/tpmKey.ts'
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

it('the proof names the key by its handle, and an assertion is made by the rules that were chosen', async () => {
  const { tpm, run } = createFakeTpm(key)
  const settings = { handle: tpm.handle, tcti: 'x', certificateFile }
  const profile = assertionProfile({ profile: 'rfc10070', lifetimeSec: 60, issuer: 'https://issuer.example' })
  const source = createTpmCredential({
    clientId: CLIENT,
    effects: heldEffects(),
    run,
    tpm: settings,
    profile,
  })
  const { proof } = await source.assertionFor(TOKEN_ENDPOINT)

  expect(proof).toMatchObject({
    method: 'tpm',
    keyId: `tpm:${tpm.handle}`,
    certificate: { name: tpm.handle },
    header: { typ: 'client-authentication+jwt' },
    claims: { aud: 'https://issuer.example' },
  })
})

it('a key that was exchanged behind its handle signs nothing more: the signature is looked at before it leaves', async () => {
  const { tpm, source } = world()
  const refused = await source.assertionFor(TOKEN_ENDPOINT)
  tpm.privateKey = other.privateKey
  const fault = await faultOf(() => source.check(TOKEN_ENDPOINT))

  expect(refused.jws.split('.')).toHaveLength(3)
  expect(fault.message).toMatch(/^tpm\/key_unusable: /)
})

it('the TPM is told to sign a digest in the form of JWS, through files that are nobody else’s and gone afterwards', async () => {
  const { tpm, run } = createFakeTpm(key)
  const modes: number[] = []
  const settings = { handle: tpm.handle, tcti: 'x', certificateFile }
  await createTpmCredential({
    clientId: CLIENT,
    effects: heldEffects(),
    tpm: settings,
    run: (tool, args, input) => {
      if (tool === 'tpm2_sign') modes.push(statSync(args.at(-1) ?? '').mode & 0o777)
      return run(tool, args, input)
    },
  }).assertionFor(TOKEN_ENDPOINT)
  const [signing] = tpm.runs.filter(({ tool }) => tool === 'tpm2_sign')
  const digest = signing?.args.at(-1) ?? ''

  expect(signing?.args).toEqual([
    ...['-Q', '-c', tpm.handle, '-g', 'sha256', '-s', 'rsapss', '-f', 'plain'],
    ...['-o', digest.replace(/digest$/, 'signature'), '-d', digest],
  ])
  expect(digest.startsWith(join(tmpdir(), 'signet-tpm-'))).toBe(true)
  expect(modes).toEqual([0o600, 0o600])
  expect(existsSync(dirname(digest))).toBe(false)
})

it.each([
  ['\n', 'open sesame'],
  ['\r\n', 'open sesame'],
  ['', 'open sesame'],
  ['\r', 'open sesame\r'],
  ['\n\n', 'open sesame\n'],
])('of the file with the auth value the end of its one line, %j, is no part', (end, value) => {
  expect(Buffer.from(authValue(Buffer.from(`open sesame${end}`))).toString()).toBe(value)
})

describe('the key is used by', () => {
  /** How the key was used for the assertion. */
  async function accessWith(more: object): Promise<unknown> {
    const { tpm, run } = createFakeTpm(key)
    const settings = { handle: tpm.handle, tcti: 'device:/dev/tpmrm0', certificateFile, ...more }
    const source = createTpmCredential({ clientId: CLIENT, effects: heldEffects(), run, tpm: settings })
    await source.assertionFor(TOKEN_ENDPOINT)
    const { args = [], input } = tpm.runs.at(-1) ?? {}
    return [args.includes('-p') ? args[args.indexOf('-p') + 1] : undefined, input]
  }

  it('nothing, the state of the machine, or an auth value, which goes before', async () => {
    const authFile = join(folder, 'auth-value')
    writeFileSync(authFile, 'x')

    expect(await accessWith({})).toEqual([undefined, ''])
    expect(await accessWith({ pcrs: 'sha256:7' })).toEqual(['pcr:sha256:7', ''])
    expect(await accessWith({ authFile, pcrs: 'sha256:7' })).toEqual(['file:-', 'hex:78'])
  })

  it('an auth value that cannot be read cannot be used, and the fault says so', async () => {
    const fault = await faultOf(() => accessWith({ authFile: join(folder, 'no such file') }))

    expect(fault.message).toBe('tpm/key_unusable: the file of the auth value cannot be read')
    expect(fault.cause).toMatchObject({ code: 'ENOENT' })
  })
})

it.each([
  ['that is not there', 'no such file', 'the certificate file cannot be read'],
  ['that holds none', 'empty', 'the file holds no certificate'],
  ['that is too long for one', 'long', 'the certificate file cannot be read'],
])('a file of the certificate %s is told so, and the TPM is asked nothing', async (_what, name, detail) => {
  writeFileSync(join(folder, 'empty'), '')
  writeFileSync(join(folder, 'long'), `${key.certificate}${' '.repeat(65_536)}`)
  const { tpm, run } = createFakeTpm(key)
  const settings = { handle: tpm.handle, tcti: 'x', certificateFile: join(folder, name) }
  const source = createTpmCredential({ clientId: CLIENT, effects: heldEffects(), run, tpm: settings })

  expect((await faultOf(() => source.assertionFor(TOKEN_ENDPOINT))).message).toBe(
    `tpm/key_unusable: ${detail}`,
  )
  expect(tpm.runs).toEqual([])
})

it('a fault of the TPM while a key shows what it can is told, and not taken for inability', async () => {
  const { tpm, run } = createFakeTpm(key)
  let runs = 0
  const source = createTpmCredential({
    clientId: CLIENT,
    effects: heldEffects(),
    tpm: { handle: tpm.handle, tcti: 'x', certificateFile },
    run: (tool, args, input) => {
      if (tool !== 'tpm2_sign') return run(tool, args, input)
      runs += 1
      return Promise.reject(toolFault(tool, '(0x921)'))
    },
  })

  expect((await faultOf(() => source.assertionFor(TOKEN_ENDPOINT))).code).toBe('tpm/locked_out')
  expect(runs).toBe(1)
})

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

describe('the tools', () => {
  it('that are not installed are said to be missing', async () => {
    const run = createRunTool('device:/dev/null')
    const fault = await faultOf(() => run('tpm2_nothing' as 'tpm2_sign', []))

    expect([fault.code, fault.context.detail]).toEqual(['tpm/unavailable', 'tpm2-tools are not installed'])
  })

  it.each([
    ['ErrorCode (0x00000921)', 'tpm/locked_out', 'too many wrong auth values (0x921)'],
    ['Eys_Sign(0x98E) - tpm:session(1)', 'tpm/key_unusable', 'the auth value was refused (0x8e)'],
    ['Eys_Sign(0x9A2)', 'tpm/key_unusable', 'the auth value was refused (0xa2)'],
    ['Eys_Sign(0x99D)', 'tpm/key_unusable', 'the PCRs are not what the policy of the key asks for (0x9d)'],
    ['ReadPublic (0x0000018b)', 'tpm/key_unusable', 'there is no key at the handle (0x8b)'],
    ['Esys (0x921): layer, (0x0000018b)', 'tpm/key_unusable', 'there is no key at the handle (0x8b)'],
    ['Invalid signature scheme for key type', 'tpm/key_unusable', 'the key cannot sign in this way'],
    ['(0x00000101)', 'tpm/unavailable', 'tpm2_sign: 0x101'],
    ['Could not load tcti, got: "swtpm:host=127.0.0.1"', 'tpm/unavailable', 'tpm2_sign: no answer of a TPM'],
    ['', 'tpm/unavailable', 'tpm2_sign: no answer of a TPM'],
  ])('are understood by the number of the TPM: %j', (said, code, detail) => {
    const fault = toolFault('tpm2_sign', said)

    expect([fault.code, fault.context.detail]).toEqual([code, detail])
    expect(fault.message).not.toContain('127.0.0.1')
  })
})
