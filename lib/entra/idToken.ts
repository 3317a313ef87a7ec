/**
 * The ID token: signature always verified, then every rule of OpenID Connect Core 3.1.3.7 and of Entra, each of which can
 * fail by itself and says which one it was.
 */
import { base64url, sha256 } from '../base/crypto.ts'
import { isEpochSeconds } from '../base/epochSeconds.ts'
import { issuerFor } from '../config/issuerTemplate.ts'
import { type Guid, isGuid } from '../config/settingsReader.ts'
import { AppError } from '../errors/appError.ts'
import { allowedTenant, isForAnyTenant } from './issuer.ts'
import type { ProviderKeys } from './providerKeys.ts'
import { type JwsFlaw, verifyJws } from './verifyJws.ts'

const CLOCK_TOLERANCE_SEC = 60
/** `auth_time` is what it is, while Entra dates `iat` and `nbf` five minutes back: it gets as much, for a clock of ours that is slow. */
const AUTH_TIME_TOLERANCE_SEC = 360
const MAX_AGE_SEC = 24 * 3_600
const MOST_ROLES = 200
const MOST_ACRS = 99

/** What the app keeps of a person. `tid` and `oid` identify; all else is for display and may change at any time. */
export interface Identity {
  readonly tid: Guid
  readonly oid: string
  readonly sub: string
  readonly name?: string
  readonly username?: string
  /** Entra's session id, for front-channel sign-out. */
  readonly sid?: string
  /** Opaque hint that spares the account picker at sign-out. */
  readonly loginHint?: string
  /** Application roles of this app that the person has. */
  readonly roles?: readonly string[]
  /** When the person last authenticated (`auth_time`). Milliseconds since the epoch. */
  readonly authTimeMs?: number
  /** Authentication contexts that the sign-in satisfied. */
  readonly acrs?: readonly string[]
}

export interface IdTokenRules {
  readonly clientId: string
  readonly issuerTemplate: string
  readonly allowedTenants: readonly Guid[]
  /** That of the authorization request; undefined for a refreshed token, which answers none. */
  readonly nonce: string | undefined
  /** Of a refreshed token: the hash (`nonceHashOf`) that a nonce has to have, where the token holds one. */
  readonly nonceHash?: string | undefined
  /** The access token that came with the ID token. */
  readonly accessToken: string
  readonly nowMs: number
}

type Claims = Readonly<Record<string, unknown>>

/** The rule that a flaw of the JWS breaks: what is not signed as it must be counts as not signed. */
const RULES: Readonly<Record<JwsFlaw, string>> = {
  size: 'size',
  form: 'signature',
  algorithm: 'signature',
  key: 'kid',
  signature: 'signature',
  payload: 'payload',
}

/** The identity in a verified ID token. Throws `entra/id_token_rejected` naming the rule, or what fetching keys throws. */
export async function verifyIdToken(
  idToken: string,
  keys: ProviderKeys,
  rules: IdTokenRules,
): Promise<Identity> {
  const verified = await verifyJws(idToken, keys)
  if ('flaw' in verified) throw rejected(RULES[verified.flaw])
  return judgeIdToken(verified.claims, verified.keyIssuer, rules)
}

/** The rules on the claims of an ID token whose signature holds, made by a key that may sign for `keyIssuer` only. Pure. */
export function judgeIdToken(claims: Claims, keyIssuer: string | undefined, rules: IdTokenRules): Identity {
  const nowSec = rules.nowMs / 1_000
  const tid = allowedTenant(claims.tid, rules.allowedTenants)
  if (tid === undefined) throw refusedTenant(claims, rules)
  if (claims.iss !== issuerFor(rules.issuerTemplate, tid)) throw rejected('iss')
  if (keyIssuer !== undefined && issuerFor(keyIssuer, tid) !== claims.iss) throw rejected('key issuer')
  if (claims.ver !== '2.0') throw rejected('ver')
  if (!isAudience(claims.aud, rules.clientId)) throw rejected('aud')
  if (claims.azp !== undefined && claims.azp !== rules.clientId) throw rejected('azp')
  if (rules.nonce !== undefined && claims.nonce !== rules.nonce) throw rejected('nonce')
  if (
    rules.nonceHash !== undefined &&
    claims.nonce !== undefined &&
    nonceHashOf(claims.nonce) !== rules.nonceHash
  )
    throw rejected('nonce')
  if (claims.at_hash !== undefined && claims.at_hash !== tokenHash(rules.accessToken))
    throw rejected('at_hash')
  const { exp, iat, nbf } = claims
  if (!isEpochSeconds(exp) || exp + CLOCK_TOLERANCE_SEC <= nowSec) throw rejected('exp')
  if (!isEpochSeconds(iat) || iat - CLOCK_TOLERANCE_SEC > nowSec || nowSec - iat > MAX_AGE_SEC)
    throw rejected('iat')
  if (nbf !== undefined && (!isEpochSeconds(nbf) || nbf - CLOCK_TOLERANCE_SEC > nowSec)) throw rejected('nbf')
  const authTimeMs = isEpochSeconds(claims.auth_time) ? claims.auth_time * 1_000 : undefined
  if ((authTimeMs ?? 0) > rules.nowMs + AUTH_TIME_TOLERANCE_SEC * 1_000) throw rejected('auth_time')
  const acrs = textsIn(claims.acrs)
  // OpenID Connect Core section 2: at most 255 ASCII characters.
  if (!isText(claims.sub, 255) || !/^[\x20-\x7e]+$/.test(claims.sub)) throw rejected('sub')
  if (!isText(claims.oid, 255)) throw rejected('oid')
  return {
    tid,
    oid: claims.oid,
    sub: claims.sub,
    ...(isText(claims.name, 512) ? { name: claims.name } : {}),
    ...(isText(claims.preferred_username, 512) ? { username: claims.preferred_username } : {}),
    ...(isText(claims.sid, 128) ? { sid: claims.sid } : {}),
    ...(isText(claims.login_hint, 4_096) ? { loginHint: claims.login_hint } : {}),
    ...(isRoles(claims.roles) ? { roles: claims.roles } : {}),
    ...(authTimeMs === undefined ? {} : { authTimeMs }),
    ...(acrs.length === 0 ? {} : { acrs }),
  }
}

/** Where people of any tenant can come, one of a tenant not on the list is a person without access. Elsewhere no such token exists. */
function refusedTenant({ tid, iss }: Claims, { issuerTemplate }: IdTokenRules): AppError {
  const isOfItsTenant = isGuid(tid) && iss === issuerFor(issuerTemplate, tid)
  return isOfItsTenant && isForAnyTenant(issuerTemplate)
    ? new AppError('entra/no_access', { detail: 'tenant not allowed' })
    : rejected('tid')
}

/** OpenID Connect Core 3.1.3.7 rule 3: us, and nobody besides. */
function isAudience(aud: unknown, clientId: string): boolean {
  return aud === clientId || (Array.isArray(aud) && aud.length === 1 && aud[0] === clientId)
}

/** What is kept of the nonce of a sign-in, to know it again by. */
export function nonceHashOf(nonce: unknown): string {
  return base64url.encode(sha256(JSON.stringify(nonce)))
}

/** OpenID Connect Core 3.1.3.6: the left half of the hash that goes with RS256. */
function tokenHash(token: string): string {
  return base64url.encode(sha256(token).subarray(0, 16))
}

function isRoles(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= MOST_ROLES && value.every((role) => isText(role, 120))
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longest
}

/** Entra knows 99 contexts at most, `c1` to `c99`; more than that, or longer ones, are none. */
function textsIn(value: unknown): readonly string[] {
  const texts = Array.isArray(value) ? value.filter((one) => isText(one, 64)) : []
  return texts.length <= MOST_ACRS ? texts : []
}

function rejected(rule: string, cause?: unknown): AppError {
  return new AppError('entra/id_token_rejected', { detail: rule, rule, cause })
}
