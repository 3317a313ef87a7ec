/**
 * Entra's token endpoint, metadata and keys, as little as it takes for every app here to sign people in: client assertions and PKCE are verified,
 * ID tokens are signed. The person's part, the authorization endpoint, is played by whoever drives the benchmark: a code says itself what it
 * stands for. What fails is answered with a status that no app takes for success.
 */
import { constants, createHash, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import type { LightAnswer, LightRequest } from './lightServer.ts'

/** What the person's sign-in at Entra came to; base64url of its JSON is the code, and with `r.` before it a refresh token. */
export interface SignedInAtEntra {
  readonly clientId: string
  readonly scope: string
  readonly nonce?: string
  /** PKCE, S256. */
  readonly challenge?: string
  readonly oid: string
  readonly sid: string
}

export interface EntraSwitches {
  /** Of access tokens. Seconds. */
  tokenLifetimeSec: number
}

export interface RegisteredKey {
  /** SHA-256 and SHA-1 of the certificate, base64url. */
  readonly thumbprints: readonly string[]
  readonly key: KeyObject
}

export interface LightEntra {
  readonly switches: EntraSwitches
  readonly authority: () => string
  listensAt(origin: string): void
  answer(request: LightRequest): LightAnswer
  /** An access token for an API, as the endpoint would issue it. */
  accessToken(claims: Readonly<Record<string, unknown>>): string
}

const ID_TOKEN_SEC = 3_600
const BACKDATED_SEC = 300
/** An access token for one API is signed once a minute: it is nothing that an app judges. */
const REUSED_MS = 60_000

export function createLightEntra(
  tenantId: string,
  clientsKeys: ReadonlyMap<string, readonly RegisteredKey[]>,
): LightEntra {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const kid = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
  const switches = { tokenLifetimeSec: 3_600 }
  const signed = new Map<string, { readonly token: string; readonly atMs: number }>()
  let authority = ''
  const issuer = (): string => `${authority}/v2.0`

  const jwt = (claims: object): string => {
    const head = { typ: 'JWT', alg: 'RS256', kid }
    const text = [head, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
  }

  function accessTokenFor(scope: string, clientId: string): string {
    const name = `${scope} ${clientId} ${switches.tokenLifetimeSec}`
    const known = signed.get(name)
    const atMs = Date.now()
    if (known !== undefined && atMs - known.atMs < REUSED_MS) return known.token
    const nowSec = Math.floor(atMs / 1_000)
    const token = jwt({
      aud: clientId,
      iss: issuer(),
      iat: nowSec - BACKDATED_SEC,
      exp: nowSec + switches.tokenLifetimeSec,
      azp: clientId,
      azpacr: '2',
      scp: 'access_as_user',
      tid: tenantId,
      ver: '2.0',
    })
    signed.set(name, { token, atMs })
    return token
  }

  function idToken(person: SignedInAtEntra): string {
    const nowSec = Math.floor(Date.now() / 1_000)
    return jwt({
      aud: person.clientId,
      iss: issuer(),
      iat: nowSec - BACKDATED_SEC,
      nbf: nowSec - BACKDATED_SEC,
      exp: nowSec + ID_TOKEN_SEC,
      auth_time: nowSec,
      login_hint: `O.${person.oid}`,
      name: 'Ada Adams',
      ...(person.nonce === undefined ? {} : { nonce: person.nonce }),
      oid: person.oid,
      preferred_username: 'ada@contoso.example',
      rh: '1.AAAA.',
      sid: person.sid,
      sub: createHash('sha256').update(`${person.clientId} ${person.oid}`).digest('base64url'),
      tid: tenantId,
      uti: 'AAAAAAAAAAAAAAAAAAAAAA',
      ver: '2.0',
    })
  }

  function token(form: URLSearchParams): LightAnswer {
    const grant = form.get('grant_type') ?? ''
    const what = `POST token (${grant})`
    const clientId = form.get('client_id') ?? assertionOf(form).claims.sub ?? ''
    const refusal = refusalOf(form, clientId)
    if (refusal !== undefined) return { ...error(400, 'invalid_client', refusal), what }
    if (grant === 'client_credentials') {
      const scope = form.get('scope') ?? ''
      return { ...json(200, tokens(scope, clientId)), what }
    }
    const given = form.get(grant === 'refresh_token' ? 'refresh_token' : 'code')?.replace(/^r\./, '') ?? ''
    const person = personIn(given)
    if (person === undefined) return { ...error(400, 'invalid_grant', 'code'), what }
    const verifier = form.get('code_verifier') ?? ''
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    if (person.clientId !== clientId) return { ...error(400, 'invalid_grant', 'client'), what }
    if (grant === 'authorization_code' && person.challenge !== undefined && person.challenge !== challenge)
      return { ...error(400, 'invalid_grant', 'code_verifier'), what }
    const { nonce: _nonce, challenge: _challenge, ...later } = person
    const refreshToken = Buffer.from(JSON.stringify(later)).toString('base64url')
    const body = {
      ...tokens(form.get('scope') ?? person.scope, clientId),
      refresh_token: `r.${refreshToken}`,
      id_token: idToken(grant === 'refresh_token' ? later : person),
      client_info: Buffer.from(JSON.stringify({ uid: person.oid, utid: tenantId })).toString('base64url'),
    }
    return { ...json(200, body), what }
  }

  function tokens(asked: string, clientId: string): object {
    const scope =
      asked
        .split(' ')
        .filter((one) => !OPENID.has(one))
        .join(' ') || 'User.Read'
    return {
      token_type: 'Bearer',
      scope,
      expires_in: switches.tokenLifetimeSec,
      ext_expires_in: switches.tokenLifetimeSec,
      access_token: accessTokenFor(scope, clientId),
    }
  }

  /** Why an assertion proves nothing; undefined where it does (RFC 7523 section 3). */
  function refusalOf(form: URLSearchParams, clientId: string): string | undefined {
    const { header, claims, signedPart, signature } = assertionOf(form)
    const keys = clientsKeys.get(clientId) ?? []
    const print = header['x5t#S256'] ?? header.x5t ?? header.kid
    const key = print === undefined ? keys[0] : keys.find(({ thumbprints }) => thumbprints.includes(print))
    if (key === undefined) return 'no such certificate'
    const padding =
      header.alg === 'PS256'
        ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
        : {}
    if (!verify('sha256', signedPart, { key: key.key, ...padding }, signature)) return 'signature'
    if (claims.iss !== clientId || claims.sub !== clientId) return 'iss or sub'
    const audiences = [`${authority}/oauth2/v2.0/token`, issuer()]
    if (![claims.aud].flat().some((aud) => audiences.includes(aud ?? ''))) return 'aud'
    return (claims.exp ?? 0) * 1_000 > Date.now() ? undefined : 'exp'
  }

  return {
    switches,
    authority: () => authority,
    listensAt(origin) {
      authority = `${origin}/${tenantId}`
    },
    accessToken: (claims) => {
      const nowSec = Math.floor(Date.now() / 1_000)
      const times = { iat: nowSec - BACKDATED_SEC, nbf: nowSec - BACKDATED_SEC, exp: nowSec + ID_TOKEN_SEC }
      return jwt({ iss: issuer(), tid: tenantId, ver: '2.0', ...times, ...claims })
    },
    answer({ method, target, body }) {
      const path = target.replace(/\?.*$/, '')
      if (method === 'POST' && path === `/${tenantId}/oauth2/v2.0/token`)
        return token(new URLSearchParams(body))
      if (path === `/${tenantId}/v2.0/.well-known/openid-configuration`)
        return { ...json(200, metadata(authority)), what: 'GET metadata' }
      if (path === `/${tenantId}/discovery/v2.0/keys`) {
        const key = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', issuer: issuer() }
        return { ...json(200, { keys: [key] }), what: 'GET keys' }
      }
      return { ...error(404, 'invalid_request', path), what: 'refused' }
    },
  }
}

/** Whom a code or a refresh token is of; undefined where it was made up. */
function personIn(given: string): SignedInAtEntra | undefined {
  try {
    return JSON.parse(Buffer.from(given, 'base64url').toString()) as SignedInAtEntra
  } catch {
    return undefined
  }
}

const OPENID = new Set(['openid', 'profile', 'email', 'offline_access'])

interface Assertion {
  readonly header: Readonly<Partial<Record<string, string>>>
  readonly claims: {
    readonly iss?: string
    readonly sub?: string
    readonly aud?: string | string[]
    readonly exp?: number
  }
  readonly signedPart: Buffer
  readonly signature: Buffer
}

function assertionOf(form: URLSearchParams): Assertion {
  const [header = '', claims = '', signature = ''] = (form.get('client_assertion') ?? '..').split('.')
  const read = (part: string): object =>
    part === '' ? {} : (JSON.parse(Buffer.from(part, 'base64url').toString()) as object)
  return {
    header: read(header) as Assertion['header'],
    claims: read(claims),
    signedPart: Buffer.from(`${header}.${claims}`),
    signature: Buffer.from(signature, 'base64url'),
  }
}

function metadata(authority: string): object {
  return {
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${authority}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${authority}/v2.0`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
  }
}

function json(status: number, body: object): Omit<LightAnswer, 'what'> {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
  return { status, headers, body: JSON.stringify(body) }
}

function error(status: number, code: string, detail: string): Omit<LightAnswer, 'what'> {
  return json(status, { error: code, error_description: `AADSTS000: ${detail}` })
}
