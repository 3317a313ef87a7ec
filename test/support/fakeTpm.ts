/** The programs of tpm2-tools without a TPM: one key at one handle, and what a TPM can refuse with. Signs as a TPM does, files and all. */
import type { KeyObject } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { toolFault } from '../../lib/credential/tpm/faults.ts'
import type { RunTool } from '../../lib/credential/tpm/runTool.ts'
import { signDigest } from '../../local/vault/signDigest.ts'

const BOUND = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|sign'

export function createFakeTpm(key: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }) {
  const tpm = {
    privateKey: key.privateKey,
    publicKey: key.publicKey,
    handle: '0x81010001',
    attributes: BOUND,
    /** Ways in which the key signs. */
    schemes: ['rsapss', 'rsassa'],
    /** Older TPMs take the longest that fits. */
    saltLength: 32,
    /** The number that the next runs end with, where there is one. */
    refusal: undefined as string | undefined,
    runs: [] as { readonly tool: string; readonly args: readonly string[]; readonly input: string }[],
  }

  const run: RunTool = async (tool, args, input = '') => {
    tpm.runs.push({ tool, args, input })
    if (tpm.refusal !== undefined) throw toolFault(tool, `ERROR: ${tool}(${tpm.refusal})`)
    const valueAt = (option: string): string => args[args.indexOf(option) + 1] ?? ''
    if (valueAt('-c') !== tpm.handle) throw toolFault(tool, 'ERROR: ReadPublic ErrorCode (0x0000018b)')
    if (tool === 'tpm2_readpublic') return publicText()
    const scheme = valueAt('-s')
    if (!tpm.schemes.includes(scheme)) throw toolFault(tool, 'ERROR: Invalid signature scheme for key type')
    const algorithm = scheme === 'rsapss' ? 'PS256' : 'RS256'
    const digest = readFileSync(valueAt('-d'))
    writeFileSync(valueAt('-o'), signDigest(tpm.privateKey, algorithm, digest, tpm.saltLength))
    return ''
  }

  function publicText(): string {
    const { n = '' } = tpm.publicKey.export({ format: 'jwk' })
    return [
      'name: 000b00',
      'attributes:',
      `  value: ${tpm.attributes}`,
      '  raw: 0x40472',
      'type:',
      '  value: rsa',
      '  raw: 0x1',
      'exponent: 65537',
      'bits: 2048',
      'scheme:',
      '  value: null',
      `rsa: ${Buffer.from(n, 'base64url').toString('hex')}`,
      '',
    ].join('\n')
  }

  return { tpm, run }
}
