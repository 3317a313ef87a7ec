/** How the walkthrough speaks: numbered steps, wrapped sentences, tables, and secrets cut short unless they are to be revealed. */
import { styleText } from 'node:util'
import { plain } from '../plain.ts'

const WIDTH = 100
const INDENT = '   '

/** One line of a table, with an optional remark below it, of one line or more. */
export interface Row {
  readonly name: string
  readonly value: string
  readonly remark?: string | undefined
}

export interface Transcript {
  step(title: string): void
  say(text: string): void
  /** As it is, on lines of its own: to be copied. */
  copyable(text: string): void
  table(rows: readonly Row[]): void
  warn(text: string): void
  /** A secret of the moment, in full only where that was asked for. */
  secret(value: string): string
}

interface TranscriptOptions {
  readonly write: (text: string) => void
  /** True for a terminal. */
  readonly hasColour: boolean
  readonly reveal: boolean
}

export function createTranscript({ write, hasColour, reveal }: TranscriptOptions): Transcript {
  let steps = 0
  const paint = (style: 'bold' | 'dim' | 'yellow', text: string): string =>
    hasColour ? styleText(style, text, { validateStream: false }) : text
  const line = (text = ''): void => write(`${text}\n`)
  const paragraph = (text: string, style?: 'yellow'): void => {
    line()
    for (const part of wrap(plain(text), WIDTH - INDENT.length))
      line(`${INDENT}${style === undefined ? part : paint(style, part)}`)
  }
  return {
    step(title) {
      steps += 1
      line()
      line(paint('bold', `${steps}  ${plain(title)}`))
    },
    say: (text) => paragraph(text),
    copyable(text) {
      line()
      for (const part of text.split(/\r?\n/)) line(`${INDENT}${plain(part)}`)
    },
    table(rows) {
      const width = Math.max(0, ...rows.map(({ name }) => name.length)) + 2
      const below = `${INDENT}${' '.repeat(width)}`
      line()
      for (const { name, value, remark } of rows) {
        line(`${INDENT}${plain(name.padEnd(width))}${paint('bold', plain(value))}`)
        for (const part of (remark ?? '')
          .split('\n')
          .flatMap((text) => wrap(plain(text), WIDTH - below.length)))
          line(`${below}${paint('dim', part)}`)
      }
    },
    warn: (text) => paragraph(text, 'yellow'),
    secret: (value) =>
      reveal ? value : `${value.slice(0, Math.min(6, value.length / 4))}... (${value.length} characters)`,
  }
}

/** Lines of at most `width` characters, broken at spaces; nothing for an empty text. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ').filter(Boolean)) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
