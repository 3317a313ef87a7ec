/** Where the front end is that the app passes on, and how it is passed on. Read from settings, so that nothing a request says names a host. */
import { MOST_RESPONSE_BYTES } from './downstreamApi.ts'
import { isSettingPath } from './settingPath.ts'
import type { SettingsReader } from './settingsReader.ts'
import { wordsIn } from './settingText.ts'

export interface FrontEnd {
  /** Scheme, host and path prefix, without a trailing slash. */
  readonly url: string
  /** What a navigation gets that finds nothing: a path under `url`, from its slash on. */
  readonly fallback?: string
  /** For what comes without a policy of its own. */
  readonly contentSecurityPolicy: string
  /** Paths that need nobody; undefined where none needs anybody. Each with what lies below it, the root alone. */
  readonly openPaths?: readonly string[]
  /** Bytes of an answer; a larger one is refused. */
  readonly maxBytes: number
}

/** Undefined where there is none. `entraOrigin` is where a form that signs out leads. */
export function readFrontEnd(
  read: SettingsReader,
  { publicOrigin, entraOrigin }: { readonly publicOrigin: string; readonly entraOrigin: string },
): FrontEnd | undefined {
  const url = read.optionalUrl('FRONT_END_URL')
  const fallback = read.text('FRONT_END_FALLBACK')
  if (fallback !== 'none' && fallback !== '/' && !isSettingPath(fallback))
    read.fault('FRONT_END_FALLBACK', 'must be a path such as /index.html, or none')
  const policy = read.optionalText('FRONT_END_CSP')
  if (!/^[\x20-\x7e]*$/.test(policy)) read.fault('FRONT_END_CSP', 'must be one line of ASCII')
  const maxBytes = read.integer('FRONT_END_MAX_BYTES', 1, MOST_RESPONSE_BYTES)
  const openPaths = readOpenPaths(read, url !== undefined)
  if (url === undefined) return undefined
  if (URL.parse(url)?.origin === publicOrigin)
    read.fault('FRONT_END_URL', 'must not be at PUBLIC_URL: the app would ask itself')
  return {
    url,
    ...(fallback === 'none' ? {} : { fallback }),
    ...(openPaths === undefined ? {} : { openPaths }),
    contentSecurityPolicy: policy || floorPolicy(entraOrigin),
    maxBytes,
  }
}

function readOpenPaths(read: SettingsReader, hasFrontEnd: boolean): readonly string[] | undefined {
  const isRequired = read.oneOf('FRONT_END_SIGN_IN', ['optional', 'required']) === 'required'
  const paths = wordsIn(read.optionalText('FRONT_END_OPEN_PATHS'), ',')
  if (isRequired && !hasFrontEnd) read.fault('FRONT_END_SIGN_IN', 'only goes with FRONT_END_URL')
  if (paths.length > 0 && !isRequired)
    read.fault('FRONT_END_OPEN_PATHS', 'only goes with FRONT_END_SIGN_IN=required')
  if (!paths.every((path) => path === '/' || isSettingPath(path)))
    read.fault('FRONT_END_OPEN_PATHS', 'must hold paths such as /welcome')
  return isRequired ? paths : undefined
}

/** Our own origin and what a build puts into its style sheets, no script in a page, no frame around it, and forms to Entra, where sign-out leads. */
function floorPolicy(entraOrigin: string): string {
  return [
    "default-src 'self'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "style-src 'self' 'unsafe-inline'",
    "object-src 'none'",
    "base-uri 'self'",
    `form-action 'self' ${entraOrigin}`,
    "frame-ancestors 'none'",
  ].join('; ')
}
