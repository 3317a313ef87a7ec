/**
 * Settings from a file, as azd, the Azure CLI and the shells of every platform write them: plain lines (azd, `az … --output tsv`, `env`,
 * cmd's `set`), `export` and `declare -x`, `$env:NAME =`, `set NAME=`, `setenv` and fish's `set -gx`; in any of the encodings that
 * redirecting into a file produces. Pure.
 */
import { AppError } from '../errors/appError.ts'
import {
  cmdQuotedValue,
  cmdValue,
  matchAt,
  plainValue,
  powerShellValue,
  shellWord,
  type Value,
} from './shellValues.ts'

export interface SettingsFile {
  /** By name; where a name comes twice, the later line counts, as in a shell. */
  readonly settings: Readonly<Record<string, string>>
  /** Numbers of the lines that are neither a setting nor a comment, from 1. */
  readonly passedOver: readonly number[]
}

interface Form {
  /** Matches up to the value; one group holds the name. */
  readonly head: RegExp
  readonly value: (text: string, at: number) => Value | undefined
  /** Windows does not tell names by their case, and ours are in capitals. */
  readonly inCapitals?: true
  /** More assignments may follow after a space. */
  readonly goesOn?: true
}

const NAME = '([A-Za-z_][A-Za-z0-9_]*)'
const FORMS: readonly Form[] = [
  {
    head: new RegExp(`\\$(?:env:${NAME}|\\{env:${NAME}\\})[ \\t]*=[ \\t]*`, 'iy'),
    value: powerShellValue,
    inCapitals: true,
  },
  { head: new RegExp(`@?set[ \\t]+"${NAME}=`, 'iy'), value: cmdQuotedValue, inCapitals: true },
  { head: new RegExp(`@?set[ \\t]+${NAME}=`, 'iy'), value: cmdValue, inCapitals: true },
  { head: new RegExp(`setenv[ \\t]+${NAME}[ \\t]+`, 'y'), value: shellWord },
  { head: new RegExp(`set[ \\t]+-[A-Za-z]*x[A-Za-z]*[ \\t]+${NAME}[ \\t]+`, 'y'), value: shellWord },
  {
    head: new RegExp(`(?:export|(?:declare|typeset)[ \\t]+-[a-z]*x[a-z]*)[ \\t]+${NAME}=`, 'y'),
    value: shellWord,
    goesOn: true,
  },
  { head: new RegExp(`${NAME}[ \\t]*=[ \\t]*`, 'y'), value: plainValue },
]
const FURTHER: Form = { head: new RegExp(`[ \\t]+${NAME}=`, 'y'), value: shellWord, goesOn: true }

/** Comments, and what readies a shell for reading the file. */
const NO_SETTING = new RegExp(
  `(?:[#;][^\\n]*|(?:@?rem\\b|::)[^\\n]*|@?echo off|@?(?:set|end)local|set [-+][a-z]+(?: [a-z]+)?|(?:export|declare -x|typeset -x)(?: ${NAME})+)?[ \\t]*(?:\\n|$)`,
  'iy',
)
const END = /[ \t]*(?:;[ \t]*)?(?:[ \t]#[^\n]*)?(?:\n|$)/y
const SEPARATOR = /[ \t]*;[ \t]*/y

/** The settings in the bytes of a file. Throws `config/invalid` for what is no text in UTF-8 or, with a byte order mark, UTF-16. */
export function readSettingsFile(bytes: Uint8Array): SettingsFile {
  const text = decode(bytes).replace(/\r\n?/g, '\n')
  const settings = new Map<string, string>()
  const passedOver: number[] = []
  let line = 1
  for (let at = 0; at < text.length; ) {
    const start = matchAt(/[ \t]*/y, text, at)?.end ?? at
    const read = matchAt(NO_SETTING, text, start)?.end ?? readLine(text, start, settings)
    if (read === undefined) passedOver.push(line)
    const end = read ?? matchAt(/[^\n]*\n?/y, text, at)?.end ?? text.length
    line += text.slice(at, end).split('\n').length - 1
    at = end
  }
  return { settings: Object.fromEntries(settings), passedOver }
}

/** Reads a line of assignments, which quotes may carry over several lines; where it ends, or undefined for what cannot be read. */
function readLine(text: string, start: number, settings: Map<string, string>): number | undefined {
  const read: (readonly [string, string])[] = []
  let forms = FORMS
  for (let at = start; ; ) {
    const found = readAssignment(text, at, forms)
    if (found === undefined) return undefined
    read.push([found.name, found.value])
    const end = matchAt(END, text, found.end)
    if (end !== undefined) {
      for (const [name, value] of read) settings.set(name, value)
      return end.end
    }
    const separator = matchAt(SEPARATOR, text, found.end)
    forms = separator !== undefined ? FORMS : found.goesOn ? [FURTHER] : []
    at = separator?.end ?? found.end
  }
}

function readAssignment(text: string, at: number, forms: readonly Form[]) {
  for (const { head, value: readValue, inCapitals, goesOn } of forms) {
    const match = matchAt(head, text, at)
    if (match === undefined) continue
    const value = readValue(text, match.end)
    const name = match.groups.find((group) => group !== undefined) ?? ''
    return value && { ...value, name: inCapitals ? name.toUpperCase() : name, goesOn: goesOn === true }
  }
  return undefined
}

/** PowerShell's `>` writes UTF-16 with a byte order mark, or UTF-8 with or without one. */
function decode(bytes: Uint8Array): string {
  const mark = Buffer.from(bytes.subarray(0, 2)).toString('hex')
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8'
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
    if (text.includes('\0')) throw new TypeError('null characters')
    return text
  } catch (cause) {
    throw new AppError('config/invalid', {
      cause,
      detail: 'is no text in UTF-8, nor in UTF-16 with a byte order mark',
    })
  }
}
