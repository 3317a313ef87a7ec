/** Notes on the way into a session and on the session itself. */
import type { ErrorNote } from './errorNote.ts'

const SINGLE =
  'One by itself is a bookmark, the back button, or somebody who plays. Many at once are worth query [`security-events`](../../operate.md#monitor).'

export const SIGN_IN_NOTES = {
  'callback/malformed': {
    arises:
      'What was posted to `/auth/callback` is no authorization response: no state, no code, a parameter twice, or a token where a code belongs. Nothing was spent.',
    look: ['`detail` says what was wrong.', SINGLE],
  },
  'callback/transaction_lost': {
    arises:
      'The response came without the cookie of its sign-in, and starting it anew once did not help, or could not be done for a script.',
    look: [
      'Browsers that block cookies, or a sign-in that was begun in another browser.',
      'More than twenty sign-ins under way in one browser push the oldest out.',
      '`PUBLIC_URL` differs from the address in the address bar: the cookie stays at the one, the answer goes to the other.',
    ],
  },
  'callback/state_mismatch': {
    arises:
      'There is a cookie for this transaction, and the state was not sealed with it: moved from another browser, or changed.',
    look: [SINGLE],
  },
  'callback/issuer_mismatch': {
    arises:
      'The response names another issuer than ours (RFC 9207), or none although the metadata promises one, or, with several tenants, another than the ID token: the mix-up attack looks so.',
    look: [SINGLE, 'External ID under a domain of your own needs `ENTRA_ISSUER`.'],
  },
  'callback/expired': {
    arises:
      'The answer came more than fifteen minutes after the sign-in began. Within an hour it is started anew once, silently; this is the screen after that, or for a script.',
    look: ['Frequent ones: a second factor that takes people very long, or a tab restored in the morning.'],
  },
  'callback/not_as_asked': {
    arises:
      'The ID token does not show what the sign-in was asked to prove: `prompt=login`, `maxAge`, or claims that were essential. Either a request was changed on its way, or the token lacks the optional claim.',
    look: [
      '`detail` names the claim: `auth_time` or `acrs`. Both have to be optional claims of the registration: [sign-in](../../sign-in.md#what-comes-back-is-held-against-what-was-asked).',
      SINGLE,
    ],
  },
  'callback/crowded': {
    arises:
      'Entra refused very many codes of one instance within seconds, as when somebody posts made-up answers; from then on only so many are redeemed at once, and there was no room for this one to wait. Nothing was spent: the same answer may be posted again.',
    look: [
      '`entra/grant_rejected` and `entra/request_rejected` in the log, by the second: a flood, or a registration that Entra refuses codes for.',
      'A [front door](../../front-end-on-azure.md#front-door) with a rate limit keeps it from the app.',
    ],
  },
  'callback/replayed': {
    arises:
      'The transaction was spent already: the same answer was posted twice, and starting anew once did not help.',
    look: ['A proxy that repeats posts, or a person who reloads.'],
  },
  'login/invalid_parameter': {
    arises:
      'A link to `/auth/login` has a known parameter with a value that cannot be used, or says two things under one name.',
    look: [
      '`detail` names the parameters, never their values; the button keeps the others.',
      '[What each parameter takes](../../sign-in.md#a-link-to-sign-in).',
    ],
  },
  'login/loop': {
    arises:
      'A fourth trip to Entra within a minute of three answers, none of them asked for by hand: a front end that does not see the session sends people to sign in at once.',
    look: [
      'The front end’s origin is that of `PUBLIC_URL`, and it asks `/auth/session` with its cookies.',
      'A proxy that drops `Set-Cookie`, or a page that is shown in a frame of another site.',
    ],
  },
  'login/not_a_navigation': {
    arises:
      '`/auth/login` was fetched by a script, framed, embedded or prefetched. Only a window can sign in.',
    look: ['Have the front end set `location` to `loginUrl`: [sign-in](../../sign-in.md#a-link-to-sign-in).'],
  },
  'session/store_unavailable': {
    arises:
      'Table Storage did not answer in four seconds, failed, throttled, had too much to do to begin with a call, or another instance held the lease on a person’s tokens too long. Nobody is signed out by it.',
    look: [
      '`detail` is the status, the name of the fault, `queue full` or `queue late`, or `lease`.',
      'Service Health for Storage; metrics *Availability* and *SuccessE2ELatency* of the account, network rules, private endpoint.',
      'Nobody can sign in meanwhile: `/auth/login` still leads to Entra, and the answer meets this screen on the way back, for the table holds what was spent.',
    ],
  },
  'session/newer_record': {
    arises: 'The row was written by a newer build than this one: an update is under way, or was taken back.',
    look: [
      'Finish the update. Before going back for good, end the sessions: [ending sessions](../../operate.md#ending-sessions).',
    ],
  },
  'session/store_refused': {
    arises:
      'Table Storage answered 400, 401, 403 or 404: the right is missing, the network is not admitted, or the table is not there.',
    look: [
      '`detail` is the status. 403: *Storage Table Data Contributor* for the app’s identity on the account, or its network rules. 404: `SESSION_TABLES_URL`, or a table that was deleted (`azd provision --no-state`).',
      'The check `table` of the [doctor](../../doctor.md).',
    ],
  },
  'session/not_found': {
    arises: 'Somebody wanted to end one of their own sessions that has ended already.',
    look: ['Nothing.'],
  },
  'session/required': {
    arises:
      'There is no session, or it ended: by a limit, by sign-out, by an operator, or because Entra refused to renew its tokens for good.',
    look: [
      '`detail` is `ended by Entra` where a refresh was refused: password changed, account disabled, sessions revoked.',
      'Query [`sessions-of-a-person`](../../operate.md#monitor) says who ended a session, and why.',
      'The front end sends the person to `loginUrl`.',
    ],
  },
} as const satisfies Record<string, ErrorNote>
