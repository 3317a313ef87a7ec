/**
 * A key in a TPM, by the command and by the source: made, certified, signing, and refused for each reason there is. The TPM is swtpm, and
 * what talks to it are tpm2-tools, as with a chip.
 */
import { spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { compactVerify } from 'jose'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { localEvidence } from '../../../commands/evidence/localKeys.ts'
import { parseCommand } from '../../../commands/tpm/options.ts'
import { runTpm } from '../../../commands/tpm/runTpm.ts'
import { UsageFault } from '../../../commands/usageFault.ts'
import type { TpmKeySettings } from '../../../lib/config/credentials.ts'
import { createRunTool, type RunTool } from '../../../lib/credential/tpm/runTool.ts'
import { createTpmCredential } from '../../../lib/credential/tpm/tpmCredential.ts'
import { missingTpmProgram, openTpm, type TpmStub } from '../../../local/tpm/openTpm.ts'
import { CLIENT } from '../../support/configOf.ts'
import { TOKEN_ENDPOINT } from '../../support/credentialWorld.ts'
import { describeWith } from '../../support/describeWith.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const isThere = missingTpmProgram() === undefined ? 'yes' : undefined
const folder = mkdtempSync(join(tmpdir(), 'signet-tpm-test-'))
const certificateFile = join(folder, 'certificate.pem')
const authFile = join(folder, 'auth')
let stub: TpmStub
let run: RunTool

/** `npm run tpm -- …`, as it is typed. */
async function typed(args: string, tpm: Partial<TpmKeySettings> = {}, auth?: string) {
  const [said, printed]: [string[], string[]] = [[], []]
  const isFit = await runTpm(parseCommand(args.split(' ')), {
    run,
    tpm: { handle: '0x81010001', tcti: stub.tcti, ...tpm },
    effects: heldEffects(),
    ...(auth === undefined ? {} : { auth: new TextEncoder().encode(auth) }),
    say: (line) => said.push(line),
    print: (text) => printed.push(text),
  })
  return { isFit, said: said.join('\n'), printed: printed.join('') }
}

/** The command itself, with what is written to its descriptor 3. */
async function typedInShell(args: string, env: NodeJS.ProcessEnv, secret = '') {
  const child = spawn(process.execPath, ['commands/tpm/main.ts', ...args.split(' ')], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const { stdout, stderr } = child
  const descriptor = child.stdio[3]
  if (stdout === null || stderr === null || !(descriptor instanceof Writable))
    throw new TypeError('each is a pipe')
  descriptor.on('error', () => undefined).end(secret)
  const [out, err, [code]] = await Promise.all([text(stdout), text(stderr), once(child, 'close')])
  return { code, out, err }
}

function sourceWith(tpm: Partial<TpmKeySettings> = {}, tool: RunTool = run) {
  return createTpmCredential({
    clientId: CLIENT,
    effects: heldEffects(),
    run: tool,
    tpm: { handle: '0x81010001', tcti: stub.tcti, certificateFile, ...tpm },
  })
}

describeWith({ 'swtpm and tpm2-tools': isThere }, 'a key in a TPM', () => {
  beforeAll(async () => {
    stub = await openTpm()
    run = createRunTool(stub.tcti, 60_000)
    expect((await typed('create')).said).toContain('Made RSA 2048 at 0x81010001')
    writeFileSync(certificateFile, (await typed('certificate --days 30')).printed)
  }, 120_000)
  afterAll(async () => {
    await stub.close()
    rmSync(folder, { recursive: true })
  })

  test('signs the assertion of the source, which the key of its certificate verifies, with the salt that PS256 asks for', async () => {
    const { jws, proof } = await sourceWith().assertionFor(TOKEN_ENDPOINT)
    const { publicKey } = certificate()
    const { payload } = await compactVerify(jws, publicKey, { algorithms: ['PS256'] })

    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(proof.claims)
    expect(proof).toMatchObject({ method: 'tpm', keyId: 'tpm:0x81010001', header: { alg: 'PS256' } })
  })

  test('is stated by the TPM to be made in it and to leave it by no way, and says so by `status`', async () => {
    const { isFit, printed } = await typed('status')

    expect(isFit).toBe(true)
    expect(printed).toMatch(
      /^Key: RSA 2048 at 0x81010001, SHA-256 of its public part [0-9a-f]{64}\nBound: made in this TPM/,
    )
    expect(printed).toContain('PS256: yes\nRS256: yes\n')
  })

  test('is evidence by what the TPM states of it and by its certificate, and by nothing else', async () => {
    const settings = { handle: '0x81010001', tcti: stub.tcti, certificateFile }
    const [found, ...others] = await localEvidence([{ kind: 'tpm', tpm: settings }])
    const { fingerprint } = certificate()

    expect(others).toEqual([])
    expect(found).toMatchObject({
      kind: 'tpm',
      certificate: {
        known: { subject: 'CN=Signet', thumbprint: fingerprint.replaceAll(':', ''), bits: 2048 },
      },
      key: { known: { isBound: true, hasPolicy: false, isOfCertificate: true, bits: 2048 } },
    })
    const [elsewhere] = await localEvidence([
      { kind: 'tpm', tpm: { ...settings, handle: '0x81010055', certificateFile: authFile } },
    ])
    expect(elsewhere).toEqual({
      kind: 'tpm',
      certificate: { unknown: 'It could not be read (tpm/key_unusable: the file cannot be read).' },
      key: { unknown: 'It could not be read (tpm/key_unusable: there is no key at the handle (0x8b)).' },
    })
  })

  test('is made by the command as it is typed, in a process of its own: the auth value comes by a descriptor and is shown nowhere', async () => {
    const env = { PATH: process.env.PATH, TPM_HANDLE: '0x81010004', TPM_TCTI: stub.tcti }
    const made = await typedInShell('create --auth-fd 3', env, 'open sesame')
    writeFileSync(authFile, 'open sesame')
    const shown = await typedInShell('status', { ...env, TPM_AUTH_FILE: authFile })
    const again = await typedInShell('create', env)

    expect(made).toEqual({
      code: 0,
      out: '',
      err: 'Made RSA 2048 at 0x81010004. Next: npm run --silent tpm -- certificate > <file for TPM_CERTIFICATE>\n',
    })
    expect([shown.code, shown.err]).toEqual([0, ''])
    expect(shown.out).toMatch(
      /^Key: RSA 2048 at 0x81010004, .*\nBound: made in this TPM[^\n]*\nOpened by: an auth value/,
    )
    expect([again.code, again.out]).toEqual([1, ''])
    expect(again.err).toMatch(/^There is a key at 0x81010004 already\./)
  }, 60_000)

  test('leaves nothing behind where its making is stopped half way, in no folder and at no handle', async () => {
    const scratch = join(folder, 'scratch')
    mkdirSync(scratch)
    const env = { PATH: process.env.PATH, TMPDIR: scratch, TPM_HANDLE: '0x81010006', TPM_TCTI: stub.tcti }
    const child = spawn(process.execPath, ['commands/tpm/main.ts', 'create', '--bits', '3072'], { env })
    await vi.waitFor(() => expect(readdirSync(scratch)).toHaveLength(1), { timeout: 20_000, interval: 5 })
    child.kill('SIGINT')
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])

    expect([code, readdirSync(scratch)]).toEqual([1, []])
    expect(said).toMatch(/^tpm\/unavailable: tpm2_\w+ was stopped/)
    await expect(typed('status', { handle: '0x81010006' })).rejects.toThrow('there is no key at the handle')
  }, 60_000)

  test('certifies itself: the certificate is signed by its own key, and is not one of an authority', () => {
    const x509 = certificate()

    expect(x509.verify(x509.publicKey)).toBe(true)
    expect([x509.subject, x509.ca]).toEqual(['CN=Signet', false])
    expect(x509.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048)
  })

  test('asks an authority for a certificate by a request that it signs', async () => {
    const { printed } = await typed('csr --subject CN=signet,O=Contoso')

    expect(printed).toMatch(
      /^-----BEGIN CERTIFICATE REQUEST-----\n[\w+/=\n]+-----END CERTIFICATE REQUEST-----\n$/,
    )
  })

  test('is not made where there is one already, and the way to remove that one is told', async () => {
    const made = typed('create')

    await expect(made).rejects.toThrow(UsageFault)
    await expect(made).rejects.toThrow('tpm2_evictcontrol -C o -c 0x81010001')
  })

  test('is missed at a wrong handle: the fault is of the setup, and names no other', async () => {
    const fault = await faultOf(() => sourceWith({ handle: '0x81010055' }).assertionFor(TOKEN_ENDPOINT))

    expect([fault.code, fault.row.kind]).toEqual(['tpm/key_unusable', 'setup'])
    expect(fault.context.detail).toBe('there is no key at the handle (0x8b)')
  })

  test('with a policy on the state of the machine signs by it and in no other state', async () => {
    const pcrs = 'sha256:16'
    await typed('create', { handle: '0x81010002', pcrs })
    expect((await typed('status', { handle: '0x81010002', pcrs })).isFit).toBe(true)
    expect((await typed('status', { handle: '0x81010002' })).printed).toContain(
      'PS256: no (tpm/key_unusable: the key wants its policy, not an auth value',
    )
    expect((await typed('status', { handle: '0x81010002', pcrs: 'sha256:17' })).printed).toContain(
      'PS256: no (tpm/key_unusable: the PCRs are not what the policy of the key asks for',
    )
  }, 60_000)

  test('with an auth value signs by the file that holds it; too many wrong ones lock it out, and leave a key without one alone', async () => {
    const handle = '0x81010003'
    await typed('create --auth-fd 0', { handle }, 'hex:open sesame')
    writeFileSync(certificateFile, (await typed('certificate', { handle }, 'hex:open sesame')).printed)
    writeFileSync(authFile, 'hex:open sesame\n')
    await expect(sourceWith({ handle, authFile }).assertionFor(TOKEN_ENDPOINT)).resolves.toBeDefined()

    writeFileSync(authFile, 'open says me\n')
    const faults = []
    for (let i = 0; i < 4; i += 1)
      faults.push(await faultOf(() => sourceWith({ handle, authFile }).assertionFor(TOKEN_ENDPOINT)))
    expect(faults[0]?.context.detail).toBe('the auth value was refused (0x8e)')
    expect(faults.at(-1)?.code).toBe('tpm/locked_out')
    expect(JSON.stringify(faults.map(({ message, context }) => [message, context]))).not.toMatch(
      /open|6f70656e/,
    )
    expect((await typed('status')).isFit).toBe(true)
  }, 60_000)

  test.each([
    ['nothing', ''],
    ['the end of a line', '\r\n'],
    ['zeros, which are nothing to a TPM', '\0\0\0'],
    ['more than a key can have', 'x'.repeat(33)],
  ])(
    'is not made with an auth value that is %s: whoever wants one gets no key that opens without',
    async (_what, value) => {
      const handle = '0x81010005'
      writeFileSync(authFile, value)

      const attempts = [
        () => typed('create --auth-fd 0', { handle }, value.trimEnd()),
        () => typed('create', { handle, authFile }),
      ]
      for (const attempt of attempts) await expect(attempt()).rejects.toThrow(/auth value/)
      await expect(typed('status', { handle })).rejects.toThrow('there is no key at the handle')
    },
  )

  test('is out of reach with its TPM: the fault passes by itself when that is back', async () => {
    await stub.stop()
    const fault = await faultOf(() => sourceWith().assertionFor(TOKEN_ENDPOINT))

    expect([fault.code, fault.row.kind]).toEqual(['tpm/unavailable', 'upstream'])
  })
})

function certificate(): X509Certificate {
  return new X509Certificate(readCertificate())
}

let first: string | undefined
/** The one of the first key, whichever stands in the file later. */
function readCertificate(): string {
  first ??= readFileSync(certificateFile, 'utf8')
  return first
}
