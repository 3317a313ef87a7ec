/**
 * Paths that may be passed on, in both directions. One rule: no segment may hold, decoded once, a slash, a backslash, a percent sign or
 * a control character, and none may be empty or a dot segment. So no path means anything else to whoever decodes it next. Pure.
 */

/** Whether a path, from its slash on, keeps the rule. One slash at its end is no empty segment. */
export function isPlainPath(path: string): boolean {
  const segments = path.split('/').slice(1)
  return (segments.at(-1) === '' ? segments.slice(0, -1) : segments).every(isPlainSegment)
}

/**
 * Dots count even with parameters behind them (`..;x`, RFC 3986 section 3.3) or white space among them, which some servers drop before
 * they resolve dots.
 */
function isPlainSegment(segment: string): boolean {
  const text = decodedOnce(segment)
  if (text === undefined || /[/\\%\x00-\x1f\x7f]/.test(text)) return false
  const [name = ''] = text.split(';')
  return !['', '.', '..'].includes(name.replace(/\s/g, ''))
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
