import type { Explanations } from './explanations.ts'

/** Claims of the ID token, each with what the app checks. */
export const ID_TOKEN: Explanations = {
  iss: ['Who says so. The app takes this issuer and no other.', 'OIDC Core §3.1.3.7 (2)'],
  aud: ['Whom it tells: this app, by its client id.', 'OIDC Core §3.1.3.7 (3)'],
  sub: ['Who signed in, under a name made for this app alone.', 'OIDC Core §2'],
  nonce: ['The nonce of the authorization request, come back.', 'OIDC Core §3.1.3.7 (11)'],
  exp: ['Not to be believed after.', 'OIDC Core §3.1.3.7 (9)'],
  iat: ['When it was issued; Entra dates it five minutes back.', 'OIDC Core §3.1.3.7 (10)'],
  tid: ['The tenant. Must be one that the app allows.', 'Entra: ID token claims'],
  oid: ['The person’s object id, the same for every app of the tenant.', 'Entra: ID token claims'],
  ver: ['Version of the token.', 'Entra: ID token claims'],
}
