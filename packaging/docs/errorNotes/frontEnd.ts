/** Notes on the front end that the app passes on. */
import type { ErrorNote } from './errorNote.ts'

const PAGE = '[The front end](../../front-end.md) says what goes there and what comes back.'

export const FRONT_END_NOTES = {
  'frontend/unavailable': {
    arises:
      'The server at `FRONT_END_URL` could not be reached, broke off in the middle, took too long, or said that it fails or is throttled.',
    look: [
      '`detail` is `network`, `deadline`, `broken off` or the status.',
      'The server itself: its health, its network rules, its name in DNS. Sign-in and APIs go on without it.',
    ],
  },
  'frontend/misaddressed': {
    arises: 'What answers at `FRONT_END_URL` sends people elsewhere, wants to know who asks, or is this app.',
    look: [
      '`detail` is the status, or `loop` where a request of ours came back to us: then a front door leads from there to here.',
      'A 301 or 302 to another host is most often `www` or http, or a host name that the server has given up: name the one that it redirects to.',
      'A 401 comes from a server that is closed to the public: it has to let this app in by network, not by a password.',
    ],
  },
  'frontend/malformed_response': {
    arises: 'The front end’s answer has a header or a status that no HTTP server can pass on.',
    look: ['`detail` names the header, or says `status`.'],
  },
  'frontend/response_too_large': {
    arises: 'A file is larger than `FRONT_END_MAX_BYTES`. The rest was not read.',
    look: [PAGE, 'Films and downloads are better off on an origin of their own: each is held whole here.'],
  },
  'frontend/invalid_path': {
    arises: 'A path segment would mean something else once it is decoded, or leads upwards.',
    look: ['Nothing, unless it is a file of yours: then rename it. Most often somebody is trying doors.'],
  },
} as const satisfies Record<string, ErrorNote>
