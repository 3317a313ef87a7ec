/** Settings of what the app proves itself by: the sources, what each needs, and how assertions are made. */
import type { Setting } from './setting.ts'

export const CREDENTIAL_SETTINGS = [
  {
    name: 'CREDENTIAL',
    required: 'no',
    defaultValue: 'vault',
    meaning:
      'By what the app proves itself: `vault`, a certificate whose key signs inside Key Vault; `managed-identity`, a federated identity credential; `tpm`, a key in a [TPM](docs/tpm.md) of the host; `pem`, a key in a file, for development. Several, separated by commas, [in order](docs/credentials.md#an-ordered-list): the next one serves where the one before cannot',
  },
  {
    name: 'KEY_VAULT_URL',
    required: 'with `vault`',
    defaultValue: '',
    meaning: 'Origin of the vault, e.g. `https://contoso-signet.vault.azure.net`',
  },
  {
    name: 'SIGNING_CERTIFICATE',
    required: 'no',
    defaultValue: 'signet-signing',
    meaning: 'Name of the certificate in the vault, or `name/version` to pin one version',
  },
  {
    name: 'ROTATION',
    required: 'no',
    defaultValue: 'register',
    meaning:
      'How a new version of a certificate comes into use: `register` has the app [register it, prove it and change over](docs/operate.md#rotate), `auto` make it as well, `manual` leaves all that to you and waits a day',
  },
  {
    name: 'AZURE_CLIENT_ID',
    required: 'with `managed-identity`',
    defaultValue: '',
    meaning: 'Client id of the user-assigned managed identity; without it the system-assigned one is used',
  },
  {
    name: 'TPM_CERTIFICATE',
    required: 'with `tpm`',
    defaultValue: '',
    meaning: 'Absolute path of the certificate for the key in the TPM, PEM',
  },
  {
    name: 'TPM_HANDLE',
    required: 'no',
    defaultValue: '0x81010001',
    meaning: 'Persistent handle of the key in the TPM',
  },
  {
    name: 'TPM_TCTI',
    required: 'no',
    defaultValue: 'device:/dev/tpmrm0',
    meaning: 'How the TPM is reached, as tpm2-tools name it: `device:`, `tabrmd:` or `swtpm:`',
  },
  {
    name: 'TPM_AUTH_FILE',
    required: 'where the key has one',
    defaultValue: '',
    meaning: 'Absolute path of a file with the auth value of the key, such as a credential of systemd',
  },
  {
    name: 'TPM_PCRS',
    required: 'where the key has a policy',
    defaultValue: '',
    meaning: 'Bank and PCRs of the policy of the key, as in `sha256:0,7`',
  },
  {
    name: 'PEM_FILE',
    required: 'with `pem`',
    defaultValue: '',
    meaning:
      'Absolute path of a file with a certificate and its private key, PEM; for development: refused in Azure, and unless `PUBLIC_URL` is a loopback address',
  },
  {
    name: 'ASSERTION_PROFILE',
    required: 'no',
    defaultValue: 'entra',
    meaning:
      'By whose rules [an assertion](docs/credentials.md#two-profiles) is made: `entra`, for the token endpoint and used again; `rfc10070`, for the issuer, with a type of its own, and used once',
  },
  {
    name: 'ASSERTION_LIFETIME_SEC',
    required: 'no',
    defaultValue: '',
    meaning:
      'Seconds that an assertion lives from its signature (60 to 600); 540 with `entra`, which makes the ten minutes that Entra recommends at most with the minute by which it is valid before, and 60 with `rfc10070`',
  },
] as const satisfies readonly Setting[]
