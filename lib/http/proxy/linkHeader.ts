/** The Link header's grammar (RFC 8288 section 3 and appendix B.2), read and written. Pure. */

export interface Link {
  /** A URI reference, as it stands between the angle brackets. */
  readonly target: string
  readonly parameters: readonly LinkParameter[]
}

export interface LinkParameter {
  /** In lower case. */
  readonly name: string
  /** Without quotes and their escapes; undefined where the parameter is only named. */
  readonly value: string | undefined
}

/** Where a parser stands in a field. */
interface Cursor {
  readonly field: string
  at: number
}

const BLANKS = /[ \t]*/y
const TARGET = /<([^>]*)>/y
const NAME = /[^ \t=;,]+/y
const QUOTED = /"((?:[^"\\]|\\.)*)"/y
const UNQUOTED = /[^";,]*/y

/** The links of a field, several fields joined by commas included. A link with a mistake and what follows it are left out. */
export function parseLinks(field: string): Link[] {
  const links: Link[] = []
  const cursor = { field, at: 0 }
  for (;;) {
    while (takeMark(cursor, ','));
    const link = takeLink(cursor)
    if (link === undefined) return links
    links.push(link)
  }
}

/** A link up to the comma or the end behind it. */
function takeLink(cursor: Cursor): Link | undefined {
  const target = take(cursor, TARGET)?.[1]
  if (target === undefined) return undefined
  const parameters: LinkParameter[] = []
  while (takeMark(cursor, ';')) {
    take(cursor, BLANKS)
    const name = take(cursor, NAME)?.[0].toLowerCase()
    if (name !== undefined)
      parameters.push({ name, value: takeMark(cursor, '=') ? takeValue(cursor) : undefined })
  }
  const { field, at } = cursor
  return at === field.length || field[at] === ',' ? { target, parameters } : undefined
}

function takeValue(cursor: Cursor): string {
  take(cursor, BLANKS)
  const quoted = take(cursor, QUOTED)?.[1]
  return quoted === undefined
    ? (take(cursor, UNQUOTED)?.[0].replace(/[ \t]+$/, '') ?? '')
    : quoted.replace(/\\(.)/g, '$1')
}

function takeMark(cursor: Cursor, mark: string): boolean {
  take(cursor, BLANKS)
  const is = cursor.field[cursor.at] === mark
  if (is) cursor.at += 1
  return is
}

function take(cursor: Cursor, form: RegExp): RegExpExecArray | null {
  form.lastIndex = cursor.at
  const match = form.exec(cursor.field)
  if (match !== null) cursor.at = form.lastIndex
  return match
}

/** The links as one field. The values of `title*` and its like have a grammar that knows no quotes (RFC 8187). */
export function writeLinks(links: readonly Link[]): string {
  return links
    .map(({ target, parameters }) => [`<${target}>`, ...parameters.map(writeParameter)].join('; '))
    .join(', ')
}

function writeParameter({ name, value }: LinkParameter): string {
  if (value === undefined) return name
  const isPlain = name.endsWith('*') && /^[!#$%&'+\-.^_`|~0-9A-Za-z]+$/.test(value)
  return isPlain ? `${name}=${value}` : `${name}="${value.replace(/["\\]/g, '\\$&')}"`
}
