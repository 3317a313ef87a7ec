/**
 * Reads single settings and collects what is wrong with each, so that one start reports every fault at once.
 * A value never appears in a fault: settings end up in logs, values must not.
 */
import { issuerFaults } from './issuerTemplate.ts'
import { judgeUrl } from './judgeUrl.ts'
import { unseenCharacterIn, withoutOuterSpace, wordsIn } from './settingText.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** A lower-case GUID that was checked. */
export type Guid = string & { readonly __brand: 'Guid' }

/** A certificate in the vault: the newest version that is settled, unless one is pinned. */
export interface CertificateName {
  readonly certificate: string
  readonly certificateVersion?: string
}

export interface SettingsReader {
  text(name: string): string
  /** Empty where it is not set. */
  optionalText(name: string): string
  words(name: string): string[]
  /** None where it is not set. */
  optionalWords(name: string): string[]
  guid(name: string): Guid
  optionalGuid(name: string): Guid | undefined
  guids(name: string): Guid[]
  /** A tenant GUID or `organizations`. */
  tenant(name: string): string
  /** Scheme, host and port only. */
  origin(name: string): string
  /** A URL that may have a path; without query, fragment, credentials or trailing slash. */
  url(name: string): string
  /** The same; undefined where it is not set. */
  optionalUrl(name: string): string | undefined
  /** Where routes begin: empty, or a path without a trailing slash. */
  basePath(name: string): string
  /** An issuer, or a template of one, as it is written; undefined where it is not set. */
  optionalIssuer(name: string): string | undefined
  /** `name`, or `name/version`. */
  certificate(name: string): CertificateName
  /** `true` or `false`, in any case; false where it is not set. */
  flag(name: string): boolean
  integer(name: string, least: number, most: number): number
  oneOf<T extends string>(name: string, values: readonly T[]): T
  /** One or several of them, each once, separated by commas or spaces. */
  listOf<T extends string>(name: string, values: readonly T[]): readonly T[]
  /** An absolute path on this machine. */
  filePath(name: string): string
  /** The same; undefined where it is not set. */
  optionalFilePath(name: string): string | undefined
  fault(name: string, what: string): void
  faults(): readonly string[]
  /** What was read, by name, as every reader understands it: the same text again is the same value. Empty where it is not set. */
  normalForms(): Readonly<Record<string, string>>
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** What no decoding and no host changes; `/admin` and `/runtime` are the host's own. */
const BASE_PATH = /^(?!\/(admin|runtime))(\/[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/
/** Of POSIX, or of Windows with its drive. */
const ABSOLUTE_PATH = /^(\/|[A-Za-z]:[\\/])./
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
export function isGuid(value: unknown): value is Guid {
  return typeof value === 'string' && GUID.test(value)
}

export function createSettingsReader(
  env: Environment,
  defaults: Readonly<Record<string, string>>,
): SettingsReader {
  const faults: string[] = []
  const unreadable = new Set<string>()
  const normalForms = new Map<string, string>()
  const fault = (name: string, what: string): void => {
    if (!unreadable.has(name)) faults.push(`${name} ${what}`)
  }

  /** What was set, without the white space around it; empty where nothing was, or what cannot be read. */
  function given(name: string): string {
    const set: unknown = env[name] ?? ''
    const text = typeof set === 'string' ? withoutOuterSpace(set) : ''
    const what = typeof set === 'string' ? unseenCharacterIn(text) : 'must be a text'
    if (what !== undefined) {
      fault(name, what)
      unreadable.add(name)
      return ''
    }
    if (!normalForms.has(name)) normalForms.set(name, text)
    return text
  }

  function optionalText(name: string): string {
    return given(name) || (defaults[name] ?? '')
  }

  function text(name: string): string {
    const value = optionalText(name)
    if (value === '') fault(name, 'is not set')
    return value
  }

  /** A default is not written back: it may be another one tomorrow. */
  function normal<T extends string>(name: string, value: T): T {
    if (given(name) !== '') normalForms.set(name, value)
    return value
  }

  function normalWords(name: string, words: string[]): string[] {
    normal(name, words.join(' '))
    return words
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
    return normal(name, judged.url)
  }

  function filePath(name: string): string {
    const value = text(name)
    if (value !== '' && !ABSOLUTE_PATH.test(value)) fault(name, 'must be an absolute path')
    return value
  }

  return {
    text,
    optionalText,
    url,
    fault,
    faults: () => [...new Set(faults)],
    normalForms: () => Object.fromEntries(normalForms),
    words: (name) => normalWords(name, wordsIn(text(name))),
    optionalWords: (name) => normalWords(name, wordsIn(optionalText(name))),
    guid(name) {
      const value = text(name)
      return value === '' ? ('' as Guid) : normal(name, checkedGuid(name, value))
    },
    optionalGuid(name) {
      const value = optionalText(name)
      return value === '' ? undefined : normal(name, checkedGuid(name, value))
    },
    guids(name) {
      const guids = wordsIn(optionalText(name), ',').map((value) => checkedGuid(name, value))
      normal(name, guids.join(','))
      return guids
    },
    tenant(name) {
      const value = text(name).toLowerCase()
      const refused = REFUSED_TENANTS.get(value)
      if (refused !== undefined) fault(name, refused)
      else if (value !== '' && value !== 'organizations' && !isGuid(value))
        fault(name, 'must be a tenant GUID or organizations')
      return normal(name, value)
    },
    optionalUrl: (name) => (optionalText(name) === '' ? undefined : url(name)),
    basePath(name) {
      const value = optionalText(name)
      if (value !== '' && !BASE_PATH.test(value))
        fault(
          name,
          'must be a path such as /api: lower-case letters, digits and hyphens, no slash at its end',
        )
      return value
    },
    origin(name) {
      const value = url(name)
      if (value !== '' && URL.parse(value)?.pathname !== '/') fault(name, 'must be an origin, without a path')
      return value
    },
    optionalIssuer(name) {
      const value = optionalText(name)
      if (value === '') return undefined
      for (const what of issuerFaults(value)) fault(name, what)
      return value
    },
    certificate(name) {
      const [certificate = '', certificateVersion, ...rest] = text(name).split('/')
      const versionIsValid = certificateVersion === undefined || isCertificateVersion(certificateVersion)
      if (!isCertificateName(certificate) || !versionIsValid || rest.length > 0)
        fault(name, 'must be a certificate name, or name/version with the 32 hex digits of a version')
      return certificateVersion === undefined ? { certificate } : { certificate, certificateVersion }
    },
    flag(name) {
      const value = optionalText(name).toLowerCase()
      if (!['', 'true', 'false'].includes(value)) fault(name, 'must be true or false')
      return normal(name, value) === 'true'
    },
    integer(name, least, most) {
      const value = text(name)
      const number = Number(value)
      if (!/^\d{1,9}$/.test(value) || number < least || number > most)
        fault(name, `must be a whole number from ${least} to ${most}`)
      else normal(name, String(number))
      return number
    },
    oneOf(name, values) {
      const value = text(name)
      const match = values.find((candidate) => candidate === value)
      if (match === undefined) fault(name, `must be one of ${values.join(', ')}`)
      return match ?? (values[0] as (typeof values)[number])
    },
    listOf(name, values) {
      const words = wordsIn(text(name), ',')
      const matches = words.flatMap((word) => values.find((candidate) => candidate === word) ?? [])
      if (matches.length < words.length || matches.length === 0)
        fault(name, `must be one or several of ${values.join(', ')}`)
      else if (new Set(matches).size < matches.length) fault(name, 'must name each one once')
      else normal(name, matches.join(','))
      return matches
    },
    filePath,
    optionalFilePath: (name) => (optionalText(name) === '' ? undefined : filePath(name)),
  }
}
