/**
 * The APIs behind `/api/{name}/`: each by name, with the one address it may be reached at and what may be asked of it. Read from a
 * setting, so that nothing a request says can add a host, a method or a permission.
 */
import { hasDuplicateMember } from './duplicateMember.ts'
import { judgeUrl } from './judgeUrl.ts'
import type { SettingsReader } from './settingsReader.ts'

export interface DownstreamApi {
  /** Scheme, host and path prefix, without a trailing slash. */
  readonly url: string
  /** Called with the app's own permissions, for anybody who is signed in. */
  readonly as: 'app'
  /** `{resource}/.default` */
  readonly scope: string
  readonly methods: readonly DownstreamMethod[]
  /** Bytes of an answer; a larger one is refused. */
  readonly maxResponseBytes: number
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type DownstreamMethod = (typeof METHODS)[number]

const SETTING = 'DOWNSTREAM_APIS'
const NAME = /^[a-z][a-z0-9-]{0,31}$/
const DEFAULT_SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+\/\.default$/
const MEMBERS = ['url', 'as', 'scope', 'methods', 'maxResponseBytes']
/** Answers are held whole, a few times over, and several at once in one instance. */
export const DEFAULT_RESPONSE_BYTES = 10_485_760
export const MOST_RESPONSE_BYTES = 52_428_800

type Members = Readonly<Record<string, unknown>>
type DownstreamApis = Readonly<Record<string, DownstreamApi>>

/** The APIs in the setting. What is wrong with one is a fault of the setting that names the API and no value. */
export function readDownstreamApis(read: SettingsReader, hasAppOnlyClient: boolean): DownstreamApis {
  const text = read.optionalText(SETTING)
  if (text === '') return {}
  const listed = parseObject(text)
  if (listed === undefined) read.fault(SETTING, 'must be a JSON object: APIs by name')
  else if (hasDuplicateMember(text))
    read.fault(SETTING, 'names a member twice: only one of the two would count')
  const apis = Object.entries(listed ?? {}).map(([name, value]) => {
    const { api, faults } = judgeApi(value)
    if (!NAME.test(name)) read.fault(SETTING, 'has a name that is not lower-case letters, digits and hyphens')
    else for (const what of faults) read.fault(SETTING, `${name} ${what}`)
    return [name, api] as const
  })
  if (apis.length > 0 && !hasAppOnlyClient)
    read.fault(SETTING, 'needs APP_ONLY_CLIENT_ID: its APIs are called as the app')
  return Object.fromEntries(apis)
}

function judgeApi(value: unknown): { api: DownstreamApi; faults: readonly string[] } {
  const {
    url,
    as,
    scope,
    methods = ['GET'],
    maxResponseBytes = DEFAULT_RESPONSE_BYTES,
    ...others
  } = isObject(value) ? value : {}
  const judged = judgeUrl(String(url))
  const listed: readonly unknown[] = Array.isArray(methods) ? methods : []
  const allowed = METHODS.filter((method) => listed.includes(method))
  const rules: readonly (readonly [boolean, string])[] = [
    [isObject(value), 'must be an object'],
    [Object.keys(others).length === 0, `has a member other than ${MEMBERS.join(', ')}`],
    [judged.faults.length === 0, `has a url that ${judged.faults.join(' and ')}`],
    [as === 'app', 'must have "as": "app"'],
    [
      typeof scope === 'string' && DEFAULT_SCOPE.test(scope),
      'must have a scope of the form {resource}/.default',
    ],
    [
      allowed.length > 0 && allowed.length === listed.length,
      `must have methods among ${METHODS.join(', ')}, each once`,
    ],
    [
      isWholeNumber(maxResponseBytes) && maxResponseBytes >= 1 && maxResponseBytes <= MOST_RESPONSE_BYTES,
      `must have maxResponseBytes from 1 to ${MOST_RESPONSE_BYTES}`,
    ],
  ]
  const faults = rules.filter(([holds]) => !holds).map(([, what]) => what)
  const api: DownstreamApi = {
    url: judged.url,
    as: 'app',
    scope: String(scope),
    methods: allowed,
    maxResponseBytes: isWholeNumber(maxResponseBytes) ? maxResponseBytes : DEFAULT_RESPONSE_BYTES,
  }
  return { api, faults }
}

function isWholeNumber(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function parseObject(text: string): Members | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return isObject(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
