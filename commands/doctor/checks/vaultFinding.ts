/** What a fault of the vault means and which command puts it right. */
import { type AppError, asAppError } from '../../../lib/errors/appError.ts'
import { type Finding, fail } from '../check.ts'
import type { Examination, ExaminedCertificate } from '../examination.ts'
import { seenAddress } from '../seenAddress.ts'
import { vaultScope } from './identity.ts'

/** The finding for a thrown `vault/*` or `identity/*` fault; `action` is what the vault was asked for, as in "sign". */
export async function vaultFinding(
  thrown: unknown,
  action: string,
  certificate: ExaminedCertificate,
  { commands, principal }: Examination,
): Promise<Finding> {
  const fault = asAppError(thrown)
  const { detail = '' } = fault.context
  const { url } = certificate.vault
  switch (fault.code) {
    case 'identity/unavailable':
      return fail(
        `${url} accepts no token of this identity: the vault is in another tenant.`,
        commands.signIn(),
      )
    case 'vault/forbidden': {
      if (/ForbiddenBy(Firewall|Connection)/.test(detail)) {
        const address = seenAddress(fault.context.cause)
        const seenAs = address === undefined ? '' : `, whose address it saw as ${address}`
        return fail(
          `${url} does not admit the network this runs in${seenAs}.`,
          commands.admitToVault(url, address),
        )
      }
      const examiner = await principal(vaultScope(url))
      const seen = `${url} does not let object id ${examiner.objectId} ${action}.`
      return fail(seen, commands.grantSigner(url, examiner))
    }
    case 'vault/key_unusable':
      return unusable(fault, certificate, commands)
    case 'vault/misaddressed':
      return fail(
        `${url} is not the name that the vault goes by (${detail}): it takes no alias and no private-link name.`,
        commands.setSettings(['KEY_VAULT_URL']),
      )
    case 'vault/throttled':
      return fail(
        `${url} answers 429: somebody uses this vault, or others of its subscription, too heavily.`,
        commands.countVaultCalls(url),
      )
    case 'vault/timeout':
      return fail(
        `${url} did not answer in time: look at its private endpoint, its DNS name and its health.`,
        commands.showVaultNetwork(url),
      )
    default:
      return fail(`${url} could not be reached, or failed (${detail}).`, commands.showVaultNetwork(url))
  }
}

function unusable(
  { context: { detail = '' } }: AppError,
  { clientId, vault, named }: ExaminedCertificate,
  commands: Examination['commands'],
): Finding {
  const certificate = `Certificate ${vault.certificate} in ${vault.url}`
  return detail.includes('NotFound')
    ? fail(
        `${certificate} does not exist, or not in the version that the settings pin.`,
        commands.renewCertificate(clientId, named()),
      )
    : fail(
        `${certificate} cannot be used (${detail}): it is disabled, expired or not issued yet.`,
        commands.listVersions(named()),
      )
}
