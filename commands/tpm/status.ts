/** What the TPM states of the key, line by line, and whether the key signs as the app would have it sign. */
import { createHash } from 'node:crypto'
import type { RunTool } from '../../lib/credential/tpm/runTool.ts'
import { isBound, readTpmKey } from '../../lib/credential/tpm/tpmKey.ts'
import { isSignature, signInTpm, type TpmAccess } from '../../lib/credential/tpm/tpmSign.ts'
import { asAppError } from '../../lib/errors/appError.ts'

interface Status {
  readonly lines: readonly string[]
  readonly isFit: boolean
}

/** `certificate`: what is wrong with the certificate, or undefined where it fits or none is named. Throws `tpm/*` where the key cannot be read. */
export async function tpmStatus(run: RunTool, access: TpmAccess, input: Uint8Array): Promise<Status> {
  const key = await readTpmKey(run, access.handle)
  const spki = key.publicKey.export({ type: 'spki', format: 'der' })
  const signs = await Promise.all(
    (['PS256', 'RS256'] as const).map(async (algorithm) => {
      try {
        const signature = await signInTpm(run, access, input, algorithm)
        return isSignature(key.publicKey, input, signature, algorithm)
          ? `${algorithm}: yes`
          : `${algorithm}: no, its signature is not what RFC 7518 asks for`
      } catch (fault) {
        return `${algorithm}: no (${asAppError(fault).message})`
      }
    }),
  )
  const bound = isBound(key)
  return {
    lines: [
      `Key: RSA ${key.bits} at ${key.handle}, SHA-256 of its public part ${createHash('sha256').update(spki).digest('hex')}`,
      bound
        ? 'Bound: made in this TPM, and can be neither copied nor imported, says the TPM (fixedtpm, fixedparent, sensitivedataorigin)'
        : `NOT bound to this TPM: it has only ${key.attributes.join(', ')}. The app refuses it.`,
      `Opened by: ${openedBy(key.attributes, key.hasPolicy)}`,
      ...signs,
    ],
    isFit: bound && signs.some((line) => line.endsWith(': yes')),
  }
}

function openedBy(attributes: readonly string[], hasPolicy: boolean): string {
  if (hasPolicy) return 'a policy on the state of the machine (TPM_PCRS)'
  return attributes.includes('noda')
    ? 'whoever may use the TPM'
    : 'an auth value, if it has one (TPM_AUTH_FILE); wrong ones count towards a lockout'
}
