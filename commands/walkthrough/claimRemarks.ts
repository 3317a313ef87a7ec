/** What the claims of an access token say, above all the one that this walkthrough is about. */

const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['0', 'the client proved nothing: a public client'],
  ['1', 'the client sent a secret, which anybody can send who has seen it'],
  ['2', 'the client presented a signed assertion, as with a certificate, and no secret'],
])

const REMARKS = {
  aud: 'the API that this token is for; nobody else should look into it',
  iss: 'the tenant that issued it',
  azp: 'the client that asked for it',
  appid: 'the client that asked for it',
  scp: 'what the client may do for the person',
  roles: 'what the app, or the person, may do here',
  oid: 'of whom it speaks; with tid the only lasting name of a person',
  ver: 'chosen by the API in its registration, not by the client',
  idtyp: 'no person: the app itself',
  acrs: 'the authentication contexts that the person satisfied',
} as const

/** Remarks by claim name; `azpacr` (version 2) and `appidacr` (version 1) by their value. */
export function claimRemarks(claims: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const proofs = ['azpacr', 'appidacr'].map((name): [string, string] => [
    name,
    MEANINGS.get(String(claims[name])) ?? 'a value that is not documented',
  ])
  return new Map([...Object.entries(REMARKS), ...proofs])
}
