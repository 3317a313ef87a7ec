import type { Explanations } from './explanations.ts'

const CLAIMS = 'Entra: access token claims'

/** Claims of the access token, as the API that it is for will read them. */
export const ACCESS_TOKEN: Explanations = {
  azpacr: [
    'How the app proved itself: 2 is a certificate (federated credentials show as 2 as well), 1 a secret, 0 nothing. An API can insist on it.',
    CLAIMS,
  ],
  appidacr: [
    'How the app proved itself, in a version 1 token: 2 is a certificate, 1 a secret, 0 nothing.',
    CLAIMS,
  ],
  azp: ['The app that it was issued to.', CLAIMS],
  appid: ['The app that it was issued to, in a version 1 token.', CLAIMS],
  aud: ['The API that it is for. Any other must refuse it.', CLAIMS],
  iss: ['Who issued it.', CLAIMS],
  scp: ['What the app may do there in the person’s name.', CLAIMS],
  roles: ['What the app may do there in its own name.', CLAIMS],
  sub: ['The person, under a name made for that API.', CLAIMS],
  oid: ['The person’s object id.', CLAIMS],
  tid: ['The tenant.', CLAIMS],
  exp: ['Good until then.', CLAIMS],
  iat: ['When it was issued; Entra dates it five minutes back.', CLAIMS],
  ver: ['Which shape it has; the API’s registration decides.', CLAIMS],
}
