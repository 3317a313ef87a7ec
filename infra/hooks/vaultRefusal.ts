/** What a refusal of the vault means to whoever deploys. */
import { seenAddress } from '../../commands/doctor/seenAddress.ts'
import { HookFault } from './hookFault.ts'

/** The parts of the SDK's RestError that are read; none of them is certain to be there. */
interface SeenFault {
  readonly statusCode?: unknown
  readonly message?: unknown
  readonly details?: { readonly error?: { readonly innerError?: { readonly code?: unknown } } }
}

/** True where nothing of that name was found. */
export function isNotFound(fault: unknown): boolean {
  return seen(fault).statusCode === 404
}

/** True for a role that is missing, or was granted a moment ago and has not spread yet. */
export function isMissingRole(fault: unknown): boolean {
  return seen(fault).statusCode === 403 && !isClosedNetwork(fault)
}

/** A fault of the vault as one that says what to do. */
export function explainVaultFault(fault: unknown, vaultUrl: string, name: string): Error {
  const vault = vaultUrl.split('/')[2]?.split('.')[0] ?? vaultUrl
  const because = { cause: fault }
  if (isClosedNetwork(fault)) {
    const address = seenAddress(fault)
    const known = address === undefined ? '' : ` (${address})`
    return new HookFault(
      `The vault ${vault} is closed to the address of this machine${known}.`,
      [
        `azd env set SIGNET_ALLOWED_ADDRESSES '["${address ?? '<the address of this machine>'}"]' && azd up`,
        'Or run "azd up" on a machine inside the network.',
      ],
      because,
    )
  }
  if (isMissingRole(fault)) {
    return new HookFault(
      `The vault ${vault} does not let you create or read certificates.`,
      [
        'Sign in to both command lines as the same account, az login and azd auth login, then: azd up',
        'Where another account deployed before you, it has the rights and you have none yet: azd provision --no-state',
      ],
      because,
    )
  }
  if (seen(fault).statusCode === 409) {
    return new HookFault(
      `The vault ${vault} holds a deleted certificate ${name}, or is making one right now.`,
      [`az keyvault certificate recover --vault-name ${vault} --name ${name} && azd up`],
      because,
    )
  }
  return fault instanceof Error ? fault : new Error(String(fault))
}

/** The vault names the rule inside a general "Forbidden". */
function isClosedNetwork(fault: unknown): boolean {
  const { statusCode, message, details } = seen(fault)
  const words = `${String(details?.error?.innerError?.code)} ${String(message)}`
  return statusCode === 403 && /ForbiddenByFirewall|ForbiddenByConnection|public network access/i.test(words)
}

function seen(fault: unknown): SeenFault {
  return typeof fault === 'object' && fault !== null ? fault : {}
}
