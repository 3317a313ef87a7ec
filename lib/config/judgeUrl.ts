/** Addresses as they are written into settings and options: which are accepted, and what each is compared as. */
import { unseenCharacterIn } from './settingText.ts'

export interface JudgedUrl {
  /** Scheme, host, port and path, without a trailing slash; empty where the text is no URL at all. */
  readonly url: string
  readonly faults: readonly string[]
}

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/
const IPV6 = /^\[[0-9a-f:.]+\]$/

/**
 * A URL that the app may talk to: https (http for loopback hosts only), without credentials, query or fragment. The parser mends much
 * of what it is given (a tab inside, a backslash, a slash too few); what it would have to mend is refused, for other readers do not.
 */
export function judgeUrl(text: string): JudgedUrl {
  const unseen = unseenCharacterIn(text)
  if (unseen !== undefined) return { url: '', faults: [unseen] }
  const parsed = URL.parse(text)
  if (parsed === null || !/^https?:\/\/[^/\\\s][^\\\s]*$/i.test(text))
    return { url: '', faults: ['must be an https URL'] }
  const rules: readonly (readonly [boolean, string])[] = [
    [
      parsed.protocol === 'https:' || isLoopback(parsed.hostname),
      'must use https (http is for loopback hosts only)',
    ],
    [
      !/[?#]/.test(text) && !text.split('/')[2]?.includes('@'),
      'must not carry credentials, a query or a fragment',
    ],
    [isHost(parsed.hostname), 'must name a host'],
  ]
  return {
    url: `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`,
    faults: rules.filter(([holds]) => !holds).map(([, what]) => what),
  }
}

function isHost(name: string): boolean {
  return IPV6.test(name) || name.split('.').every((label) => LABEL.test(label))
}

/** True for the names of this machine that browsers trust without TLS. */
export function isLoopback(host: string): boolean {
  return LOOPBACK_HOSTS.has(host)
}
