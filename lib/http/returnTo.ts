/**
 * Where a person goes after sign-in: a path on this site and nothing else. The text is judged character by character as it
 * stands; a URL parser that repairs its input is how such checks get fooled.
 */

/** A path (with query and fragment) on this origin that was checked. */
export type LocalPath = string & { readonly __brand: 'LocalPath' }

export const HOME = '/' as LocalPath
const LONGEST = 1_024

/**
 * The path if it is local: starts with exactly one slash, no backslash, no control character, no space, ASCII only, at most
 * 1,024 characters, and not under `/auth/`, where it would start a loop.
 */
export function parseReturnTo(text: string): LocalPath | undefined {
  if (text.length > LONGEST || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text)) return undefined
  const path = decodedPath(text)
  if (path === undefined || /[\\\x00-\x20\x7f]/.test(path) || path.startsWith('//')) return undefined
  const segments = path.split('/')
  if (segments.some((segment) => segment === '.' || segment === '..') || segments.slice(1).includes('')) {
    if (path !== '/' && !isTrailingSlashOnly(segments)) return undefined
  }
  if (segments[1]?.toLowerCase() === 'auth') return undefined
  return text as LocalPath
}

function isTrailingSlashOnly(segments: readonly string[]): boolean {
  return segments.every(
    (segment, i) =>
      segment !== '.' && segment !== '..' && (segment !== '' || i === 0 || i === segments.length - 1),
  )
}

function decodedPath(text: string): string | undefined {
  try {
    return decodeURIComponent(text.split(/[?#]/, 1)[0] ?? '')
  } catch {
    return undefined
  }
}
