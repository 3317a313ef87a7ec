/**
 * Reads single settings and collects what is wrong with each, so that one start reports every fault at once.
 * A value never appears in a fault: settings end up in logs, values must not.
 */
export type Environment = Readonly<Record<string, string | undefined>>

/** A lower-case GUID that was checked. */
export type Guid = string & { readonly __brand: 'Guid' }

export interface SettingsReader {
  text(name: string): string
  /** Empty where it is not set. */
  optionalText(name: string): string
  words(name: string): string[]
  guid(name: string): Guid
  optionalGuid(name: string): Guid | undefined
  guids(name: string): Guid[]
  /** A tenant GUID or `organizations`. */
  tenant(name: string): string
  /** Scheme, host and port only. */
  origin(name: string): string
  /** A URL that may have a path; without query, fragment, credentials or trailing slash. */
  url(name: string): string
  integer(name: string, least: number, most: number): number
  oneOf<T extends string>(name: string, values: readonly T[]): T
  fault(name: string, what: string): void
  faults(): readonly string[]
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])
const REFUSED_TENANTS: ReadonlyMap<string, string> = new Map([
  ['common', 'must name one tenant: common lets any Microsoft account in, so no issuer can be pinned'],
  ['consumers', 'must name one tenant: consumers means personal accounts, which this app does not sign in'],
])

/** True for a name that Key Vault gives a certificate. */
export function isCertificateName(text: string): boolean {
  return /^[0-9a-zA-Z-]{1,127}$/.test(text)
}

/** True for the version of a certificate: 32 hex digits. */
export function isCertificateVersion(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text)
}

/** True for a lower-case GUID. */
export function isGuid(text: string): text is Guid {
  return GUID.test(text)
}

/**
 * A URL that the app may talk to: https (http for loopback hosts only), without credentials, query or fragment. The normal form has no
 * trailing slash; it is empty where the text is no such URL at all.
 */
export function judgeUrl(text: string): { readonly url: string; readonly faults: readonly string[] } {
  const parsed = URL.parse(text)
  if (parsed === null || !['https:', 'http:'].includes(parsed.protocol)) {
    return { url: '', faults: ['must be an https URL'] }
  }
  const faults: string[] = []
  if (parsed.protocol === 'http:' && !LOOPBACK_HOSTS.has(parsed.hostname)) {
    faults.push('must use https (http is for loopback hosts only)')
  }
  if (parsed.username || parsed.password || parsed.search || parsed.hash) {
    faults.push('must not carry credentials, a query or a fragment')
  }
  return { url: `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`, faults }
}

export function createSettingsReader(
  env: Environment,
  defaults: Readonly<Record<string, string>>,
): SettingsReader {
  const faults: string[] = []
  const fault = (name: string, what: string): void => {
    faults.push(`${name} ${what}`)
  }
  const optionalText = (name: string): string => (env[name] ?? '').trim() || (defaults[name] ?? '')

  function text(name: string): string {
    const value = optionalText(name)
    if (value === '') fault(name, 'is not set')
    return value
  }

  function checkedGuid(name: string, value: string): Guid {
    const lower = value.toLowerCase()
    if (!isGuid(lower)) fault(name, 'must be a GUID')
    return lower as Guid
  }

  function url(name: string): string {
    const value = text(name)
    if (value === '') return ''
    const judged = judgeUrl(value)
    for (const what of judged.faults) fault(name, what)
    return judged.url
  }

  return {
    text,
    optionalText,
    url,
    fault,
    faults: () => [...new Set(faults)],
    words: (name) => text(name).split(/\s+/).filter(Boolean),
    guid(name) {
      const value = text(name)
      return value === '' ? ('' as Guid) : checkedGuid(name, value)
    },
    optionalGuid(name) {
      const value = optionalText(name)
      return value === '' ? undefined : checkedGuid(name, value)
    },
    guids: (name) =>
      optionalText(name)
        .split(/[\s,]+/)
        .filter(Boolean)
        .map((value) => checkedGuid(name, value)),
    tenant(name) {
      const value = text(name).toLowerCase()
      const refused = REFUSED_TENANTS.get(value)
      if (refused !== undefined) fault(name, refused)
      else if (value !== '' && value !== 'organizations' && !isGuid(value))
        fault(name, 'must be a tenant GUID or organizations')
      return value
    },
    origin(name) {
      const value = url(name)
      if (value !== '' && URL.parse(value)?.pathname !== '/') fault(name, 'must be an origin, without a path')
      return value
    },
    integer(name, least, most) {
      const value = text(name)
      const number = Number(value)
      if (!/^\d{1,9}$/.test(value) || number < least || number > most)
        fault(name, `must be a whole number from ${least} to ${most}`)
      return number
    },
    oneOf(name, values) {
      const value = text(name)
      const match = values.find((candidate) => candidate === value)
      if (match === undefined) fault(name, `must be one of ${values.join(', ')}`)
      return match ?? (values[0] as (typeof values)[number])
    },
  }
}
