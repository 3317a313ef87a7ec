/** How programs of a TPM are run, with `cat` in their place: its option -T is as harmless as theirs. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { toolFault } from '../../../lib/credential/tpm/faults.ts'
import { createRunTool, type TpmTool } from '../../../lib/credential/tpm/runTool.ts'
import { faultOf } from '../../support/faultOf.ts'

const CAT = 'cat' as TpmTool
const folder = mkdtempSync(join(tmpdir(), 'signet-tool-'))
afterAll(() => rmSync(folder, { recursive: true }))

// Wherever else there is no TPM that these tools know.
describe.skipIf(process.platform !== 'linux')('a tool', () => {
  const run = createRunTool('/dev/null')

  it('is told the way to the TPM first, gets what is secret at its standard input, and its output is the answer', async () => {
    const tcti = join(folder, 'tcti')
    writeFileSync(tcti, 'way to the TPM, ')

    expect(await createRunTool(tcti)(CAT, ['-'], 'secret')).toBe('way to the TPM, secret')
    expect(await run(CAT, ['-'])).toBe('')
  })

  it('is started with none of our environment', async () => {
    const names = (await run(CAT, ['/proc/self/environ'])).split('\0').map((pair) => pair.split('=')[0])

    expect(names.filter(Boolean).sort()).toEqual(['LC_ALL', 'PATH'])
  })

  it('that fails is a fault by its number, and keeps the next one from nothing', async () => {
    const failing = faultOf(() => run(CAT, [join(folder, '(0x921)')]))
    const next = run(CAT, ['-'], 'next')

    expect((await failing).message).toBe('tpm/locked_out: too many wrong auth values (0x921)')
    expect(await next).toBe('next')
  })

  it('that does not end is ended in time', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const { code, context } = await faultOf(() => createRunTool('/dev/null', 50)(CAT, [pipe]))

    expect([code, context.detail]).toEqual(['tpm/unavailable', 'cat did not end in time'])
  })

  it('that is stopped is ended at once, and none is started after it but what clears up', async () => {
    const pipe = join(folder, 'stopped')
    execFileSync('mkfifo', [pipe])
    const stop = new AbortController()
    const stoppable = createRunTool('/dev/null', 60_000, stop.signal)
    const running = faultOf(() => stoppable(CAT, [pipe]))
    const waiting = faultOf(() => stoppable(CAT, ['-'], 'next'))
    setImmediate(() => stop.abort())

    const details = [await running, await waiting].map(({ context }) => context.detail)
    expect(details).toEqual(['cat was stopped', 'cat was stopped'])
  })

  it('waits for the one before it', async () => {
    const [pipe, file] = [join(folder, 'held'), join(folder, 'file')]
    execFileSync('mkfifo', [pipe])
    writeFileSync(file, 'before')
    const first = run(CAT, [pipe])
    const second = run(CAT, [file])
    const ofAnother = await createRunTool('/dev/null')(CAT, [file])
    writeFileSync(file, 'after')
    await writeFile(pipe, 'first')

    expect([ofAnother, await first, await second]).toEqual(['before', 'first', 'after'])
  })

  it('that may not be started is told apart from one that is missing', async () => {
    const notRunnable = await faultOf(() => run('/dev/null' as TpmTool, []))

    expect(notRunnable.message).toBe('tpm/unavailable: /dev/null does not start')
    expect(notRunnable.cause).toMatchObject({ code: 'EACCES' })
  })
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
