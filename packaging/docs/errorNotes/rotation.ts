/** Notes on what can stand in the way of a new certificate. */
import type { ErrorNote } from './errorNote.ts'

const STATUS =
  '`npm run rotate -- --status` says how far the exchange is, what stands in its way, and what comes next.'
const SERVES_ON = 'The version that signs goes on signing until its own end; nobody who signs in notices.'

export const ROTATION_NOTES = {
  'rotation/no_proof': {
    arises:
      'No version of the certificate that can sign is accepted by Entra: the last one has run out, was disabled, or was taken out of the registration. A new one can be added by proof of an old one only.',
    look: [
      'Sign-in is down, or will be when assertions that were signed before run out, in ten minutes.',
      '`npm run rotate` writes the certificate and the request that registers it, for an administrator to send: [when no key is left](../../operate.md#when-no-key-is-left).',
      STATUS,
    ],
  },
  'rotation/not_registered': {
    arises:
      'A new version is in the vault, the application may not register it, and Entra does not accept it yet. It is tried once an hour, and comes into use as soon as somebody registered it.',
    look: [
      'The hindrance of the step `register` says why the application may not.',
      'By hand: [rotate](../../operate.md#rotate).',
      SERVES_ON,
    ],
  },
  'rotation/not_accepted': {
    arises:
      'Entra took the new version, and token requests by it are refused still: a directory is copied to many places, and each hears of a key in its own time. Three in a row have to be accepted before it is used.',
    look: [
      'Nothing, for an hour: each run of the timer tries again.',
      'After that, compare the thumbprint in the line with the certificates of the registration.',
      SERVES_ON,
    ],
  },
  'rotation/key_exportable': {
    arises:
      'The vault says of a version that its key can be exported: the policy of the certificate says so, or says nothing, or the key itself does. Whoever may read secrets of that vault gets it as a file, and whatever is registered could then be signed for from anywhere. The exchange registers no such version and brings none into use, and what it once found to be one stays one, whatever the policy says later.',
    look: [
      'The policy: `az keyvault certificate show --vault-name <vault> --name <certificate> --query policy.keyProperties`. A version made from [`certificate-policy.json`](../../../infra/certificate-policy.json), or by the app itself (`ROTATION=auto`, `npm run rotate -- --now`), cannot be exported, and the policy is as it should be from then on.',
      'Then disable the version: `az keyvault certificate set-attributes --vault-name <vault> --name <certificate> --version <version> --enabled false`. Where somebody registered it by hand, [take its key out](../../operate.md#a-certificate) as well.',
      'Who read the secret of that name meanwhile has the key: the audit log of the vault has it as `SecretGet`.',
      SERVES_ON,
    ],
  },
  'rotation/may_not_create': {
    arises: 'A new version was wanted, and the vault lets whoever ran the exchange make none.',
    look: [
      '`ROTATION=auto` needs *certificates/create* on the vault: the templates [give it](../../deploy.md#where-the-app-makes-versions) where that is the mode, and not with `SIGNET_SIGNER_ROLE=built-in`. `npm run doctor` looks for it before a version is due.',
      'With another mode it is `npm run rotate -- --now` that wanted a version which neither you nor the app may make.',
      'A version that somebody else makes, or that the vault renews by its own policy, is taken up just the same.',
      SERVES_ON,
    ],
  },
  'rotation/last_key': {
    arises:
      'An old key was to be removed, and the registration does not list the one that signs. Nothing is removed unless what remains has been seen.',
    look: [
      'Just after a change, Graph may not show it yet: the next run looks again.',
      'Otherwise compare the certificates of the registration with the thumbprint that `credential.signed` names.',
      STATUS,
    ],
  },
  'rotation/key_not_own': {
    arises:
      'An old key was to be removed. Which one the row says, and the row is in the session table, where others may be able to write: an entry is removed only where the vault lists its certificate as that version, or, where the application may not look at its registration, where the key of that version has signed for the id of the entry when it was registered.',
    look: [
      'Once after an update from a build that did not sign yet: `az ad app credential list --cert --id <client id>` shows the key, by its thumbprint in `npm run rotate -- --status`; `az ad app credential delete --cert --id <client id> --key-id <key id>` removes it.',
      'Where the version is none of this certificate, or the id is that of another key, somebody has written the row: see who holds *Storage Table Data Contributor*. Nothing of theirs was removed.',
      STATUS,
    ],
  },
  'rotation/newer_state': {
    arises: 'The row of the exchange was written by a newer build, which knows steps that this one does not.',
    look: [
      'Finish the update. While two builds run, the newer one carries on.',
      'To go back for good, delete the rows of partition `rotation`: the older build begins with what Entra accepts.',
      SERVES_ON,
    ],
  },
} as const satisfies Record<string, ErrorNote>
