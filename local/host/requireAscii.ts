/** Throws on a header value that the host could not send on: control characters, and all beyond ASCII. */
export function requireAscii(values: Iterable<string>): void {
  for (const value of values) {
    if (/[^\t\x20-\x7e]/.test(value)) throw new TypeError(`A header cannot carry ${JSON.stringify(value)}.`)
  }
}
