/** Notes on requests that cannot be answered, and on APIs behind the app. */
import type { ErrorNote } from './errorNote.ts'

const CALLERS = 'Nothing here: it is for whoever wrote the client.'

export const REQUEST_NOTES = {
  'api/unavailable': {
    arises:
      'The API behind `/api/{name}/` could not be reached, broke off in the middle, took longer than its deadline, or answered with a redirect to another place.',
    look: [
      '`detail` is `network`, `deadline`, `broken off` or the status. Which API it was, the address of the request tells the person who reports it.',
      'A 301 or 302 of an API is most often a missing slash, or http instead of https, in its `url`.',
    ],
  },
  'api/refused_token': {
    arises:
      'The API answered 401 to a token that was fresh, or had just been replaced, without naming claims that would help.',
    look: [
      'The audience that the API expects and `scope` in `DOWNSTREAM_APIS`: `api://…` and the bare client id are two audiences.',
      'Version 1 or version 2 tokens (`requestedAccessTokenVersion` of the API’s registration) have different issuers.',
      'The clock of the API.',
    ],
  },
  'api/role_required': {
    arises: 'The session has none of the roles that `DOWNSTREAM_APIS` asks for; the API was not called.',
    look: [
      'Enterprise applications > the app > *Users and groups*: assign the role. It is in the session from the next sign-in on.',
    ],
  },
  'api/malformed_response': {
    arises:
      'The API’s answer has a header or a status that no HTTP server can pass on, or a content coding that the app cannot take off: it was asked for none.',
    look: ['`detail` names the header, or says `status`.'],
  },
  'api/response_too_large': {
    arises: 'The API’s answer is larger than `maxResponseBytes` of that API. The rest was not read.',
    look: ['[APIs](../../apis.md) has the limit and its default; answers in pages are the better cure.'],
  },
  'api/invalid_path': {
    arises:
      'A path segment below `/api/{name}/` would mean something else once it is decoded, or leads upwards.',
    look: [CALLERS],
  },
  'http/not_found': {
    arises: 'No route, no such API, or a path that the API’s `paths` do not admit.',
    look: ['For an API: its name and `paths` in `DOWNSTREAM_APIS`.'],
  },
  'http/method_not_allowed': {
    arises:
      'The address takes other methods; `Allow` names them. A code that comes by GET to `/auth/callback` ends here too.',
    look: ['For an API: its `methods` in `DOWNSTREAM_APIS`.'],
  },
  'http/body_too_large': {
    arises: 'A body beyond the limit of its address: [limits](../../limits.md).',
    look: ['A form of ours is small; a body for an API has the limit that [APIs](../../apis.md) names.'],
  },
  'http/length_required': {
    arises:
      'A body came in chunks, or its `Content-Length` is no number: then nobody could tell whether it arrived whole.',
    look: [CALLERS],
  },
  'http/invalid_parameter': {
    arises:
      'Sessions were to be ended, and the request named neither one nor all others in the one way there is: no parameter, an empty one, one twice, both, or one that is not known. No session ended.',
    look: [CALLERS],
  },
  'http/body_not_allowed': {
    arises: 'A GET or HEAD came with a body, which the platform would drop silently.',
    look: [CALLERS],
  },
  'http/headers_too_large': {
    arises: 'The `Cookie` header is longer than is read.',
    look: [
      'Whatever sets cookies for the domain above this host: [hosts below the same domain](../../deploy.md#hosts-below-the-same-domain).',
    ],
  },
  'http/unsupported_media_type': {
    arises:
      'A form was expected and something else came; or a call of an API had a content header that cannot be passed on.',
    look: [CALLERS],
  },
  'http/cross_site': {
    arises:
      'A page of another site posted or fetched here: the browser said so, by `Sec-Fetch-Site` or by `Origin`, or what would show the contrary was missing. Nothing was carried out.',
    look: ['Query [`security-events`](../../operate.md#monitor) for the rest.'],
  },
  'http/csrf_header_required': {
    arises:
      'A call of `/api`, or one that changes something at `/auth/session` or `/auth/sessions`, came without `X-CSRF: 1`, and nothing said that another site had made it. Nothing was carried out.',
    look: [
      'The front end: `fetch` of `signet-entra/client` sends the header; a `fetch` of its own has to, with exactly this value.',
    ],
  },
  'bug/unexpected': {
    arises: 'Something was thrown that nobody foresaw, or an invariant did not hold.',
    look: [
      '`detail` is the class of what was thrown, `frames` the places in the code that it passed, innermost first.',
      'Report both with the version of the build; neither holds a word of the request.',
    ],
  },
} as const satisfies Record<string, ErrorNote>
