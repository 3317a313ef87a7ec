/**
 * Values of variables as shells write them. Each reader starts at a place in a text, and gives the value and where it ends, or
 * undefined where only a shell could tell what is meant: nothing is expanded. Pure.
 */
import { withoutOuterSpace } from './settingText.ts'

export interface Value {
  readonly value: string
  /** Where it ends in the text. */
  readonly end: number
}

export interface Match {
  readonly groups: readonly (string | undefined)[]
  readonly end: number
}

const CONTROLS = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['\n', ''],
])
/** Single quotes; ANSI-C quotes; double quotes; a backslash and what it protects; what needs no quotes. */
const SEGMENT = /'([^']*)'|\$'((?:[^'\\]|\\.)*)'|"((?:[^"\\$`]|\\.)*)"|\\(.)|([^ \t\n'"\\$`;&|<>()]+)/sy
const POWERSHELL =
  /"((?:[^"`$]|""|`.)*)"|'((?:[^']|'')*)'|([^ \t\n"'`$;][^\n"'`$;]*?)(?=[ \t]*(?:;|\n|$)|[ \t]+#)/sy

/** A match of a sticky pattern at a place in a text. */
export function matchAt(pattern: RegExp, text: string, at: number): Match | undefined {
  pattern.lastIndex = at
  const match = pattern.exec(text)
  return match === null ? undefined : { groups: match.slice(1), end: pattern.lastIndex }
}

/** What begins with a quote is read as a shell reads it; anything else as it is, up to the end of the line or a comment. */
export function plainValue(text: string, at: number): Value | undefined {
  if (/^\$?["']/.test(text.slice(at, at + 2))) return shellWord(text, at)
  const line = text.slice(at).split('\n', 1)[0] ?? ''
  const value = /^[{[]/.test(line) ? line : line.replace(/(?:^|[ \t]+)#.*$/, '')
  return { value: withoutOuterSpace(value), end: at + line.length }
}

/** One word of a shell: parts of any quoting, side by side. `\n` between double quotes is a line break to azd and dotenv. */
export function shellWord(text: string, at: number): Value | undefined {
  let value = ''
  let end = at
  for (let part = matchAt(SEGMENT, text, end); part !== undefined; part = matchAt(SEGMENT, text, end)) {
    const [literal, ansi, quoted, escaped, bare] = part.groups
    value +=
      literal ?? bare ?? (escaped === '\n' ? '' : escaped) ?? withoutEscapes(quoted ?? ansi ?? '', /\\(.)/gs)
    end = part.end
  }
  return /[ \t\n;]/.test(text.charAt(end) || '\n') ? { value, end } : undefined
}

/** A string of PowerShell, or what somebody forgot to put between quotes. */
export function powerShellValue(text: string, at: number): Value | undefined {
  const match = matchAt(POWERSHELL, text, at)
  if (match === undefined) return undefined
  const [quoted, literal, bare] = match.groups
  const value =
    bare ?? literal?.replaceAll("''", "'") ?? withoutEscapes((quoted ?? '').replaceAll('""', '"'), /`(.)/gs)
  return { value, end: match.end }
}

/** The rest of `set "NAME=value"`: up to the last quote of the line. */
export function cmdQuotedValue(text: string, at: number): Value | undefined {
  const match = matchAt(/([^\n%]*)"(?=[ \t]*(?:\n|$))/y, text, at)
  return match && { value: match.groups[0] ?? '', end: match.end }
}

/** The rest of `set NAME=value`: up to the end of the line. Quotes around all of it are meant as quotes, whatever cmd makes of them. */
export function cmdValue(text: string, at: number): Value | undefined {
  const match = matchAt(/([^\n%]*)(?=\n|$)/y, text, at)
  const value = withoutOuterSpace(match?.groups[0] ?? '')
  return match && { value: value.replace(/^"(.*)"$/, '$1'), end: match.end }
}

function withoutEscapes(text: string, pattern: RegExp): string {
  return text.replace(pattern, (_, character: string) => CONTROLS.get(character) ?? character)
}
