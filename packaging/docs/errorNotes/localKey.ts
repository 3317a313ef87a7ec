/** Notes on what can go wrong with a key beside the host: in its TPM, and in a file at a desk. */
import type { ErrorNote } from './errorNote.ts'

const STATUS = '`npm run tpm -- status` says of the key what the TPM states: [TPM](../../tpm.md).'

export const LOCAL_KEY_NOTES = {
  'tpm/unavailable': {
    arises:
      'A program of tpm2-tools could not be started, did not end in five seconds, found no TPM, or ended with a number that has no meaning here.',
    look: [
      '`detail` names the program, and the number where the TPM answered with one (`tpm2_rc_decode` explains it).',
      '`ls -l /dev/tpmrm0`: the account of the app needs to read and write it, as members of the group `tss` may.',
      STATUS,
    ],
  },
  'tpm/locked_out': {
    arises:
      'Wrong auth values came too often, by whatever program, and the TPM takes none for keys that have one. A key without an auth value goes on.',
    look: [
      '`tpm2_getcap properties-variable` has the counter, the limit and the seconds after which one more is allowed.',
      'Whether `TPM_AUTH_FILE` holds the value that the key was made with: otherwise the app itself is who sends wrong ones.',
      '`tpm2_dictionarylockout --clear-lockout` ends it at once, for whoever holds the lockout authority.',
    ],
  },
  'tpm/key_unusable': {
    arises:
      'There is no key at the handle, it is another than the certificate’s, it may leave its TPM, it refuses the auth value or the state of the machine, or the certificate has run out.',
    look: [
      '`detail` says which of these it is.',
      'After an update of firmware or boot loader, PCRs change: make a key anew, or leave those PCRs out of its policy.',
      STATUS,
    ],
  },
  'pem/key_unusable': {
    arises:
      'The file of `PEM_FILE` cannot be read, or does not hold one certificate that is valid now and its own RSA key. For development only.',
    look: [
      '`detail` says what is missing.',
      '`openssl x509 -in <file> -noout -dates` and `openssl rsa -in <file> -check -noout`.',
    ],
  },
} as const satisfies Record<string, ErrorNote>
