/** What `npm run tpm` does, given the TPM: makes a key, certifies it, or says how it stands. */
import type { Effects } from '../../lib/base/effects.ts'
import type { TpmKeySettings } from '../../lib/config/credentials.ts'
import type { RunTool } from '../../lib/credential/tpm/runTool.ts'
import { accessOf, isNoAuthValue } from '../../lib/credential/tpm/tpmCredential.ts'
import type { TpmAccess } from '../../lib/credential/tpm/tpmSign.ts'
import { UsageFault } from '../usageFault.ts'
import { certifyTpmKey, requestForTpmKey } from './certify.ts'
import { createTpmKey } from './createKey.ts'
import type { TpmCommand } from './options.ts'
import { tpmStatus } from './status.ts'

interface TpmWorld {
  readonly run: RunTool
  readonly tpm: TpmKeySettings
  readonly effects: Pick<Effects, 'now' | 'random'>
  /** The auth value that came by a file descriptor, where one was named. */
  readonly auth?: Uint8Array
  /** For whoever reads, and for what reads. */
  readonly say: (line: string) => void
  readonly print: (text: string) => void
}

/** True where all is as it should be. Throws `tpm/*` and UsageFault. */
export async function runTpm(command: TpmCommand, world: TpmWorld): Promise<boolean> {
  const { run, tpm, effects, auth, say, print } = world
  const { verb, subject, days, bits } = command
  const access = auth === undefined ? await accessOf(tpm) : withAuth(tpm, auth)
  if (verb === 'create') requireAuthValue(access)
  switch (verb) {
    case 'create': {
      const key = await createTpmKey(run, { tcti: tpm.tcti, access, bits })
      say(
        `Made RSA ${key.bits} at ${key.handle}. Next: npm run --silent tpm -- certificate > <file for TPM_CERTIFICATE>`,
      )
      return true
    }
    case 'csr':
      print(await requestForTpmKey(run, { access, subject }))
      say(
        'To be signed by your authority. What it gives back is for TPM_CERTIFICATE, and for the registration.',
      )
      return true
    case 'certificate':
      print(
        await certifyTpmKey(run, { access, subject, days, nowMs: effects.now(), serial: effects.random(16) }),
      )
      say('To register: az ad app credential reset --id <client id> --append --cert @<file>')
      return true
    case 'status': {
      const { lines, isFit } = await tpmStatus(run, access, effects.random(32))
      for (const line of lines) print(`${line}\n`)
      return isFit
    }
    case 'help':
      return true
  }
}

function withAuth({ handle, pcrs }: TpmKeySettings, auth: Uint8Array): TpmAccess {
  if (pcrs !== undefined) throw new UsageFault('A key has a policy (TPM_PCRS) or an auth value, not both.')
  return { handle, auth }
}

/** Wherever it came from: whoever wants a key with an auth value gets none that opens without. */
function requireAuthValue({ auth }: TpmAccess): void {
  if (auth !== undefined && (isNoAuthValue(auth) || auth.length > 32))
    throw new UsageFault('An auth value has 1 to 32 bytes, and they are not all zero.')
}
