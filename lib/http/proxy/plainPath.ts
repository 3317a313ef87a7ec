/**
 * Paths that may be passed on, in both directions. One rule: no segment may hold, decoded once, a slash, a backslash, a percent sign or
 * a control character, and none may be empty or all dots. So no path means anything else to whoever decodes it next. Pure.
 */

/** Whether a path, from its slash on, keeps the rule. One slash at its end is no empty segment. */
export function isPlainPath(path: string): boolean {
  const segments = path.split('/').slice(1)
  return (segments.at(-1) === '' ? segments.slice(0, -1) : segments).every(isPlainSegment)
}

/** What compatibility normalisation leaves alone, and a best fit to an old code page makes a slash or a backslash: U+2044, U+2215, U+2216. */
const LIKE_SLASHES = /[\u2044\u2215\u2216]/
const BLANK_OR_UNSEEN = /[\s\p{Default_Ignorable_Code_Point}]/gu

/**
 * Letters are judged as they are and as compatibility normalisation reads them, full-width dots and slashes for one (Unicode TR 36). Dots count,
 * however many, also with parameters behind them (`..;x`, RFC 3986 section 3.3), with what a second reader takes for query or fragment, or
 * with white space and unseen characters among them, which some servers drop before they resolve dots.
 */
function isPlainSegment(segment: string): boolean {
  const asWritten = decodedOnce(segment)
  if (asWritten === undefined || LIKE_SLASHES.test(asWritten)) return false
  const text = asWritten.normalize('NFKC')
  if (/[/\\%\x00-\x1f\x7f-\x9f]/.test(text)) return false
  const [name = ''] = text.split(/[;?#]/)
  return !/^\.*$/.test(name.replace(BLANK_OR_UNSEEN, ''))
}

/**
 * Whether a path, from its slash on, is what the platform read: `value` is that of the route. What was encoded twice is one level short
 * in the path by now; the values of the route still show it.
 */
export function isAsRead(path: string, value: string | undefined): boolean {
  return decodedOnce(path.slice(1)) === (value ?? '')
}

/** The text, percent-decoded; undefined for what is no UTF-8. */
export function decodedOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
