/** Settings of the front end that is passed on. */
import type { Setting } from './setting.ts'

export const FRONT_END_SETTINGS = [
  {
    name: 'FRONT_END_URL',
    required: 'no',
    defaultValue: '',
    meaning:
      'Address of the front end, which is passed on at every address that is none of ours: `https://contoso.z6.web.core.windows.net`',
  },
  {
    name: 'FRONT_END_FALLBACK',
    required: 'no',
    defaultValue: '/index.html',
    meaning:
      'What a navigation gets that the front end answers with 404, with status 200; `none` leaves it the 404',
  },
  {
    name: 'FRONT_END_CSP',
    required: 'no',
    defaultValue: '',
    meaning:
      'Content-Security-Policy of what the front end sends without one, in place of [ours](docs/front-end.md)',
  },
  {
    name: 'FRONT_END_MAX_BYTES',
    required: 'no',
    defaultValue: '10485760',
    meaning: 'Bytes of one answer of the front end, up to 52428800; a larger one is refused',
  },
  {
    name: 'FRONT_END_SIGN_IN',
    required: 'no',
    defaultValue: 'optional',
    meaning:
      '`required`: pages and files of the front end are for people who are signed in; a navigation leads through sign-in and back',
  },
  {
    name: 'FRONT_END_OPEN_PATHS',
    required: 'no',
    defaultValue: '',
    meaning:
      'With `required`: paths that need nobody, separated by commas or spaces, each with all that lies below it; `/` is the first page alone',
  },
] as const satisfies readonly Setting[]
