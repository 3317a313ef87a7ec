/** The rows of the closed table that speak of Microsoft Graph: nobody who signs in meets them, whoever rotates a certificate does. */
import type { ErrorRow } from './row.ts'
import { busy, ourFault } from './rowKinds.ts'

export const GRAPH_ERRORS = {
  'graph/unavailable': busy(
    'Microsoft Graph timed out, failed, or met another writer at the same object: it is tried again by itself; if it stays, check its service health and egress.',
  ),
  'graph/throttled': busy(
    'Microsoft Graph answers 429: look for another heavy user of the same tenant; it is tried again by itself.',
  ),
  'graph/malformed_response': busy(
    'The answer was not that of Microsoft Graph: look for a proxy on the way, and check GRAPH_URL.',
  ),
  'graph/token_refused': ourFault(
    'Microsoft Graph does not take the token of the application: see that GRAPH_URL is of the same cloud as ENTRA_AUTHORITY_HOST, and look the request up in the sign-in logs by the id in the log.',
  ),
  'graph/proof_refused': ourFault(
    'Graph refused the proof of possession: the key that signed it is not registered, its certificate has expired, or the object id is not that of this application. Without a valid registered key, an administrator registers the certificate.',
  ),
  'graph/not_yet_allowed': busy(
    'Microsoft Graph has refused the application for less than ten minutes: a permission just granted is waited for; else grant it, or let an administrator do it.',
  ),
  'graph/forbidden': ourFault(
    'The application may not do this in the directory: grant it the permission that docs/operate.md names for it, or let an administrator do it.',
  ),
  'graph/key_limit': ourFault(
    'The application object holds no more keys: remove old certificates from the registration.',
  ),
  'graph/policy_refused': ourFault(
    'A policy of the tenant forbids this certificate: the log names what it broke. Shorten its lifetime, have a trusted authority issue it, or ask for an exemption.',
  ),
  'graph/not_found': ourFault(
    'There is no such application, or no such key in it: compare the client id with the app registration, in the home tenant.',
  ),
  'graph/request_rejected': ourFault(
    'Graph refused the request itself: the log has the name it gave the fault and the id under which Microsoft finds it.',
  ),
} as const satisfies Record<string, ErrorRow>
