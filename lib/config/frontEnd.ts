/** Where the front end is that the app passes on, and how it is passed on. Read from settings, so that nothing a request says names a host. */
import { MOST_RESPONSE_BYTES } from './downstreamApi.ts'
import { isSettingPath } from './settingPath.ts'
import type { SettingsReader } from './settingsReader.ts'

export interface FrontEnd {
  /** Scheme, host and path prefix, without a trailing slash. */
  readonly url: string
  /** What a navigation gets that finds nothing: a path under `url`, from its slash on. */
  readonly fallback?: string
  /** For what comes without a policy of its own. */
  readonly contentSecurityPolicy: string
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
  if (url === undefined) return undefined
  if (URL.parse(url)?.origin === publicOrigin)
    read.fault('FRONT_END_URL', 'must not be at PUBLIC_URL: the app would ask itself')
  return {
    url,
    ...(fallback === 'none' ? {} : { fallback }),
    contentSecurityPolicy: policy || floorPolicy(entraOrigin),
    maxBytes,
  }
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
