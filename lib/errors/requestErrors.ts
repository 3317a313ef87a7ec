/** The rows of the closed table that speak of a request, or of an API behind it. */
import type { ErrorRow } from './row.ts'

export const REQUEST_ERRORS = {
  'api/unavailable': {
    kind: 'upstream',
    status: 503,
    screen: 'busy',
    userText:
      'Part of this service is briefly unavailable. You are still signed in: please try again in a moment.',
    operatorAction: 'The API behind `/api/{name}/` was not reached, broke off, or redirected elsewhere.',
  },
  'api/refused_token': {
    kind: 'setup',
    status: 500,
    screen: 'ourFault',
    userText: 'Part of this service does not take our word for you. You are still signed in.',
    operatorAction:
      'The API behind `/api/{name}/` answers 401 to a fresh token: compare its audience and issuer with the scope in DOWNSTREAM_APIS.',
  },
  'api/role_required': {
    kind: 'user',
    status: 403,
    screen: 'noAccess',
    userText:
      'Your account may not use this part of the service. Ask your administrator to grant you access.',
    operatorAction: 'Assign the person one of the roles that DOWNSTREAM_APIS asks for.',
  },
  'api/malformed_response': {
    kind: 'upstream',
    status: 502,
    screen: 'ourFault',
    userText: 'Part of this service gave an answer that cannot be shown. You are still signed in.',
    operatorAction: 'Mend the API: the log names the header, or the status, that no host can send on.',
  },
  'api/response_too_large': {
    kind: 'upstream',
    status: 502,
    screen: 'ourFault',
    userText: 'Part of this service gave an answer that is too large to be shown. You are still signed in.',
    operatorAction: 'Have the API answer in pages, or raise its `maxResponseBytes` in DOWNSTREAM_APIS.',
  },
  'api/invalid_path': {
    kind: 'user',
    status: 400,
    screen: 'startAgain',
    userText: 'The address could not be understood.',
    operatorAction:
      'Have the caller keep `/`, `\\`, `%` and control characters out of path segments, also in encoded form.',
  },
  'frontend/unavailable': {
    kind: 'upstream',
    status: 503,
    screen: 'busy',
    userText: 'This page is briefly unavailable. Please try again in a moment.',
    operatorAction: 'The front end at FRONT_END_URL was not reached, broke off, was too slow, or failed.',
  },
  'frontend/misaddressed': {
    kind: 'setup',
    status: 500,
    screen: 'ourFault',
    userText: 'This page cannot be shown. The fault is on our side and has been recorded.',
    operatorAction:
      'FRONT_END_URL leads to a server that redirects elsewhere, wants a sign-in of its own, or asks this app again: name the one that has the files.',
  },
  'frontend/malformed_response': {
    kind: 'upstream',
    status: 502,
    screen: 'ourFault',
    userText: 'This page cannot be shown. The fault is on our side and has been recorded.',
    operatorAction: 'Mend the front end: the log names the header, or the status, that no host can send on.',
  },
  'frontend/response_too_large': {
    kind: 'upstream',
    status: 502,
    screen: 'ourFault',
    userText: 'This file is too large to be shown. The fault is on our side and has been recorded.',
    operatorAction: 'Serve large files from another origin, or raise FRONT_END_MAX_BYTES.',
  },
  'frontend/invalid_path': {
    kind: 'user',
    status: 400,
    screen: 'startAgain',
    userText: 'The address could not be understood.',
    operatorAction:
      'Keep `/`, `\\`, `%` and control characters out of the names of files, also in encoded form.',
  },
  'http/not_found': {
    kind: 'user',
    status: 404,
    screen: 'startAgain',
    userText: 'There is no page at this address.',
    operatorAction: 'None.',
  },
  'http/method_not_allowed': {
    kind: 'user',
    status: 405,
    screen: 'startAgain',
    userText: 'This address cannot be opened in this way.',
    operatorAction: 'None: the Allow header names the methods.',
  },
  'http/body_too_large': {
    kind: 'user',
    status: 413,
    screen: 'startAgain',
    userText: 'The request was too large.',
    operatorAction: 'None, unless frequent.',
  },
  'http/length_required': {
    kind: 'user',
    status: 411,
    screen: 'startAgain',
    userText: 'The request did not say how long it is.',
    operatorAction: 'Have the caller send Content-Length: a body in chunks never arrives.',
  },
  'http/invalid_parameter': {
    kind: 'user',
    status: 400,
    screen: 'startAgain',
    userText: 'The request did not say clearly what to do, so nothing was done.',
    operatorAction: 'Have the caller send one parameter, once: `id` with a value, or `others=true`.',
  },
  'http/body_not_allowed': {
    kind: 'user',
    status: 400,
    screen: 'startAgain',
    userText: 'A request of this kind cannot carry anything.',
    operatorAction: 'Have the caller send no body with GET or HEAD, or use another method.',
  },
  'http/headers_too_large': {
    kind: 'user',
    status: 431,
    screen: 'startAgain',
    userText:
      'Your browser sent more cookies than this service can read. Please clear the cookies of this site and come back.',
    operatorAction: 'Look for whatever sets large cookies on this host or the domain above it.',
  },
  'http/unsupported_media_type': {
    kind: 'user',
    status: 415,
    screen: 'startAgain',
    userText: 'The request was not in the expected form.',
    operatorAction: 'None, unless frequent.',
  },
  'http/cross_site': {
    kind: 'forged',
    status: 403,
    screen: 'startAgain',
    userText: 'This request came from another site, so it was not carried out.',
    operatorAction: 'Security event if frequent: a foreign page posted to this service.',
  },
  'http/csrf_header_required': {
    kind: 'user',
    status: 403,
    screen: 'startAgain',
    userText:
      'This address is for the scripts of this site. The request came without their header, X-CSRF: 1, so it was not carried out.',
    operatorAction:
      'Have the front end send `X-CSRF: 1` with every call of `/api` and with what it changes at `/auth`; a window cannot open these addresses.',
  },
} as const satisfies Record<string, ErrorRow>
