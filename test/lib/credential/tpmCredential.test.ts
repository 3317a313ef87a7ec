/** What a source with a TPM makes of keys and TPMs that are not as they should be. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { compactVerify } from 'jose'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { assertionProfile } from '../../../lib/credential/assertionProfile.ts'
import { toolFault } from '../../../lib/credential/tpm/faults.ts'
import { authValue, createTpmCredential } from '../../../lib/credential/tpm/tpmCredential.ts'
import { certifiedKey } from '../../support/certifiedKey.ts'
import { CLIENT } from '../../support/configOf.ts'
import { TOKEN_ENDPOINT } from '../../support/credentialWorld.ts'
import { createFakeTpm } from '../../support/fakeTpm.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'
import { shortenDeadline } from '../../support/shortenDeadline.ts'

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

it('a TPM that does not answer is not waited for longer than six seconds', async () => {
  shortenDeadline(6_000, 10)
  const source = createTpmCredential({
    clientId: CLIENT,
    effects: heldEffects(),
    tpm: { handle: '0x81010001', tcti: 'x', certificateFile },
    run: () => new Promise(() => undefined),
  })

  expect((await faultOf(() => source.assertionFor(TOKEN_ENDPOINT))).message).toBe('tpm/unavailable: deadline')
})
