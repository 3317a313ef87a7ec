/** What to do when the walk itself fails, before Entra has refused anything: for whoever sits at the terminal, not for the app's operator. */
import type { AppError } from '../../lib/errors/appError.ts'
import type { ErrorCode } from '../../lib/errors/table.ts'
import { adviceOf } from '../adviceOf.ts'

interface Surroundings {
  /** Whether the platform offers a managed identity; else the Azure CLI is asked. */
  readonly isInAzure: boolean
}

/** The walk that needs no tenant, no vault and no settings. */
export const DESK_COMMAND = 'npm run walkthrough -- --desk --as Ada'

/** Where the vault is reached as a person, what the table says of the app's identity is said of them. */
const AS_A_PERSON: Partial<Record<ErrorCode, string>> = {
  'identity/unavailable': 'Sign in to the Azure CLI, which is asked for a token for the vault: az login.',
  'vault/forbidden':
    'Grant certificates/read and keys/sign on the vault to whoever the Azure CLI is signed in as (az account show), and admit the network of this machine.',
}

const ANYWHERE: Partial<Record<ErrorCode, string>> = {
  'config/invalid': 'Set what the line above names, and nothing else: docs/walkthrough.md has an example.',
  'entra/malformed_response':
    'That was not Entra: look for a proxy between this machine and the host in ENTRA_AUTHORITY_HOST.',
  'entra/unavailable':
    'Entra was not reached or had no time: see that this machine gets to ENTRA_AUTHORITY_HOST, and walk again.',
}

/** A sentence or two on what to do. */
export function faultAdvice({ code }: AppError, { isInAzure }: Surroundings): string {
  const ofPerson = isInAzure ? undefined : AS_A_PERSON[code]
  return ofPerson ?? ANYWHERE[code] ?? adviceOf(code)
}
