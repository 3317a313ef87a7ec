/** A token service with RSA keys made at run time: what a guard fetches from it, and every token it could be shown. */
import { randomUUID } from 'node:crypto'
import { CompactSign, exportJWK, generateKeyPair, type JWK } from 'jose'
import { createGuard, type Guard, type GuardOptions, type Refusal } from '../../lib/guard/guard.ts'

const AUTHORITY = 'https://login.microsoftonline.com'

export const NOW_MS = Date.UTC(2026, 0, 15, 12)
export const NOW_SEC = NOW_MS / 1_000
export const TENANT = randomUUID()
export const OTHER_TENANT = randomUUID()
export const API = randomUUID()
export const CLIENT = randomUUID()
export const PERSON = randomUUID()

type Claims = Readonly<Record<string, unknown>>

interface Signing {
  /** Default `published`. `withheld` is published nowhere, `foreign` for another tenant's issuer only. */
  readonly key?: KeyName
  readonly header?: Readonly<Record<string, unknown>>
}

type KeyName = 'published' | 'withheld' | 'foreign'

export interface TokenIssuer {
  /** Serves metadata and keys as the authority would; `down` makes it fail. */
  readonly fetch: typeof globalThis.fetch
  readonly requests: string[]
  /** The keys as published. */
  readonly keys: readonly JWK[]
  down: boolean
  sign(claims: Claims, signing?: Signing): Promise<string>
  /** `Bearer` and a token, as a client sends it. */
  bearer(claims: Claims, signing?: Signing): Promise<string>
  /** A guard of the API, asking for one scope or one role. */
  guard(changed?: Partial<GuardOptions>): Guard
}

export async function createTokenIssuer(): Promise<TokenIssuer> {
  const names = ['published', 'withheld', 'foreign'] as const
  const pairs = new Map(
    await Promise.all(names.map(async (name) => [name, await generateKeyPair('RS256')] as const)),
  )
  const pairOf = (name: KeyName) => {
    const pair = pairs.get(name)
    if (pair === undefined) throw new RangeError(name)
    return pair
  }
  const publish = async (name: KeyName, issuer: string): Promise<JWK> => {
    const { kty = 'RSA', n = '', e = '' } = await exportJWK(pairOf(name).publicKey)
    return { kty, n, e, kid: name, use: 'sig', issuer } as JWK
  }
  const keys = [
    await publish('published', `${AUTHORITY}/{tenantid}/v2.0`),
    await publish('foreign', `${AUTHORITY}/${OTHER_TENANT}/v2.0`),
  ]

  const issuer: TokenIssuer = {
    requests: [],
    keys,
    down: false,
    async fetch(input) {
      const url = new URL(String(input))
      issuer.requests.push(url.pathname)
      if (issuer.down) throw new TypeError('network down')
      if (url.pathname.endsWith('/keys')) return Response.json({ keys })
      const [, segment = ''] = url.pathname.split('/')
      return Response.json({
        issuer: `${AUTHORITY}/${segment === 'organizations' ? '{tenantid}' : segment}/v2.0`,
        authorization_endpoint: `${AUTHORITY}/${segment}/oauth2/v2.0/authorize`,
        token_endpoint: `${AUTHORITY}/${segment}/oauth2/v2.0/token`,
        jwks_uri: `${AUTHORITY}/${segment}/discovery/v2.0/keys`,
      })
    },
    sign(claims, { key = 'published', header = {} } = {}) {
      const payload = Buffer.from(JSON.stringify(claims))
      return new CompactSign(payload)
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key, ...header })
        .sign(pairOf(key).privateKey)
    },
    bearer: async (claims, signing) => `Bearer ${await issuer.sign(claims, signing)}`,
    guard: (changed) =>
      createGuard({
        tenants: [TENANT],
        audiences: [API, `api://${API}`],
        clients: [CLIENT],
        scopes: ['Orders.Read'],
        roles: ['Orders.Read.All'],
        fetch: issuer.fetch,
        now: () => NOW_MS,
        ...changed,
      }),
  }
  return issuer
}

const times = { iat: NOW_SEC - 300, nbf: NOW_SEC - 300, exp: NOW_SEC + 3_300 }
const person = { tid: TENANT, oid: PERSON, sub: 'pairwise-subject', name: 'Ada Lindqvist' }

/** Claims of a user's version 2 access token, for the API, from a client that used a certificate. */
export const userToken: Claims = {
  ...times,
  ...person,
  iss: `${AUTHORITY}/${TENANT}/v2.0`,
  aud: API,
  azp: CLIENT,
  azpacr: '2',
  scp: 'Orders.Read Orders.Write',
  ver: '2.0',
}

/** The same in version 1. */
export const userTokenV1: Claims = {
  ...times,
  ...person,
  iss: `https://sts.windows.net/${TENANT}/`,
  aud: `api://${API}`,
  appid: CLIENT,
  appidacr: '2',
  scp: 'Orders.Read',
  ver: '1.0',
}

const { scp: _scopes, name: _name, ...withoutPerson } = userToken
const servicePrincipal = randomUUID()

/** Claims of an application's own token with one role, without the optional `idtyp`. */
export const appToken: Claims = {
  ...withoutPerson,
  oid: servicePrincipal,
  sub: servicePrincipal,
  roles: ['Orders.Read.All'],
}

/** Claims of an ID token that the API's own registration would get at a sign-in. */
export const idToken: Claims = {
  ...times,
  ...person,
  iss: userToken.iss,
  aud: API,
  nonce: 'from-the-request',
  preferred_username: 'ada@contoso.example',
  ver: '2.0',
}

/** The refusal of an Authorization header; fails where it is accepted. */
export async function refusalOf(guard: Guard, authorization: string | null | undefined): Promise<Refusal> {
  const decision = await guard.judge(authorization)
  if (decision.kind === 'accepted') throw new Error('the token was accepted')
  return decision
}
