/** Notes on what can go wrong at Microsoft Graph, where an application looks after its own keys. */
import type { ErrorNote } from './errorNote.ts'

const SERVES_ON =
  'Nobody who signs in notices: the certificate that serves goes on serving until its own end, and the work begins again by itself.'
const IDS =
  '`graphRequestId` is the id under which Microsoft finds the request, `graphErrors` has the names that Graph gave the refusal.'
const BY_HAND = 'An administrator can do the same by hand: [rotate](../../operate.md#rotate).'

export const GRAPH_NOTES = {
  'graph/unavailable': {
    arises:
      'Graph did not answer within fifteen seconds, could not be reached, answered with a 5xx, or another writer was at the same object. Whether a change was carried out is not known then: it is read again before anything is repeated.',
    look: ['Azure Service Health for Microsoft Entra ID; egress to the host in `GRAPH_URL`.', IDS, SERVES_ON],
  },
  'graph/throttled': {
    arises:
      'Graph answered 429. Reads and writes of a tenant have budgets for each application and for all of them.',
    look: ['Look for another tool that reads or writes many applications of the tenant.', SERVES_ON],
  },
  'graph/malformed_response': {
    arises:
      'What answered was not Graph: an answer that is no JSON, a refusal without a name, or one that lacks what it has to hold.',
    look: [
      'Look for a proxy or a portal between the app and Graph.',
      '`GRAPH_URL` names Graph, where it is set.',
      SERVES_ON,
    ],
  },
  'graph/token_refused': {
    arises:
      'Graph answered 401 to a token that Entra had just issued to this application, and to the one that took its place.',
    look: [
      'The two hosts are of one cloud: `ENTRA_AUTHORITY_HOST` and `GRAPH_URL`.',
      'Sign-in logs, *Service principal sign-ins*: whether the application was deactivated or its tokens revoked.',
      IDS,
    ],
  },
  'graph/proof_refused': {
    arises:
      'To add or remove a key, an application proves that it holds one that is registered now. Graph says the same of every proof that it cannot use: by an unregistered key, by an expired certificate, for another object id, out of time.',
    look: [
      'The certificate that signed is registered and has not expired. A registered key whose certificate has expired proves nothing: then only an administrator can register another.',
      'The object id in `ENTRA_OBJECT_ID` or `APP_ONLY_OBJECT_ID` is that of the *application* (App registrations), not of the enterprise application, and not the client id.',
      'The clock of the instance: a proof is good for ten minutes.',
      BY_HAND,
    ],
  },
  'graph/not_yet_allowed': {
    arises:
      'Microsoft Graph answers 403 to adding or removing a key, and has for less than ten minutes: since it last let this instance do it, or since the instance began. The exchange tries again every five minutes.',
    look: [
      'Shortly after an administrator consented: wait. Permissions take some minutes to be seen everywhere.',
      'Where it lasts it is [`graph/forbidden`](forbidden.md) from then on, and tried once an hour.',
      IDS,
      SERVES_ON,
    ],
  },
  'graph/forbidden': {
    arises:
      'The application asked for something in the directory that it may not do. For its own keys it needs no permission, to read itself or the policies of the tenant it does.',
    look: [
      'To read itself: `Application.Read.All`, or to be its own owner with `Application.ReadWrite.OwnedBy`. To read policies: `Policy.Read.ApplicationConfiguration`.',
      'Each needs the consent of an administrator; a token that was issued before lacks it for up to an hour.',
      IDS,
      BY_HAND,
    ],
  },
  'graph/key_limit': {
    arises: 'The application object has no room for another key.',
    look: [
      'Remove certificates that have expired, or that nobody uses, from the registration: *Certificates & secrets*.',
      SERVES_ON,
    ],
  },
  'graph/policy_refused': {
    arises:
      'A policy of the tenant, or one assigned to this application, forbids the certificate that was to be added: its lifetime is too long, or no authority that the policy trusts issued it.',
    look: [
      '`graphErrors` says what it broke: `CredentialInvalidLifetimeAsPerAppPolicy` is the lifetime.',
      'Entra admin centre, *Enterprise apps*, *App management policies*.',
      'Make the next certificate shorter, have it issued by an authority that the policy names, or assign the application a policy of its own.',
      SERVES_ON,
    ],
  },
  'graph/not_found': {
    arises: 'The directory has no application with this client id, or the application has no such key.',
    look: [
      'The token is of the tenant in which the application is registered. With `organizations` that is `APP_ONLY_TENANT_ID`.',
      'A key that was just added can be missing for a while.',
      IDS,
    ],
  },
  'graph/request_rejected': {
    arises: 'Graph refused the request for a reason that has no row of its own.',
    look: [IDS, SERVES_ON, BY_HAND],
  },
} as const satisfies Record<string, ErrorNote>
