/**
 * What went wrong at the TPM, as one of our codes, by the number it answered with (TPM 2.0 library, part 2, section 6.6) and by no word of
 * a tool, which differ by version.
 */
import { AppError } from '../../errors/appError.ts'
import type { ErrorCode } from '../../errors/table.ts'

/** By the response code without the parameter, handle or session that it is about. */
const MEANINGS: ReadonlyMap<number, readonly [ErrorCode, string]> = new Map([
  [0x921, ['tpm/locked_out', 'too many wrong auth values']],
  [0x8e, ['tpm/key_unusable', 'the auth value was refused']],
  [0xa2, ['tpm/key_unusable', 'the auth value was refused']],
  [0x12f, ['tpm/key_unusable', 'the key wants its policy, not an auth value']],
  [0x9d, ['tpm/key_unusable', 'the PCRs are not what the policy of the key asks for']],
  [0x128, ['tpm/key_unusable', 'the PCRs changed meanwhile']],
  [0x8b, ['tpm/key_unusable', 'there is no key at the handle']],
  [0x92, ['tpm/key_unusable', 'the key cannot sign in this way']],
  [0x14c, ['tpm/key_unusable', 'the handle is taken']],
])

/** The fault that a tool ended with. `said`: what it wrote to standard error. */
export function toolFault(tool: string, said: string): AppError {
  const code = responseCode(said)
  const [meant, why] = code === undefined ? [] : (MEANINGS.get(code) ?? [])
  if (meant !== undefined) return new AppError(meant, { detail: `${why} (0x${code?.toString(16)})` })
  // Made by a key that signs in one way only, which the tool knows without the TPM.
  if (/signature scheme/i.test(said))
    return new AppError('tpm/key_unusable', { detail: 'the key cannot sign in this way' })
  const detail = code === undefined ? `${tool}: no answer of a TPM` : `${tool}: 0x${code.toString(16)}`
  return new AppError('tpm/unavailable', { detail })
}

/** The last one named: further up the same fault is told by the layers that it passed. */
function responseCode(said: string): number | undefined {
  const code = [...said.matchAll(/\(0x([0-9a-f]{3,8})\)/gi)].at(-1)?.[1]
  if (code === undefined) return undefined
  const number = Number.parseInt(code, 16)
  // Bit 7 tells the format whose other bits say where the fault is.
  return (number & 0x80) === 0 ? number & 0xfff : number & 0xbf
}
