import type { Explanations } from './explanations.ts'

/** What the app sends the browser to Entra with, when somebody signs out. */
export const LOGOUT_REQUEST: Explanations = {
  post_logout_redirect_uri: ['Where to go afterwards: a registered address.', 'RP-Initiated Logout §2'],
  logout_hint: ['Who signs out, so that Entra need not ask.', 'RP-Initiated Logout §2'],
  'front channel': [
    'Told in a hidden frame that the session has ended, by its sid alone; no cookie comes along.',
    'Front-Channel Logout §2',
  ],
}
