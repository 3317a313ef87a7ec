/**
 * A signing key made in the TPM, at a persistent handle. What lies in the folder meanwhile is the key as the TPM wraps it, which no other
 * TPM can open; it is gone afterwards all the same.
 */
import type { TpmKeySettings } from '../../lib/config/credentials.ts'
import { inFolder } from '../../lib/credential/tpm/exchangeFiles.ts'
import type { RunTool } from '../../lib/credential/tpm/runTool.ts'
import { readTpmKey, type TpmKey } from '../../lib/credential/tpm/tpmKey.ts'
import { spelt, type TpmAccess } from '../../lib/credential/tpm/tpmSign.ts'
import { AppError } from '../../lib/errors/appError.ts'
import { UsageFault } from '../usageFault.ts'

interface NewKey extends Pick<TpmKeySettings, 'tcti'> {
  readonly access: TpmAccess
  readonly bits: number
}

/** Made here, bound to here, and good for signatures alone. Its scheme is left open, so that it signs PS256 and its own certificate. */
const ATTRIBUTES = ['fixedtpm', 'fixedparent', 'sensitivedataorigin', 'sign']

/** The key, as the TPM states it. Throws `tpm/*`, and UsageFault where there is a key at the handle already. */
export async function createTpmKey(run: RunTool, { tcti, access, bits }: NewKey): Promise<TpmKey> {
  const { handle, pcrs, auth } = access
  if (await isTaken(run, handle))
    throw new UsageFault(
      `There is a key at ${handle} already. Name another by TPM_HANDLE, or remove it for good: tpm2_evictcontrol -C o -c ${handle}`,
    )
  await inFolder(async (folder) => {
    const [primary, policy, publicPart, wrapped, key] = ['primary', 'policy', 'public', 'wrapped', 'key'].map(
      (name) => `${folder}/${name}`,
    ) as [string, string, string, string, string]
    try {
      await run('tpm2_createprimary', ['-Q', '-C', 'o', '-G', 'ecc', '-c', primary])
      await flush(run, tcti)
      if (pcrs !== undefined) await run('tpm2_createpolicy', ['-Q', '--policy-pcr', '-l', pcrs, '-L', policy])
      const attributes = [...ATTRIBUTES, ...openedBy(access)].join('|')
      const secret = auth === undefined ? [] : ['-p', 'file:-']
      const guard = pcrs === undefined ? [] : ['-L', policy]
      const parts = ['-u', publicPart, '-r', wrapped]
      const kind = ['-C', primary, '-G', `rsa${bits}`, '-a', attributes]
      await run('tpm2_create', ['-Q', ...kind, ...guard, ...secret, ...parts], spelt(auth))
      await flush(run, tcti)
      await run('tpm2_load', ['-Q', '-C', primary, ...parts, '-c', key])
      await run('tpm2_evictcontrol', ['-Q', '-C', 'o', '-c', key, handle])
    } finally {
      await flush(run, tcti).catch(() => undefined)
    }
  })
  return readTpmKey(run, handle)
}

/**
 * By a policy, by an auth value, or by whoever may use the TPM. A key without an auth value needs no protection against guessing, and is
 * then not stopped by a lockout that somebody else brought about.
 */
function openedBy({ pcrs, auth }: TpmAccess): readonly string[] {
  if (pcrs !== undefined) return ['noda']
  return auth === undefined ? ['userwithauth', 'noda'] : ['userwithauth']
}

async function isTaken(run: RunTool, handle: string): Promise<boolean> {
  try {
    await readTpmKey(run, handle)
    return true
  } catch (fault) {
    if (fault instanceof AppError && fault.context.detail?.startsWith('there is no key')) return false
    if (fault instanceof AppError && fault.context.detail === 'the key is not RSA') return true
    throw fault
  }
}

/** Without a resource manager, what a tool has loaded stays and takes room from the next; with one, there is nothing of ours left. */
async function flush(run: RunTool, tcti: string): Promise<void> {
  if (!/^(tabrmd:|device:.*tpmrm\d*$)/.test(tcti)) await run('tpm2_flushcontext', ['-t'])
}
