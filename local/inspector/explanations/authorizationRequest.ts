import type { Explanations } from './explanations.ts'

/** What the app asks Entra through the browser. */
export const AUTHORIZATION_REQUEST: Explanations = {
  client_id: ['Which app is asking. A name, not a secret.', 'RFC 6749 §4.1.1'],
  response_type: [
    'Send a code that only the app can redeem; no token passes through the browser.',
    'RFC 6749 §3.1.1',
  ],
  response_mode: [
    'Answer in the body of a POST, so that the code stands in no address bar, history or log.',
    'Form Post Response Mode §2',
  ],
  redirect_uri: [
    'Where the answer may go: a registered address, compared letter by letter.',
    'RFC 6749 §3.1.2',
  ],
  scope: ['What is asked for; “openid” makes it a sign-in.', 'OIDC Core §3.1.2.1'],
  state: [
    'Ties the answer to this browser: an answer that nobody here asked for is refused.',
    'RFC 6749 §10.12',
  ],
  nonce: [
    'Must come back inside the ID token, so that no other sign-in’s token passes for this one.',
    'OIDC Core §3.1.2.1',
  ],
  code_challenge: [
    'Hash of a secret that the app keeps for now: whoever redeems the code must show what was hashed.',
    'RFC 7636 §4.2',
  ],
  code_challenge_method: ['Hashed with SHA-256. Left out, it would mean: not hashed.', 'RFC 7636 §4.3'],
  prompt: ['Whether and how the person must be asked.', 'OIDC Core §3.1.2.1'],
  login_hint: ['Who is expected to sign in.', 'OIDC Core §3.1.2.1'],
  domain_hint: ['Which organisation they come from, to skip a question.', 'Entra: authorization code flow'],
  claims: ['Single claims asked for, or what the app can handle.', 'OIDC Core §5.5'],
}
