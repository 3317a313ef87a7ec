/** Notes on what can go wrong before a signature is there: settings, managed identity, Key Vault. */
import type { ErrorNote } from './errorNote.ts'

const DOCTOR =
  '`npm run doctor` examines the same link with the same code and names one fix: [doctor](../../doctor.md).'
const SERVES_ON =
  'A warm instance goes on with the assertion it has, up to eight minutes after it was signed, so this can be in the log while sign-in works.'

export const VAULT_NOTES = {
  'config/invalid': {
    arises:
      'The settings are read when the bundle loads, all of them at once. With a faulty one the app composes nothing and every request ends here. In the [library](../../library.md) it is an option of the call that is faulty.',
    look: [
      'The log line of the start names each faulty setting and what is wrong with it, never its value.',
      'The [table of settings](../../../README.md#settings) says what each one takes.',
      DOCTOR,
    ],
  },
  'vault/throttled': {
    arises:
      'The vault answered 429, and its pause did not fit into the six seconds that a request waits. An instance asks the vault twice in ten minutes, so it is hardly this app that is too much.',
    look: [
      'Query [`signatures-by-caller`](../../operate.md#monitor): who else signs with this vault.',
      'Limits are for each vault and region, and for the subscription: a vault of its own for this app is the cure.',
      SERVES_ON,
    ],
  },
  'vault/timeout': {
    arises:
      'Reading the certificate and signing took longer than six seconds, two attempts of 2.5 seconds among them. The work goes on for whoever comes next.',
    look: [
      '`detail` tells an attempt that ran out (`AbortError`) from the wait as a whole (`certificate and signature`).',
      'Metrics of the vault, *Overall Vault Availability* and *Latency*; its private endpoint and the DNS zone of it.',
      SERVES_ON,
    ],
  },
  'vault/unavailable': {
    arises:
      'The vault could not be reached, broke the connection off, or answered with a 5xx or with something the SDK does not know.',
    look: [
      '`detail` has the name and the status that the SDK saw: `ENOTFOUND` is DNS, `ECONNREFUSED` a route, `503` the service.',
      'Azure Service Health for Key Vault in the region; after that network rules and the private endpoint.',
      DOCTOR,
      SERVES_ON,
    ],
  },
  'vault/not_yet_allowed': {
    arises:
      'The vault answers 403 to reading the certificate, to signing, or to making a version, and has for less than ten minutes: since it last let this instance in, or since the instance began.',
    look: [
      '`detail` has the vault’s own reason: `ForbiddenByRbac` is a role, `ForbiddenByFirewall` or `ForbiddenByConnection` the network.',
      'Shortly after a deployment: wait. Roles take some minutes to be seen everywhere.',
      'Otherwise, and where it lasts ([`vault/forbidden`](forbidden.md) from then on): the right is missing, or the network is not admitted.',
      'Query [`vault-refusals`](../../operate.md#monitor) says whom the vault refused, and why, from the first refusal on.',
      DOCTOR,
      SERVES_ON,
    ],
  },
  'vault/forbidden': {
    arises:
      'The vault answered 403 to reading the certificate or to signing, for ten minutes or longer: the right is missing, or the network is not admitted.',
    look: [
      '`detail` has the vault’s own reason: `ForbiddenByRbac` is a role, `ForbiddenByFirewall` or `ForbiddenByConnection` the network.',
      'Query [`vault-refusals`](../../operate.md#monitor) says whom the vault refused, and why.',
      DOCTOR,
    ],
  },
  'vault/key_unusable': {
    arises:
      'The certificate is not there, is disabled, has run out, is not valid yet, or its key may not sign; or the answer was not about the version that was asked for.',
    look: [
      '`detail` says which version and what is wrong with it.',
      'Where it was disabled by mistake: `az keyvault certificate set-attributes --vault-name <vault> --name <name> --version <version> --enabled true`.',
      '`az keyvault certificate list-versions --vault-name <vault> --name <name>` shows what there is; [renew](../../operate.md#rotate) or recover it.',
      'With `name/version` in `SIGNING_CERTIFICATE` nothing takes its place: unpin it.',
    ],
  },
  'vault/misaddressed': {
    arises:
      '`KEY_VAULT_URL` leads to a vault that goes by another name: an alias, or the name of its private link. The SDK sends no token where the names differ.',
    look: ['`az keyvault show --name <vault> --query properties.vaultUri` is the address to set.', DOCTOR],
  },
  'identity/unavailable': {
    arises:
      'The managed identity gave no token for the vault or the table in six seconds, or the vault refused the one it gave (401). A person who is signed in can meet it too, because reading the session needs it.',
    look: [
      'The identity is assigned to the app, and `AZURE_CLIENT_ID` is its *client* id, not its object id.',
      '`cause` names the class of the SDK’s fault: `CredentialUnavailableError` means that there is no endpoint at all.',
      'One token lasts about a day; a warm instance notices nothing of an outage.',
      DOCTOR,
    ],
  },
} as const satisfies Record<string, ErrorNote>
