/**
 * The path behind `/api/{name}`, in both directions. One rule: no segment may hold, decoded once, a slash, a backslash, a percent sign or
 * a control character, and none may be empty or a dot segment. So no path means anything else to whoever decodes it next, and none is
 * passed on that the platform has decoded before us. Pure.
 */
import { AppError } from '../../errors/appError.ts'

export interface ApiPath {
  /** As the request spells it; `/api/` in any case, the name in its own. */
  readonly name: string
  /** The rest of the path as it is passed on, encoded, from its slash on; empty where there is none. */
  readonly rest: string
  /** Whether the rest keeps the rule, and the platform read the same path. */
  readonly isPlain: boolean
}

interface Addressed {
  readonly path: string
  readonly params: Readonly<Record<string, string>>
}

/** The API that a request names and the path under it; undefined where it names none. */
export function readApiPath({ path, params }: Addressed): ApiPath | undefined {
  const [, spelled, rest = ''] = /^\/api\/([^/]+)(\/.*)?$/i.exec(path) ?? []
  if (spelled === undefined) return undefined
  const isPlain = isPlainRest(rest)
  if (params.name === undefined) return { name: spelled, rest, isPlain }
  // What was encoded twice is one level short in the path by now; the values of the route still show it.
  const isRead = decoded(spelled) === params.name && decoded(rest.slice(1)) === (params.path ?? '')
  return { name: params.name, rest, isPlain: isPlain && isRead }
}

/** Throws `api/invalid_path`. */
export function requirePlain({ isPlain }: ApiPath): void {
  if (!isPlain) throw new AppError('api/invalid_path')
}

/** Whether a path under an API, from its slash on, keeps the rule. One slash at its end is no empty segment. */
export function isPlainRest(rest: string): boolean {
  if (rest === '' || rest === '/') return true
  const segments = rest.split('/').slice(1)
  return (segments.at(-1) === '' ? segments.slice(0, -1) : segments).every(isPlainSegment)
}

/**
 * Dots count even with parameters behind them (`..;x`, RFC 3986 section 3.3) or white space among them, which some servers drop before
 * they resolve dots.
 */
function isPlainSegment(segment: string): boolean {
  const text = decoded(segment)
  if (text === undefined || /[/\\%\x00-\x1f\x7f]/.test(text)) return false
  const [name = ''] = text.split(';')
  return !['', '.', '..'].includes(name.replace(/\s/g, ''))
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
