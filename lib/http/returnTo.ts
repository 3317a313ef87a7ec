/**
 * Where a person goes after sign-in: a path on this site and nothing else. The text is judged character by character as it
 * stands; a URL parser that repairs its input is how such checks get fooled.
 */

/** A path (with query and fragment) on this origin that was checked. */
export type LocalPath = string & { readonly __brand: 'LocalPath' }

export const HOME = '/' as LocalPath
const LONGEST = 1_024
/** A slash and then printable ASCII: no space, no control character, no backslash. */
const PLAIN = /^\/[\x21-\x5b\x5d-\x7e]*$/
/** What decoding must not bring to light: a backslash, a control character, an empty segment inside, `.` or `..`. */
const TREACHEROUS = /[\\\x00-\x1f\x7f]|\/\.{0,2}\/|\/\.{1,2}$/
/** Our own endpoints, where the way back would start a loop. Routes do not know upper from lower case. */
const OURS = /^\/auth(\/|$)/i

/**
 * The path if it is local: at most 1,024 plain characters, beginning with one slash, whose path does not change meaning when
 * percent-decoded (RFC 3986 section 6.2.2) and does not lead under `/auth/`.
 */
export function parseReturnTo(text: string): LocalPath | undefined {
  if (text.length > LONGEST || !PLAIN.test(text)) return undefined
  const path = decodedPath(text)
  if (path === undefined || TREACHEROUS.test(path) || OURS.test(path)) return undefined
  return text as LocalPath
}

function decodedPath(text: string): string | undefined {
  try {
    return decodeURIComponent(text.split(/[?#]/, 1)[0] ?? '')
  } catch {
    return undefined
  }
}
