/**
 * What a sign-in was asked to prove, how that is asked for, and whether an ID token proves it. The request travels through the person's
 * own address bar, where a part of it can be taken out: what comes back is held against what was asked, not against what Entra got. Pure.
 */
import { AppError } from '../errors/appError.ts'
import { CAPABILITIES } from './clientCapabilities.ts'
import type { Identity } from './idToken.ts'
import type { SignInWishes } from './signInWishes.ts'

const TOLERANCE_MS = 60_000

export interface Asked {
  /** `auth_time` has to be there. */
  readonly authTime: boolean
  /** And to be no earlier than this. Milliseconds since the epoch. */
  readonly notBeforeMs: number
  /** Demands on `acrs`, each of them met by any one of its authentication contexts. */
  readonly acrs: readonly Demand[]
}

/** Authentication contexts, one of which will do (OpenID Connect Core 5.5.1). */
type Demand = readonly string[]

/**
 * What these wishes ask to be proven: a fresh authentication (`prompt=login`), one no older than `max_age` when the sign-in started
 * (OpenID Connect Core 3.1.2.1), `auth_time` itself, and authentication contexts (Entra's `acrs`), where claims call them essential.
 */
export function askedOf({ prompt, maxAgeSec, claims }: SignInWishes, startedAtMs: number): Asked {
  const { idToken, accessToken } = readClaims(claims)
  const oldestMs = prompt === 'login' ? 0 : maxAgeSec === undefined ? undefined : maxAgeSec * 1_000
  return {
    authTime: oldestMs !== undefined || recordAt(idToken, 'auth_time').essential === true,
    notBeforeMs: oldestMs === undefined ? 0 : startedAtMs - oldestMs - TOLERANCE_MS,
    acrs: withoutRepetition([...demandsOf(idToken), ...demandsOf(accessToken)]),
  }
}

/**
 * The `claims` parameter (OpenID Connect Core 5.5) of these wishes: what they hold, what we can do, and what the ID token has to carry for
 * us to see. For Entra `auth_time` is an optional claim, and `acrs` of an access token is for its API to read.
 *
 * One member can state one demand only. Where there are two, and some contexts meet both, it names these. Where none does, it names all of both,
 * which is a rule of ours: the standard has no words for it, and whether the token meets both is seen when it is here.
 */
export function claimsParameter(wishes: SignInWishes): string {
  const { authTime, acrs } = askedOf(wishes, 0)
  const { request, idToken, accessToken } = readClaims(wishes.claims)
  const needed = mergedOf(acrs)
  const isSeen = isSame(needed, mergedOf(withoutRepetition(demandsOf(idToken))))
  const added = {
    ...(authTime && recordAt(idToken, 'auth_time').essential !== true
      ? { auth_time: { essential: true } }
      : {}),
    ...(isSeen ? {} : { acrs: essential(needed) }),
  }
  return JSON.stringify({
    ...request,
    access_token: { ...accessToken, ...CAPABILITIES },
    ...(Object.keys(added).length === 0 ? {} : { id_token: { ...idToken, ...added } }),
  })
}

/** Throws `callback/not_as_asked` whose detail is the claim that fails. */
export function requireAsAsked({ authTimeMs, acrs = [] }: Identity, asked: Asked): void {
  const isFresh = authTimeMs === undefined ? !asked.authTime : authTimeMs >= asked.notBeforeMs
  if (!isFresh) throw new AppError('callback/not_as_asked', { detail: 'auth_time' })
  if (!asked.acrs.every((demand) => demand.some((acr) => acrs.includes(acr))))
    throw new AppError('callback/not_as_asked', { detail: 'acrs' })
}

type Members = Readonly<Record<string, unknown>>

function readClaims(claims: string | undefined): {
  request: Members
  idToken: Members
  accessToken: Members
} {
  const request = parseRecord(claims)
  return { request, idToken: recordAt(request, 'id_token'), accessToken: recordAt(request, 'access_token') }
}

/** The demands on a token's `acrs`, in either form of section 5.5.1; none where they are only welcome. */
function demandsOf(token: Members): Demand[] {
  const { essential: isEssential, value, values } = recordAt(token, 'acrs')
  if (isEssential !== true) return []
  const forms = [[value], Array.isArray(values) ? values : []]
  return forms
    .map((form) => [...new Set(form.filter((one) => typeof one === 'string'))])
    .filter((demand) => demand.length > 0)
}

function withoutRepetition(demands: readonly Demand[]): readonly Demand[] {
  return demands.filter((demand, at) => demands.findIndex((other) => isSame(other, demand)) === at)
}

function isSame(one: Demand, other: Demand): boolean {
  return one.length === other.length && one.every((acr) => other.includes(acr))
}

/** What one member asks in place of these demands; nothing for none. */
function mergedOf(demands: readonly Demand[]): Demand {
  const all = [...new Set(demands.flat())]
  const meetAll = all.filter((acr) => demands.every((demand) => demand.includes(acr)))
  return meetAll.length === 0 ? all : meetAll
}

function essential(acrs: Demand): Members {
  const [only] = acrs
  return acrs.length === 1 ? { essential: true, value: only } : { essential: true, values: acrs }
}

function parseRecord(text: string | undefined): Members {
  try {
    return asRecord(JSON.parse(text ?? '{}'))
  } catch {
    return {}
  }
}

function recordAt(members: Members, name: string): Members {
  return Object.hasOwn(members, name) ? asRecord(members[name]) : {}
}

function asRecord(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {}
}
