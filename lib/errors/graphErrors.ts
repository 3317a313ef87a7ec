/** The rows of the closed table that speak of Microsoft Graph: nobody who signs in meets them, whoever rotates a certificate does. */
import type { ErrorRow } from './row.ts'

const PASSING = 'This service is briefly unavailable. Nothing is lost: please try again in a moment.'
const STANDING = 'This could not be done. The fault is on our side and has been recorded.'

/** A fault that passes by itself, where nobody at a screen brought it about. */
export const passing = (operatorAction: string) =>
  ({ kind: 'upstream', status: 503, screen: 'busy', userText: PASSING, operatorAction }) as const

/** One that stays until an operator acts. */
export const standing = (operatorAction: string) =>
  ({ kind: 'setup', status: 500, screen: 'ourFault', userText: STANDING, operatorAction }) as const

export const GRAPH_ERRORS = {
  'graph/unavailable': passing(
    'Microsoft Graph timed out, failed, or met another writer at the same object: it is tried again by itself; if it stays, check its service health and egress.',
  ),
  'graph/throttled': passing(
    'Microsoft Graph answers 429: look for another heavy user of the same tenant; it is tried again by itself.',
  ),
  'graph/malformed_response': passing(
    'The answer was not that of Microsoft Graph: look for a proxy on the way, and check GRAPH_URL.',
  ),
  'graph/token_refused': standing(
    'Microsoft Graph does not take the token of the application: see that GRAPH_URL is of the same cloud as ENTRA_AUTHORITY_HOST, and look the request up in the sign-in logs by the id in the log.',
  ),
  'graph/proof_refused': standing(
    'Graph refused the proof of possession: the key that signed it is not registered, its certificate has expired, or the object id is not that of this application. Without a valid registered key, an administrator registers the certificate.',
  ),
  'graph/not_yet_allowed': passing(
    'Microsoft Graph has refused the application for less than ten minutes: a permission just granted is waited for; else grant it, or let an administrator do it.',
  ),
  'graph/forbidden': standing(
    'The application may not do this in the directory: grant it the permission that docs/operate.md names for it, or let an administrator do it.',
  ),
  'graph/key_limit': standing(
    'The application object holds no more keys: remove old certificates from the registration.',
  ),
  'graph/policy_refused': standing(
    'A policy of the tenant forbids this certificate: the log names what it broke. Shorten its lifetime, have a trusted authority issue it, or ask for an exemption.',
  ),
  'graph/not_found': standing(
    'There is no such application, or no such key in it: compare the client id with the app registration, in the home tenant.',
  ),
  'graph/request_rejected': standing(
    'Graph refused the request itself: the log has the name it gave the fault and the id under which Microsoft finds it.',
  ),
} as const satisfies Record<string, ErrorRow>
