import type { Explanations } from './explanations.ts'

/** What Entra gives the browser to post to the app. */
export const AUTHORIZATION_RESPONSE: Explanations = {
  code: [
    'Stands for the sign-in, once and for ten minutes. Useless without the verifier and the app’s own proof.',
    'RFC 6749 §4.1.2',
  ],
  state: ['As it was sent. The app opens it with a key from this browser’s cookie.', 'RFC 6749 §4.1.2'],
  session_state: [
    'Entra’s name for its own session with this browser; the app ignores it.',
    'Session Management §2',
  ],
  iss: [
    'Would say which issuer answers. Entra sends none; the app knows exactly one issuer, so none can be mixed up.',
    'RFC 9207 §2',
  ],
  error: ['Why there is no code.', 'RFC 6749 §4.1.2.1'],
}
