/** The rows of the closed table that speak of a sign-in on our side: of the link that began it, and of the answer that came back. */
import type { ErrorRow } from './row.ts'
import { startAgain } from './rowKinds.ts'

/** An answer that does not belong to this browser, or is no answer at all. */
const notAccepted = (operatorAction: string) =>
  ({
    kind: 'forged',
    status: 400,
    screen: 'startAgain',
    userText: 'This sign-in could not be matched to your browser, so it was not accepted.',
    operatorAction,
  }) as const

export const SIGN_IN_ERRORS = {
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
} as const satisfies Record<string, ErrorRow>
