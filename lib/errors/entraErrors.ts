/** The rows of the closed table that speak of Entra’s answers: to the app, and about the person who signs in. */
import type { ErrorRow } from './row.ts'
import { busy, ourFault, startAgain } from './rowKinds.ts'

const OUT_OF_TIME = 'Its time is wrong: it has run out or is not valid yet. Please sign in again.'
const FOREIGN =
  'It was made out for somebody else: another organisation, another application or another person.'
const UNSIGNED = 'It does not carry the signature that it has to.'
const OF_ANOTHER_SIGN_IN = 'It belongs to another sign-in. Please sign in again.'

export const ENTRA_ERRORS = {
  'entra/unavailable': busy(
    'Microsoft Entra ID timed out, throttled or failed: check its service health and egress.',
  ),
  'entra/malformed_response': busy(
    'The answer was not that of a token endpoint: look for a proxy between the app and Entra.',
  ),
  'entra/metadata_mismatch': ourFault(
    'Discovery names another issuer or host: check ENTRA_AUTHORITY_HOST, ENTRA_TENANT_ID and ENTRA_ISSUER.',
  ),
  'entra/client_rejected': ourFault(
    'Entra refused the client assertion: register the certificate whose thumbprint the log names, or the managed identity as a federated credential.',
  ),
  'entra/request_rejected': ourFault(
    'Entra refused the request itself: compare redirect URI, scopes and app registration.',
  ),
  'entra/sign_in_refused': startAgain(
    400,
    'Your organisation’s sign-in page refused this sign-in. Please try once more, and if it happens again, pass on the correlation id below.',
    'If frequent, compare redirect URI, scopes and app registration with the error that the log names; anybody can make up a single one.',
  ),
  'entra/grant_rejected': startAgain(
    400,
    'This sign-in has expired or was already used. Please sign in again.',
    'None, unless frequent: the authorization code was expired, replayed or revoked.',
  ),
  'entra/interaction_required': startAgain(
    401,
    'One more step is needed at your organisation. Please sign in again.',
    'None: the person has to sign in interactively.',
  ),
  'entra/cancelled': {
    kind: 'user',
    status: 200,
    screen: 'cancelled',
    userText: 'Nothing has changed here.',
    userTextOfRule: {
      'signed-in': 'If you were signed in before, you still are: you can go back to where you were.',
      'signing-in': 'You can go back, or sign in whenever you like.',
    },
    operatorAction: 'None: the person declined.',
  },
  'entra/no_access': {
    kind: 'user',
    status: 403,
    screen: 'noAccess',
    userText:
      'Access was declined, or your account may not use this application yet. Ask your administrator to grant you access.',
    operatorAction:
      'Grant consent, assign the person, or look up the sign-in by its correlation id in Entra.',
  },
  'entra/id_token_rejected': {
    kind: 'forged',
    status: 400,
    screen: 'startAgain',
    userText: 'What your organisation’s sign-in page answered was not accepted here.',
    userTextOfRule: {
      exp: OUT_OF_TIME,
      iat: OUT_OF_TIME,
      nbf: OUT_OF_TIME,
      auth_time: OUT_OF_TIME,
      tid: FOREIGN,
      iss: FOREIGN,
      aud: FOREIGN,
      azp: FOREIGN,
      person: FOREIGN,
      'key issuer': FOREIGN,
      alg: UNSIGNED,
      kid: UNSIGNED,
      signature: UNSIGNED,
      nonce: OF_ANOTHER_SIGN_IN,
      at_hash: OF_ANOTHER_SIGN_IN,
    },
    operatorAction:
      'An ID token broke the rule the log names: treat repeated cases as an attack or a clock fault.',
  },
} as const satisfies Record<string, ErrorRow>
