import type { Explanations } from './explanations.ts'

/** What the app sends to the token endpoint, server to server. */
export const TOKEN_REQUEST: Explanations = {
  grant_type: [
    'What is handed in: a code, a refresh token, or the app’s own proof alone.',
    'RFC 6749 §4.1.3',
  ],
  code: ['The code that the browser posted. A second use is refused.', 'RFC 6749 §4.1.3'],
  redirect_uri: ['The same as in the authorization request, letter by letter.', 'RFC 6749 §4.1.3'],
  code_verifier: [
    'What the challenge was the hash of: only whoever began this sign-in has it.',
    'RFC 7636 §4.5',
  ],
  client_id: ['Which app is asking; must be the one that the assertion speaks of.', 'RFC 7521 §4.2'],
  client_assertion_type: ['What the proof is: a JSON Web Token, not a password.', 'RFC 7523 §2.2'],
  client_assertion: [
    'The proof, signed by the vault. Taken apart below, without its signature.',
    'RFC 7521 §4.2',
  ],
  client_secret: ['A password, of a client that has one. This app has none.', 'RFC 6749 §2.3.1'],
  refresh_token: ['Stands for the person’s grant; worth nothing without the app’s proof.', 'RFC 6749 §6'],
  scope: ['For which API the access token shall be.', 'RFC 6749 §3.3'],
  claims: ['What the app can handle, or a claims challenge of an API, passed on.', 'OIDC Core §5.5'],
  client_info: ['Asks for the account’s identifiers beside the tokens.', 'Entra: as MSAL sends it'],
  assertion: ['The caller’s access token, to act on their behalf.', 'RFC 7523 §2.1'],
  requested_token_use: ['On behalf of that caller.', 'Entra: on-behalf-of flow'],
}
