/** The rows of the closed table that speak of a session, and of the device that it is bound to. */
import type { ErrorRow } from './row.ts'
import { ourFault, startAgain } from './rowKinds.ts'

/** What it means to whoever meets it: it is true of the one and not of the other. */
const OF_SOMEBODY = {
  'signed-in': 'You have not been signed out.',
  'signing-in': 'You are not signed in yet.',
} as const

export const SESSION_ERRORS = {
  'session/store_unavailable': {
    kind: 'upstream',
    status: 503,
    screen: 'busy',
    userText: 'This service is briefly unavailable: please try again in a moment.',
    userTextOfRule: OF_SOMEBODY,
    operatorAction: 'Table Storage failed or timed out: check its health, network rules and role assignment.',
  },
  'session/newer_record': {
    kind: 'upstream',
    status: 503,
    screen: 'busy',
    userText: 'This service is being updated. You have not been signed out: please try again in a moment.',
    operatorAction:
      'A newer build wrote this session: finish the update, or end the sessions before going back.',
  },
  'session/store_refused': {
    ...ourFault(
      'Grant the app identity Storage Table Data Contributor, and check SESSION_TABLES_URL.',
      'This service cannot look up who is signed in. The fault is on our side and has been recorded.',
    ),
    userTextOfRule: OF_SOMEBODY,
  },
  'session/not_found': {
    kind: 'user',
    status: 404,
    screen: 'startAgain',
    userText: 'This session has ended already.',
    operatorAction: 'None.',
  },
  'session/required': {
    kind: 'user',
    status: 401,
    screen: 'startAgain',
    userText: 'You are not signed in, or your session has ended. Please sign in.',
    operatorAction: 'None: the front end sends the person to loginUrl.',
  },
  'session/device_proof_required': startAgain(
    401,
    'Your browser has to show that it still holds the key that your session is bound to. You have not been signed out: please try again.',
    'None, unless frequent: a browser was over its quota or could not reach us (the log names what it said), or somebody has a copied cookie.',
  ),
  'session/device_required': startAgain(
    403,
    'Your session has ended: it has to be bound to your device, and this browser did not do that. Use a current Chrome on Windows with a security chip (TPM).',
    'SESSION_DEVICE_BINDING is `require`: give people a browser that can, or set `offer`.',
  ),
  'device/registration_refused': {
    kind: 'forged',
    status: 400,
    screen: 'startAgain',
    userText: 'This browser could not be bound to your session.',
    operatorAction:
      'None, unless frequent: a browser offered a second key, or its answer broke the rule the log names.',
  },
  'device/proof_refused': {
    kind: 'forged',
    status: 400,
    screen: 'startAgain',
    userText: 'This browser does not hold the key that the session is bound to.',
    operatorAction:
      'Security event: somebody has a session cookie and not the key. The third within a minute ends the session.',
  },
} as const satisfies Record<string, ErrorRow>
