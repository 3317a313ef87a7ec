import type { Explanations } from './explanations.ts'

/** The header of the client assertion. */
export const ASSERTION_HEADER: Explanations = {
  alg: ['How it is signed: RSA-PSS with SHA-256.', 'RFC 7518 §3.5'],
  typ: ['What it is: a JSON Web Token.', 'RFC 7515 §4.1.9'],
  'x5t#S256': [
    'Thumbprint of the certificate whose key signed. Entra finds the public key by it, among those registered for the app.',
    'RFC 7515 §4.1.8',
  ],
  x5t: ['The same by SHA-1, as older clients send it.', 'RFC 7515 §4.1.7'],
  kid: ['Names the key that signed, as federated tokens do.', 'RFC 7515 §4.1.4'],
}

/** The claims of the client assertion. */
export const ASSERTION_CLAIMS: Explanations = {
  aud: ['Whom it is for: this token endpoint and no other.', 'RFC 7523 §3 (3)'],
  iss: ['Who says so: the app, by its client id.', 'RFC 7523 §3 (1)'],
  sub: ['Of whom: the app again, since it speaks for itself.', 'RFC 7523 §3 (2)'],
  jti: ['Names this one assertion, so that a replay can be recognised.', 'RFC 7523 §3 (7)'],
  nbf: ['Not valid before.', 'RFC 7523 §3 (5)'],
  iat: ['When it was made.', 'RFC 7523 §3 (6)'],
  exp: ['Worthless from then on.', 'RFC 7523 §3 (4)'],
}
