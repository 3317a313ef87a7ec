/**
 * A file of settings as a shell of any platform writes it, or `azd env get-values`: `NAME=value`, `export NAME=value`, `set NAME=value`,
 * `$env:NAME = "value"`, a setting a line, with whatever line ends, quotes and byte order mark that platform likes. Pure.
 */

const LINE = /^(?:export\s+|set\s+|\$env:)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*?)[ \t]*$/i
const DOUBLE = /^"((?:[^"\\`]|[\\`].)*)"(?:[ \t]*[#;].*)?$/s
const SINGLE = /^'((?:[^']|'')*)'(?:[ \t]*[#;].*)?$/s

/** The settings by name; the last word on a name counts. Throws an Error that names the line, and nothing of it, where one is none. */
export function parseSettingsFile(bytes: Uint8Array): Readonly<Record<string, string>> {
  const settings = new Map<string, string>()
  for (const [index, line] of decode(bytes)
    .split(/\r\n|\r|\n/)
    .entries()) {
    const text = line.trim()
    if (text === '' || /^(#|;|::|rem\b)/i.test(text)) continue
    const [, name, value = ''] = LINE.exec(text) ?? LINE.exec(withoutCmdQuotes(text)) ?? []
    if (name === undefined) throw new Error(`Line ${index + 1} is no setting: NAME=value is expected.`)
    settings.set(name, unquoted(value))
  }
  return Object.fromEntries(settings)
}

/** UTF-8 with or without its mark, or UTF-16 with one, as PowerShell's `>` writes it. */
function decode(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return new TextDecoder().decode(bytes)
}

/** `set "NAME=value"`, with which cmd keeps blanks at the end out. */
function withoutCmdQuotes(text: string): string {
  return text.replace(/^set\s+"(.*)"$/i, 'set $1')
}

function unquoted(text: string): string {
  const double = DOUBLE.exec(text)?.[1]
  if (double !== undefined)
    return double.replace(/[\\`](.)/gs, (_, character: string) => ESCAPES.get(character) ?? character)
  const single = SINGLE.exec(text)?.[1]
  if (single !== undefined) return single.replaceAll("''", "'")
  return text.replace(/[ \t]+#.*$/, '').replace(/;$/, '')
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])
