/** JSON that says a thing twice: readers differ in which of the two counts (RFC 8259 section 4), so neither may. */

const KEYS_AND_BRACKETS = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g

/** True where an object in this JSON text names one of its members twice, however it is escaped. The text must be valid JSON. */
export function hasDuplicateMember(json: string): boolean {
  const open: Set<string>[] = []
  for (const [token, text = '', colon] of json.matchAll(KEYS_AND_BRACKETS)) {
    if (token === '{' || token === '[') open.push(new Set())
    else if (token === '}' || token === ']') open.pop()
    else if (colon !== undefined) {
      const name = String(JSON.parse(text))
      const names = open.at(-1)
      if (names?.has(name)) return true
      names?.add(name)
    }
  }
  return false
}
