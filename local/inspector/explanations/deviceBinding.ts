import type { Explanations } from './explanations.ts'

const DRAFT = 'DBSC draft §'

/** `Secure-Session-Registration`. */
export const DEVICE_OFFER: Explanations = {
  algorithms: ['The signatures that the app understands.', `${DRAFT} Secure-Session-Registration`],
  path: ['Where the browser posts its answer.', `${DRAFT} Secure-Session-Registration`],
  challenge: [
    'What it has to sign. Sealed under a key derived from the session cookie: the app remembers nothing.',
    `${DRAFT} Secure-Session-Registration`,
  ],
}

/** Header and payload of the browser's signed answer. */
export const DEVICE_PROOF: Explanations = {
  alg: ['How it is signed: by elliptic curve or RSA, never none.', `${DRAFT} proof JWT`],
  typ: ['Nothing else that this key may sign can be taken for it.', `${DRAFT} proof JWT; RFC 8725 §3.11`],
  'jwk.kty': ['The kind of key.', 'RFC 7517 §4.1'],
  'jwk.crv': ['Its curve, P-256.', 'RFC 7518 §6.2.1.1'],
  'jwk.x': [
    'The public half, which the session keeps; the other one never leaves the device.',
    'RFC 7518 §6.2.1.2',
  ],
  'jwk.y': ['The same point’s other coordinate.', 'RFC 7518 §6.2.1.3'],
  'jwk.n': ['The public half of an RSA key.', 'RFC 7518 §6.3.1.1'],
  'jwk.e': ['Its exponent.', 'RFC 7518 §6.3.1.2'],
  jti: ['The challenge, come back. The payload says nothing else.', `${DRAFT} proof JWT`],
  'Sec-Secure-Session-Id': [
    'Which session is to be renewed; no script can send this.',
    `${DRAFT} Sec-Secure-Session-Id`,
  ],
  'Secure-Session-Skipped': ['Why the browser went without the cookie.', `${DRAFT} Secure-Session-Skipped`],
}

/** The session's instructions, and what the answer sets besides. */
export const DEVICE_ANSWER: Explanations = {
  session_identifier: ['What the browser calls the session.', `${DRAFT} session instructions`],
  refresh_url: ['Where it proves again that it holds the key.', `${DRAFT} session instructions`],
  'scope.origin': ['Requests to this origin wait for the cookie.', `${DRAFT} scope`],
  'scope.include_site': ['No other host of the site is meant.', `${DRAFT} scope`],
  'scope.exclude': ['These never wait: on the way in or out, and health.', `${DRAFT} scope rule`],
  credentials: [
    'The cookie that has to be there; missing, it is fetched first.',
    `${DRAFT} session credentials`,
  ],
  'Set-Cookie': ['The bound cookie, 32 random bytes. Ten minutes, and it opens nothing.', 'RFC 6265 §4.1'],
  'Secure-Session-Challenge': [
    'What to sign next time, so that a renewal is one round trip.',
    `${DRAFT} Secure-Session-Challenge`,
  ],
}
