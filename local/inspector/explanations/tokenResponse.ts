import type { Explanations } from './explanations.ts'

/** What the token endpoint answers. None of it ever reaches the browser. */
export const TOKEN_RESPONSE: Explanations = {
  token_type: ['How to present it: whoever bears it may use it.', 'RFC 6749 §5.1'],
  scope: ['What was granted, which may be less than was asked.', 'RFC 6749 §3.3'],
  expires_in: ['Seconds that the access token is good for.', 'RFC 6749 §5.1'],
  ext_expires_in: ['The same, were Entra to fail meanwhile.', 'Entra: authorization code flow'],
  access_token: ['For the API; sealed in the session row. Taken apart below.', 'RFC 6749 §5.1'],
  refresh_token: ['For the next access token; sealed in the session row.', 'RFC 6749 §5.1'],
  id_token: ['Says who signed in, to the app and nobody else. Taken apart below.', 'OIDC Core §3.1.3.3'],
  client_info: ['The account’s identifiers, unsigned.', 'Entra: as MSAL asks for it'],
  error: ['Why nothing was issued.', 'RFC 6749 §5.2'],
}
