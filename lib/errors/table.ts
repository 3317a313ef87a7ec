/**
 * The closed table of everything that can go wrong; what nobody foresaw is `bug/unexpected`. What a person reads of it, under a heading of
 * its screen, and what an operator does about it is decided here, not where the fault happens.
 */
import { CREDENTIAL_ERRORS } from './credentialErrors.ts'
import { ENTRA_ERRORS } from './entraErrors.ts'
import { GRAPH_ERRORS } from './graphErrors.ts'
import { REQUEST_ERRORS } from './requestErrors.ts'
import { ROTATION_ERRORS } from './rotationErrors.ts'
import type { ErrorRow } from './row.ts'
import { OUR_FAULT, ourFault } from './rowKinds.ts'
import { SESSION_ERRORS } from './sessionErrors.ts'
import { SIGN_IN_ERRORS } from './signInErrors.ts'

export const ERRORS = {
  'config/invalid': ourFault(
    'Correct the settings named in the log; the app does not start until all are valid.',
  ),
  ...CREDENTIAL_ERRORS,
  ...ENTRA_ERRORS,
  ...SIGN_IN_ERRORS,
  ...SESSION_ERRORS,
  ...GRAPH_ERRORS,
  ...ROTATION_ERRORS,
  ...REQUEST_ERRORS,
  'bug/unexpected': {
    kind: 'bug',
    status: 500,
    screen: 'ourFault',
    userText: OUR_FAULT,
    operatorAction: 'Report it with the log line of the same correlation id.',
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERRORS
