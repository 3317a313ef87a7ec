/**
 * What a link to `/auth/login` asks for, and how such a link is written. Links are typed, mailed, decorated by campaigns and built by
 * third parties: what is harmless is not refused, and where one part is wrong the others are kept for the next try. Pure.
 */
import type { Config } from '../config/config.ts'
import { isIssuerOfOne } from '../entra/issuer.ts'
import type { SignInWishes } from '../entra/signInWishes.ts'
import { AppError } from '../errors/appError.ts'
import { HOME, type LocalPath, parseReturnTo } from './returnTo.ts'

type Prompt = NonNullable<SignInWishes['prompt']>

/** Parameters by their own names, checked and canonical. */
export type LinkParameters = {
  readonly returnTo?: LocalPath
  readonly loginHint?: string
  readonly domainHint?: string
  readonly prompt?: Prompt
  /** Seconds. */
  readonly maxAge?: string
  /** With single spaces between. */
  readonly scope?: string
  /** Compact JSON. */
  readonly claims?: string
}

export interface SignInLink {
  readonly returnTo: LocalPath
  readonly wishes: SignInWishes
  readonly parameters: LinkParameters
  /** How many parameters mean nothing here. Their names may hold anything, so none is told. */
  readonly ignored: number
}

type Name = keyof LinkParameters | 'iss'

/** What is known, and the names that OpenID Connect Core section 4 has for sign-in initiated by a third party. */
export const LINK_NAMES: ReadonlyMap<string, Name> = new Map([
  ['returnTo', 'returnTo'],
  ['target_link_uri', 'returnTo'],
  ['loginHint', 'loginHint'],
  ['login_hint', 'loginHint'],
  ['domainHint', 'domainHint'],
  ['prompt', 'prompt'],
  ['maxAge', 'maxAge'],
  ['scope', 'scope'],
  ['claims', 'claims'],
  ['iss', 'iss'],
])
/** The longest values, in characters; that of `returnTo` is counted when it is canonical. */
export const LONGEST: { readonly [N in Name]?: number } = {
  loginHint: 512,
  domainHint: 253,
  maxAge: 7,
  scope: 1_024,
  claims: 2_048,
}
const PROMPTS: readonly Prompt[] = ['login', 'none', 'consent', 'select_account']

/** Each value as it is used; undefined where it cannot be. */
const JUDGES: { readonly [N in Name]: (value: string, config: Config) => string | undefined } = {
  returnTo: (value, { app }) => parseReturnTo(value, app),
  loginHint: (value) => (/^[^\x00-\x1f\x7f]+$/.test(value) ? value : undefined),
  domainHint: (value) => (/^[A-Za-z0-9.-]+$/.test(value) ? value : undefined),
  prompt: (value) => PROMPTS.find((prompt) => prompt === value),
  maxAge: (value) => (/^[0-9]+$/.test(value) ? String(Number(value)) : undefined),
  scope: chosenScopes,
  claims: compactClaims,
  iss: (value, { entra, allowedTenants }) =>
    isIssuerOfOne(value, entra.issuerTemplate, allowedTenants) ? value : undefined,
}

/**
 * The link that these parameters make. An unknown one is counted, an empty one is none, and one that comes twice has to say the same
 * under the same name. Throws `login/invalid_parameter`, which names the faulty ones and keeps the others.
 */
export function parseSignInLink(pairs: Iterable<readonly [string, string]>, config: Config): SignInLink {
  const { given, contradicted, ignored } = collect(pairs)
  const good: { [N in Name]?: string } = {}
  const faulty: Name[] = [...contradicted]
  for (const [name, value] of given) {
    const judged = value.length > (LONGEST[name] ?? Infinity) ? undefined : JUDGES[name](value, config)
    if (judged === undefined) faulty.push(name)
    else good[name] = judged
  }
  const { iss: _checked, ...parameters } = good as LinkParameters & { iss?: string }
  // Entra takes a hint and the wish to choose for a contradiction.
  if (parameters.prompt === 'select_account' && parameters.loginHint !== undefined) faulty.push('loginHint')
  if (faulty.length > 0) throw invalidLink(parameters, faulty, ignored, faulty.join(', '))
  const { returnTo = HOME, scope, maxAge, ...hints } = parameters
  const wishes = {
    ...hints,
    ...(maxAge === undefined ? {} : { maxAgeSec: Number(maxAge) }),
    ...(scope === undefined ? {} : { scopes: scope.split(' ') }),
  }
  return { returnTo, wishes, parameters, ignored }
}

/** The fault of a link whose authorization request came to so many characters. Its longest part has to go. */
export function overlongLink({ parameters, ignored }: SignInLink, length: number): AppError {
  const lengths = Object.entries(parameters).map(
    ([name, value]) => [name, encodeURIComponent(value).length] as const,
  )
  const [longest] = lengths.toSorted(([, one], [, other]) => other - one)
  // Nothing was asked for: what is too long is what the settings have us ask for.
  if (longest === undefined)
    return new AppError('entra/request_rejected', { detail: `ENTRA_SCOPES: ${length}` })
  const [name] = longest as [Name, number]
  return invalidLink(parameters, [name], ignored, `${name} too long: ${length} characters in all`)
}

/** The parameters by which a link satisfies a claims challenge, unless it is none, or longer than a link may be. */
export function demandedClaims(challenge: string | undefined): Pick<LinkParameters, 'claims'> {
  const claims = compactClaims(challenge ?? '')
  return claims === undefined || claims.length > (LONGEST.claims ?? 0) ? {} : { claims }
}

/** The path of a link to sign-in, which is at `login`. Whoever goes to the start page anyway need not be told. */
export function signInPath(login: string, { returnTo, ...others }: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams({
    ...(returnTo === undefined || returnTo === HOME ? {} : { returnTo }),
    ...others,
  })
  return query.size === 0 ? login : `${login}?${query}`
}

/** The same path to sign-in, with the way back to there and to nowhere else. */
export function comingBackTo(link: string, returnTo: string): string {
  const [login = '', query = ''] = link.split('?')
  const parameters = new URLSearchParams(query)
  parameters.set('returnTo', returnTo)
  return `${login}?${parameters}`
}

function collect(pairs: Iterable<readonly [string, string]>) {
  const seen = new Map<Name, { readonly as: string; readonly value: string }>()
  const contradicted = new Set<Name>()
  let ignored = 0
  for (const [as, value] of pairs) {
    const name = LINK_NAMES.get(as)
    if (name === undefined) ignored += 1
    if (name === undefined || value === '') continue
    const first = seen.get(name) ?? { as, value }
    seen.set(name, first)
    if (first.as !== as || first.value !== value) contradicted.add(name)
  }
  const given = [...seen].flatMap(([name, { value }]) =>
    contradicted.has(name) ? [] : [[name, value] as const],
  )
  return { given, contradicted, ignored }
}

/** Names the faulty parts and keeps the others; `prompt=none` is not kept, for whoever presses a button wants to be asked. */
function invalidLink(
  parameters: LinkParameters,
  faulty: readonly Name[],
  ignored: number,
  detail: string,
): AppError {
  const kept = Object.entries(parameters).filter(
    ([name, value]) => !faulty.some((one) => one === name) && !(name === 'prompt' && value === 'none'),
  )
  const { returnTo, ...loginParameters } = Object.fromEntries(kept) as Record<string, string>
  return new AppError('login/invalid_parameter', {
    detail,
    ...(ignored === 0 ? {} : { facts: { ignoredParameters: ignored } }),
    ...(returnTo === undefined ? {} : { returnTo }),
    loginParameters,
  })
}

/** What says who signed in, and what keeps APIs working afterwards: asked for whatever else is. */
const ALWAYS = ['openid', 'profile', 'offline_access']

/** The scopes asked for, all of them configured ones, for sign-in or for an API; those of sign-in itself are always among them. */
function chosenScopes(scope: string, { scopes: ofSignIn, downstreamApis }: Config): string | undefined {
  const ofApis = Object.values(downstreamApis).flatMap(({ userScopes }) => userScopes)
  const scopes = [...ofSignIn, ...ofApis]
  const always = ALWAYS.filter((one) => ofSignIn.includes(one))
  const asked = new Set([...always, ...scope.split(' ').filter(Boolean)])
  return [...asked].every((one) => scopes.includes(one)) ? [...asked].join(' ') : undefined
}

/** A claims request (OpenID Connect Core 5.5) without white space. */
function compactClaims(claims: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(claims)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return JSON.stringify(parsed)
  } catch {
    // Not JSON: no claims request.
  }
  return undefined
}
