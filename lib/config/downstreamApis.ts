/**
 * The APIs behind `/api/{name}/`: each by name, with the one address it may be reached at and what may be asked of it. Read from a
 * setting, so that nothing a request says can add a host, a method or a permission.
 */
import { type DownstreamApi, judgeDownstreamApi } from './downstreamApi.ts'
import { hasDuplicateMember } from './duplicateMember.ts'
import type { SettingsReader } from './settingsReader.ts'

const SETTING = 'DOWNSTREAM_APIS'
const NAME = /^[a-z][a-z0-9-]{0,31}$/

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
    const { api, faults } = judgeDownstreamApi(value)
    if (!NAME.test(name)) read.fault(SETTING, 'has a name that is not lower-case letters, digits and hyphens')
    else for (const what of faults) read.fault(SETTING, `${name} ${what}`)
    return [name, api] as const
  })
  if (apis.some(([, { as }]) => as !== 'user') && !hasAppOnlyClient)
    read.fault(SETTING, 'needs APP_ONLY_CLIENT_ID for what is called as the app')
  return Object.fromEntries(apis)
}

function parseObject(text: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
    return isObject ? parsed : undefined
  } catch {
    return undefined
  }
}
