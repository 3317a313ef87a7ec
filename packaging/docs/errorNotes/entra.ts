/** Notes on what Entra says, and on what it says it with. */
import type { ErrorNote } from './errorNote.ts'

const ITS_WORDS =
  '`entraError`, `entraErrorCodes` (AADSTS numbers) and `entraSuberror` are Entra’s own words; `entraTraceId` and `entraCorrelationId` are what its sign-in logs and Microsoft’s support go by.'

export const ENTRA_NOTES = {
  'entra/unavailable': {
    arises:
      'A request to Entra for tokens, keys or metadata ran out of time, did not arrive, or was answered by 429 or a 5xx; or Entra sent the browser back with `server_error`. A sign-in whose code may have been spent is started anew once, silently, before anybody sees this.',
    look: [
      '`detail` is `deadline`, `network` or the status, or `pause` where Entra asked to be left in peace and nothing was sent; `clientRequestId` is the id of a token request in Entra’s logs. 429: Entra throttles the application or the tenant; its pause is kept, so look for a loop of sign-ins, or another heavy user of the same client id.',
      'AADSTS50196 in `entraErrorCodes`: Entra throttles this one person, whose front end or browser asks in a loop. The session goes on.',
      'Service Health for Microsoft Entra ID; outbound connections and DNS of the app.',
      'Keys serve on for a day and held tokens until they expire: whoever is signed in notices little.',
    ],
  },
  'entra/malformed_response': {
    arises:
      'The answer was no answer of a token endpoint or of a metadata document: not JSON, too large, no token in it, or of an unknown kind. A captive portal and a proxy that breaks TLS look so.',
    look: [
      '`detail` says what was missing, and `answerStatus` the status of a page in place of an answer.',
      'A single one with a status of 4xx may be of what somebody made up: a filter on the way did not like it. `/health/ready` takes no notice of those.',
      'Whatever stands between the app and Entra: a firewall with its own error pages, a proxy that asks for a login.',
    ],
  },
  'entra/metadata_mismatch': {
    arises:
      'The discovery document at the configured host names another issuer, or endpoints at another host, than the settings pin. Nothing of it is used.',
    look: [
      '`detail` names the member that differs.',
      '`ENTRA_AUTHORITY_HOST` for national clouds and External ID; `ENTRA_ISSUER` for External ID under a domain of your own.',
      'The check `metadata` of the [doctor](../../doctor.md) shows both sides.',
    ],
  },
  'entra/client_rejected': {
    arises:
      'Entra answered `invalid_client`: it does not accept the assertion. Another valid version of the certificate was tried within the same request, where there is one.',
    look: [
      'The line names certificate, version and thumbprint (`thumbprintSha1` is what the portal shows): compare with *Certificates & secrets* of the registration.',
      '`clockAheadSec` beyond a minute or two: the clock is the fault, not the certificate.',
      `${ITS_WORDS} AADSTS700027 is an unknown key, AADSTS700024 a time out of range.`,
      '`az ad app credential reset --id <client id> --append --cert @signet.pem` registers it; never without `--append`. The whole way: [rotate](../../operate.md#rotate).',
    ],
  },
  'entra/request_rejected': {
    arises:
      'Entra takes the client and refuses what it asks for, at the token endpoint: a scope it does not know, a grant the client may not use, a redirect URI that differs.',
    look: [
      `${ITS_WORDS}`,
      '`ENTRA_SCOPES` and the scopes in `DOWNSTREAM_APIS`: one resource in one request, and permissions that are granted.',
      '`detail` beginning with `ENTRA_SCOPES` means that the address of the authorization request became too long.',
    ],
  },
  'entra/sign_in_refused': {
    arises:
      'The browser came back from Entra with an error that is none of the known ones. Anybody can write such an address, so a single one proves nothing.',
    look: [
      `${ITS_WORDS}`,
      'AADSTS50011 is a redirect URI that is not registered, AADSTS650053 a scope that the API does not have.',
    ],
  },
  'entra/grant_rejected': {
    arises:
      'Entra answered `invalid_grant` to a code: it ran out, was used, or belongs to another verifier. For a refresh token this ends the session, as [session/required](../session/required.md). In the library it speaks of the caller’s token.',
    look: ['Frequent ones: a browser or a proxy that posts a form twice, or a clock.', `${ITS_WORDS}`],
  },
  'entra/interaction_required': {
    arises:
      'Entra wants the person: another factor, new terms, a password that ran out. Also an API that challenges for more (authentication context, Continuous Access Evaluation).',
    look: [
      'The button, and `loginUrl` for a script, carries the claims that are demanded; [APIs](../../apis.md) shows how a front end goes on.',
      'Again and again for one person: the sign-in log of Entra names the policy.',
      '`entraSuberror` is `consent_required` (AADSTS65001): nobody has agreed to the scopes of that API. Each person is asked once by the link; an administrator agrees for everybody by `az ad app permission admin-consent --id <client id>`, where the scope is among the *API permissions* of the registration.',
    ],
  },
  'entra/cancelled': {
    arises: 'The person pressed *Cancel* at Entra or declined to consent.',
    look: ['Nothing, unless everybody does: then consent has to be given by an administrator.'],
  },
  'entra/no_access': {
    arises:
      'Entra or the rules here keep this account out: consent is missing, the person is not assigned, or the tenant is not among `ENTRA_ALLOWED_TENANTS`.',
    look: [
      '`detail` is `tenant not allowed` where it was our list; else it has Entra’s error.',
      'Enterprise applications > the app > *Users and groups* and *Permissions*.',
      'AADSTS90094, 90093 or 65001: the consent of an administrator is missing: `az ad app permission admin-consent --id <client id>`. AADSTS65004: the person declined. AADSTS50105: assign the person.',
      'Look the sign-in up in Entra by `entraCorrelationId`.',
    ],
  },
  'entra/id_token_rejected': {
    arises:
      'A token request succeeded, and its ID token broke a rule of OpenID Connect Core 3.1.3.7 or of Entra. No session came of it; in a refresh the session stays as it was.',
    look: [
      '`detail` is the rule. `exp`, `iat`, `nbf`: compare clocks. `iss`, `tid`, `aud`: another tenant or client answered; look at `ENTRA_AUTHORITY_HOST`. `kid`, `signature`: somebody between the app and Entra, or keys that could not be renewed.',
      '`nonce`, `at_hash`: an answer was swapped for another. Repeated ones are an attack.',
      'Query [`security-events`](../../operate.md#monitor).',
    ],
  },
} as const satisfies Record<string, ErrorNote>
