/** Whether the certificate can be read, and which of its versions signs. */
import { ACTIVATION_DELAY_MS, isSettled } from '../../../lib/vault/versions.ts'
import { type Finding, pass } from '../check.ts'
import type { Examination, ExaminedCertificate } from '../examination.ts'
import { isPrivateAddress } from '../seenAddress.ts'
import { vaultFinding } from './vaultFinding.ts'

const HOUR_MS = 3_600_000

export async function examineVault(
  certificate: ExaminedCertificate,
  examination: Examination,
): Promise<Finding> {
  try {
    const { signing, isNamed, versions, seenFrom } = await certificate.gather()
    const own = versions.find(({ version }) => version === signing.version)
    const choice = {
      isNamed,
      isPinned: certificate.vault.certificateVersion !== undefined,
      isSettledNow: own !== undefined && isSettled(own, examination.effects.now()),
      isNewest: versions.every(({ createdOn }) => (createdOn ?? 0) <= (own?.createdOn ?? 0)),
    }
    const signs = `Version ${signing.version} of certificate ${signing.name} signs, because ${reason(choice)}.`
    return pass(seenFrom === undefined ? signs : `${signs} ${origin(seenFrom)}`)
  } catch (fault) {
    return vaultFinding(fault, 'read certificates', certificate, examination)
  }
}

/** What a rule for the vault would have to admit; through a private endpoint it is an address of the network. */
function origin(address: string): string {
  return `The vault saw this come from ${address}${isPrivateAddress(address) ? ', inside the network' : ''}.`
}

interface Choice {
  readonly isNamed: boolean
  readonly isPinned: boolean
  readonly isSettledNow: boolean
  readonly isNewest: boolean
}

function reason({ isNamed, isPinned, isSettledNow, isNewest }: Choice): string {
  const delay = `${ACTIVATION_DELAY_MS / HOUR_MS} hours`
  if (isNamed) return 'Entra was seen to accept it when it took over'
  if (isPinned) return 'the settings pin it'
  if (!isSettledNow) return `no version is ${delay} old yet and none has been known longer`
  return isNewest ? 'it is the newest' : `the newest is not ${delay} old yet`
}
