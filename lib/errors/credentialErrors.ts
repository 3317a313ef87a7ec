/** The rows of the closed table that speak of what the app proves itself by: vault, managed identity, TPM, file. */
import type { ErrorRow } from './row.ts'
import { busy, ourFault } from './rowKinds.ts'

export const CREDENTIAL_ERRORS = {
  'vault/throttled': busy(
    'Key Vault answers 429: look for another heavy user of the same vault or subscription.',
  ),
  'vault/timeout': busy(
    'Key Vault did not answer in time: check its service health, private endpoint and DNS.',
  ),
  'vault/unavailable': busy(
    'Key Vault could not be reached or failed: check its service health, network rules and DNS.',
  ),
  'identity/unavailable': busy(
    'The managed identity gave no token: check that it is assigned and AZURE_CLIENT_ID names it.',
  ),
  'vault/not_yet_allowed': busy(
    'Key Vault has refused the app for less than ten minutes: a role just granted is waited for; else grant it, or admit the network.',
  ),
  'vault/forbidden': ourFault(
    'Grant the app identity certificates/read and keys/sign on the vault, and admit its network.',
  ),
  'vault/key_unusable': ourFault(
    'The signing certificate is missing, disabled, expired or may not sign: see SIGNING_CERTIFICATE.',
  ),
  'vault/misaddressed': ourFault(
    'KEY_VAULT_URL is not the name that the vault goes by: no alias and no private-link name will do.',
  ),
  'tpm/unavailable': busy(
    'The TPM gave no answer: check that it is there, TPM_TCTI, the rights on its device, and that tpm2-tools are installed.',
  ),
  'tpm/locked_out': ourFault(
    'The TPM takes no auth values for now: find out who sends wrong ones, and wait, or end the lockout with its owner’s means.',
  ),
  'tpm/key_unusable': ourFault(
    'The key in the TPM does not sign as it should: see TPM_HANDLE, TPM_CERTIFICATE and what its policy asks for, and run npm run tpm -- status.',
  ),
  'pem/key_unusable': ourFault(
    'PEM_FILE has to hold a valid certificate and its own private key, unencrypted.',
  ),
} as const satisfies Record<string, ErrorRow>
