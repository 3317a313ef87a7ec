/**
 * The closed table of everything that can go wrong; what nobody foresaw is `bug/unexpected`. What a person reads of it, under a heading of
 * its screen, and what an operator does about it is decided here, not where the fault happens.
 */
import { GRAPH_ERRORS } from './graphErrors.ts'
import { REQUEST_ERRORS } from './requestErrors.ts'
import { ROTATION_ERRORS } from './rotationErrors.ts'
import type { ErrorRow } from './row.ts'

/** Said to whoever signs in and to whoever is signed in: it speaks of neither. */
const OUR_FAULT = 'This could not be done. The fault is on our side and has been recorded.'

/** What it means to whoever meets it: it is true of the one and not of the other. */
const OF_SOMEBODY = {
  'signed-in': 'You have not been signed out.',
  'signing-in': 'You are not signed in yet.',
} as const

const OUT_OF_TIME = 'Its time is wrong: it has run out or is not valid yet. Please sign in again.'
const FOREIGN =
  'It was made out for somebody else: another organisation, another application or another person.'
const UNSIGNED = 'It does not carry the signature that it has to.'
const OF_ANOTHER_SIGN_IN = 'It belongs to another sign-in. Please sign in again.'

/** A dependency that is away for now: worth another try. */
const busy = (operatorAction: string) =>
  ({
    kind: 'upstream',
    status: 503,
    screen: 'busy',
    userText: 'This service is briefly unavailable. Nothing is lost: please try again in a moment.',
    operatorAction,
  }) as const

/** Something only the operator can put right: trying again would not help. */
const ourFault = (operatorAction: string, userText: string = OUR_FAULT) =>
  ({ kind: 'setup', status: 500, screen: 'ourFault', userText, operatorAction }) as const

/** An answer that does not belong to this browser, or is no answer at all. */
const notAccepted = (operatorAction: string) =>
  ({
    kind: 'forged',
    status: 400,
    screen: 'startAgain',
    userText: 'This sign-in could not be matched to your browser, so it was not accepted.',
    operatorAction,
  }) as const

/** Something that the person, or whoever wrote the link, can do otherwise. */
const startAgain = <Status extends number>(status: Status, userText: string, operatorAction: string) =>
  ({ kind: 'user', status, screen: 'startAgain', userText, operatorAction }) as const

export const ERRORS = {
  'config/invalid': ourFault(
    'Correct the settings named in the log; the app does not start until all are valid.',
  ),
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
    userText: 'Nothing has changed here. You can go back, or sign in whenever you like.',
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
  'callback/malformed': notAccepted('None, unless frequent: the callback was not an authorization response.'),
  'callback/transaction_lost': {
    kind: 'forged',
    status: 400,
    screen: 'startAgain',
    userText:
      'Your sign-in took too long, was used already, or left no cookie in your browser. Allow cookies for this site and sign in again.',
    operatorAction: 'None, unless frequent: the response came without the cookie of its transaction.',
  },
  'callback/state_mismatch': notAccepted(
    'Security event: state and transaction cookie do not belong together.',
  ),
  'callback/issuer_mismatch': notAccepted('Security event: the response names another issuer (RFC 9207).'),
  'callback/expired': startAgain(
    400,
    'This sign-in took longer than fifteen minutes. Please sign in again.',
    'None.',
  ),
  'callback/not_as_asked': {
    kind: 'forged',
    status: 400,
    screen: 'startAgain',
    userText:
      'Your sign-in was not as fresh or as strong as it was asked to be, so it was not accepted. Please sign in again.',
    operatorAction:
      'Security event if frequent: a request lost prompt, max_age or claims on its way. Otherwise see that ID tokens carry the claim the log names.',
  },
  'callback/crowded': {
    kind: 'upstream',
    status: 503,
    screen: 'busy',
    userText: 'Very many sign-ins are going on at once. Please try again in a moment.',
    operatorAction:
      'Somebody posts made-up sign-ins: put a front door with a rate limit before the app. Otherwise see why Entra refuses codes.',
  },
  'callback/replayed': startAgain(
    400,
    'This sign-in was already used. Please sign in again.',
    'None, unless frequent: a callback was sent twice.',
  ),
  'login/invalid_parameter': startAgain(
    400,
    'The link that brought you here is not valid. You can sign in from here.',
    'Correct the link: the log names the parameter.',
  ),
  'login/loop': startAgain(
    429,
    'You were sent to sign in again and again, so we stopped here. Allow cookies for this site, wait a minute and sign in once more.',
    'Find out why the front end does not see the session: it sends people to sign in again at once.',
  ),
  'login/not_a_navigation': startAgain(
    401,
    'Sign-in has to be opened in the browser window itself.',
    'Have the front end navigate to loginUrl instead of fetching it.',
  ),
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
