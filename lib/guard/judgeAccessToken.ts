/**
 * The rules on the claims of an Entra access token: first whether it is meant for this API, then whether the client proved itself
 * with a certificate, then what it may do. Pure, so that each rule can fail by itself.
 */

import { isEpochSeconds } from '../base/epochSeconds.ts'
import { issuerFor } from '../config/issuerTemplate.ts'
import type { Guid } from '../config/settingsReader.ts'
import { allowedTenant } from '../entra/issuer.ts'
import type { VerifiedClaims } from '../entra/verifyJws.ts'
import type { AppCaller, Caller } from './caller.ts'
import { audienceIn, isText, proofIn, rolesIn, scopesIn } from './claimForms.ts'
import type { RefusalReason } from './refusal.ts'
import { judgeBinding, type Presented } from './tokenBinding.ts'

const CLOCK_TOLERANCE_SEC = 60

/** Claims by which an ID token gives itself away; no access token for an API has one. */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash'] as const

/** Each version names the client, and how it authenticated, in claims of its own; the other version's are not read. */
const VERSIONS = {
  '1.0': { issuer: 'v1', client: 'appid', proof: 'appidacr' },
  '2.0': { issuer: 'v2', client: 'azp', proof: 'azpacr' },
} as const

/** What `azpacr` and `appidacr` say where it was not a certificate. */
const UNPROVEN: ReadonlyMap<string, RefusalReason> = new Map([
  ['0', 'public_client'],
  ['1', 'secret_client'],
])

export interface AccessTokenRules {
  readonly tenants: readonly Guid[]
  /** The issuer of each token version, with `{tenantid}` where the tenant goes. */
  readonly issuers: { readonly v1: string; readonly v2: string }
  readonly audiences: readonly string[]
  readonly clients: readonly string[]
  /** A user's token needs one of these; empty where users are not admitted. */
  readonly scopes: readonly string[]
  /** An application's token needs one of these; empty where a user is needed. */
  readonly roles: readonly string[]
}

type Verdict =
  | { readonly kind: 'accepted'; readonly caller: Caller }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }

/**
 * The caller that a verified token stands for, or the first rule it breaks. Entra's access-token claims reference; RFC 8725
 * section 3; clock tolerance 60 seconds.
 */
export function judgeAccessToken(
  { claims, keyIssuer }: VerifiedClaims,
  rules: AccessTokenRules,
  nowMs: number,
  presented: Presented,
): Verdict {
  const nowSec = nowMs / 1_000
  const { ver, iss, exp, iat, nbf, oid } = claims
  if (ver !== '1.0' && ver !== '2.0') return refused('wrong_version')
  const version = VERSIONS[ver]
  const client = claims[version.client]
  const proof = proofIn(claims[version.proof])
  const kind = kindOf(claims)
  const isIdToken = ID_TOKEN_CLAIMS.some((name) => Object.hasOwn(claims, name))
  if (!isText(client) || proof === undefined || kind === undefined || isIdToken)
    return refused('not_an_access_token')
  if (!isText(oid)) return refused('incomplete_token')

  const tenantId = allowedTenant(claims.tid, rules.tenants)
  if (tenantId === undefined) return refused('wrong_tenant')
  if (iss !== issuerFor(rules.issuers[version.issuer], tenantId)) return refused('wrong_issuer')
  // Entra's keys name the v2 issuer only, and sign version 1 tokens of the same tenant as well.
  const keyMaySignFor = keyIssuer === undefined ? undefined : issuerFor(keyIssuer, tenantId)
  const isOwnKey = keyMaySignFor === issuerFor(rules.issuers.v2, tenantId) || keyMaySignFor === iss
  if (keyMaySignFor !== undefined && !isOwnKey) return refused('foreign_key')
  const audience = audienceIn(claims.aud)
  if (audience === undefined || !rules.audiences.includes(audience)) return refused('wrong_audience')
  if (!isEpochSeconds(exp) || !(nowSec < exp + CLOCK_TOLERANCE_SEC)) return refused('expired')
  if (!isEpochSeconds(iat) || iat - CLOCK_TOLERANCE_SEC > nowSec) return refused('not_yet_valid')
  if (nbf !== undefined && (!isEpochSeconds(nbf) || nbf - CLOCK_TOLERANCE_SEC > nowSec))
    return refused('not_yet_valid')
  const binding = judgeBinding(claims, presented)
  if ('refused' in binding) return refused(binding.refused)

  if (!rules.clients.includes(client)) return refused('foreign_client')
  if (proof !== '2') return refused(UNPROVEN.get(proof) ?? 'unproven_client')

  return judgePermission(kind, rules, {
    tenantId,
    objectId: oid,
    clientId: client,
    tokenVersion: ver,
    clientProof: version.proof,
    roles: rolesIn(claims.roles),
    expiresAtMs: exp * 1_000,
    ...binding,
    claims,
  })
}

function judgePermission(
  kind: Caller['kind'],
  rules: AccessTokenRules,
  caller: Omit<AppCaller, 'kind'>,
): Verdict {
  if (kind === 'app') {
    if (rules.roles.length === 0) return refused('user_required')
    if (!holdsOne(caller.roles, rules.roles)) return refused('missing_role')
    return { kind: 'accepted', caller: { kind, ...caller } }
  }
  const scopes = scopesIn(caller.claims.scp)
  if (rules.scopes.length === 0) return refused('app_required')
  if (!holdsOne(scopes, rules.scopes)) return refused('missing_scope')
  return { kind: 'accepted', caller: { kind, ...caller, scopes } }
}

/**
 * `idtyp` decides where it is present: it is an optional claim. Otherwise an application's own token is the one without the claim `scp`
 * whose subject is the application itself, so that a user's token that lacks scopes, or holds an empty one, never passes for one.
 */
function kindOf({ idtyp, scp, sub, oid }: VerifiedClaims['claims']): Caller['kind'] | undefined {
  if (idtyp === undefined) return scp === undefined && sub === oid ? 'app' : 'user'
  return idtyp === 'app' || idtyp === 'user' ? idtyp : undefined
}

function holdsOne(held: readonly string[], needed: readonly string[]): boolean {
  return needed.some((one) => held.includes(one))
}

function refused(reason: RefusalReason): Verdict {
  return { kind: 'refused', reason }
}
