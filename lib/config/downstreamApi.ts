/** One entry of `DOWNSTREAM_APIS`, judged. What is wrong is said without a value. Pure. */
import { isHarmlessHeader } from './harmlessHeader.ts'
import { judgeUrl } from './judgeUrl.ts'
import { isSettingPath } from './settingPath.ts'

export interface DownstreamApi {
  /** Scheme, host and path prefix, without a trailing slash. */
  readonly url: string
  /**
   * `user`: with the signed-in person's token; `app`: with the app's own permissions, for anybody who is signed in; `user-or-app`: as the
   * person where somebody is signed in, else as the app itself.
   */
  readonly as: (typeof CALLERS)[number]
  /** What the person's token is asked for: scopes of this API. Empty where it is called as the app only. */
  readonly userScopes: readonly string[]
  /** `{resource}/.default`; empty where it is called as the person only. */
  readonly appScope: string
  readonly methods: readonly DownstreamMethod[]
  /** What may be asked for under the address: each a path with all that lies below it. Empty: everything. */
  readonly paths: readonly string[]
  /** Application roles, one of which the person needs. Empty: none. */
  readonly roles: readonly string[]
  /** For the whole answer. Milliseconds. */
  readonly timeoutMs: number
  /** Bytes of an answer; a larger one is refused. */
  readonly maxResponseBytes: number
  /** Headers that pass besides those that always do; lower case. */
  readonly requestHeaders: readonly string[]
  readonly responseHeaders: readonly string[]
}

const CALLERS = ['user', 'app', 'user-or-app'] as const
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type DownstreamMethod = (typeof METHODS)[number]

/** Answers are held whole, a few times over, and several at once in one instance. */
export const DEFAULT_RESPONSE_BYTES = 10_485_760
export const MOST_RESPONSE_BYTES = 52_428_800
/** The platform ends a request after 230 seconds. */
export const MOST_TIMEOUT_SEC = 200
export const DEFAULT_TIMEOUT_SEC = 100
const MOST_NAMES = 32

const DEFAULT_SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}\/\.default$/
/** RFC 6749 section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/
const ROLE = /^[\x21-\x7e]{1,120}$/

export const MEMBERS = [
  'url',
  'as',
  'scope',
  'appScope',
  'methods',
  'paths',
  'roles',
  'timeoutSec',
  'maxResponseBytes',
  'requestHeaders',
  'responseHeaders',
] as const

type Members = Readonly<Partial<Record<(typeof MEMBERS)[number], unknown>>>

/** The API of an entry, and every rule that it breaks; with one broken the API is not to be used. */
export function judgeDownstreamApi(value: unknown): { api: DownstreamApi; faults: readonly string[] } {
  const faults: string[] = []
  const require = (holds: boolean, what: string): void => {
    if (!holds) faults.push(what)
  }
  const isEntry = typeof value === 'object' && value !== null && !Array.isArray(value)
  const entry: Members = isEntry ? value : {}
  require(isEntry, 'must be an object')
  const known: readonly string[] = MEMBERS
  require(Object.keys(entry).every((name) =>
    known.includes(name),
  ), `has a member other than ${MEMBERS.join(', ')}`)
  const list = (name: keyof Members, isOne: (text: string) => boolean, what: string): readonly string[] => {
    const given = entry[name] === undefined ? [] : entry[name]
    const listed: readonly unknown[] = Array.isArray(given) ? given : [undefined]
    const texts = listed.filter((one): one is string => typeof one === 'string' && isOne(one))
    const isWhole = texts.length === listed.length && new Set(texts).size === texts.length
    require(isWhole && texts.length <= MOST_NAMES, `must have ${name} as a list of ${what}, each once`)
    return texts
  }
  const number = (name: keyof Members, otherwise: number, most: number): number => {
    const given = entry[name] === undefined ? otherwise : entry[name]
    const isWithin = Number.isSafeInteger(given) && Number(given) >= 1 && Number(given) <= most
    require(isWithin, `must have ${name} from 1 to ${most}`)
    return isWithin ? Number(given) : otherwise
  }

  const judged = judgeUrl(String(entry.url))
  require(judged.faults.length === 0, `has a url that ${judged.faults.join(' and ')}`)
  const as = CALLERS.find((one) => one === entry.as)
  require(as !== undefined, `must have "as" among ${CALLERS.join(', ')}`)
  const scopes = readScopes(entry, as, require)
  const methods = entry.methods === undefined ? ['GET'] : list('methods', isMethod, METHODS.join(', '))
  const isEmpty = Array.isArray(entry.methods) && entry.methods.length === 0
  require(!isEmpty, `must have methods among ${METHODS.join(', ')}, each once`)
  const api: DownstreamApi = {
    url: judged.url,
    as: as ?? 'user',
    ...scopes,
    methods: METHODS.filter((method) => methods.includes(method)),
    paths: list('paths', isSettingPath, 'paths such as /v1/orders'),
    roles: list('roles', isRole, 'application roles'),
    timeoutMs: number('timeoutSec', DEFAULT_TIMEOUT_SEC, MOST_TIMEOUT_SEC) * 1_000,
    maxResponseBytes: number('maxResponseBytes', DEFAULT_RESPONSE_BYTES, MOST_RESPONSE_BYTES),
    requestHeaders: list('requestHeaders', isHarmlessHeader, 'harmless header names in lower case'),
    responseHeaders: list('responseHeaders', isHarmlessHeader, 'harmless header names in lower case'),
  }
  return { api, faults }
}

/** `scope` is the person's, or the app's where it is called as the app only; `appScope` goes with `user-or-app`. */
function readScopes(
  { scope, appScope }: Members,
  as: DownstreamApi['as'] | undefined,
  require: (holds: boolean, what: string) => void,
): Pick<DownstreamApi, 'userScopes' | 'appScope'> {
  const isDefault = (text: unknown): text is string => typeof text === 'string' && DEFAULT_SCOPE.test(text)
  if (as === 'app') {
    require(isDefault(scope), 'must have a scope of the form {resource}/.default')
    require(appScope === undefined, 'has an appScope, which goes with "as": "user-or-app"')
    return { userScopes: [], appScope: String(scope) }
  }
  const scopes = typeof scope === 'string' ? scope.split(' ').filter(Boolean) : []
  require(scopes.length > 0 &&
    scopes.every((one) => SCOPE.test(one)), 'must have a scope: what the person’s token is asked for')
  const needsAppScope = as === 'user-or-app'
  require(needsAppScope ? isDefault(appScope) : appScope === undefined, needsAppScope
    ? 'must have an appScope of the form {resource}/.default'
    : 'has an appScope, which goes with "as": "user-or-app"')
  return { userScopes: scopes, appScope: needsAppScope ? String(appScope) : '' }
}

function isMethod(text: string): boolean {
  return METHODS.some((method) => method === text)
}

/** Whether an application role can have this value: no white space, 120 characters at most. */
export function isRole(text: string): boolean {
  return ROLE.test(text)
}
