/** The results as a person or a program reads them. Pure. */
import { plainLines } from '../plain.ts'
import type { CheckResult, Verdict } from './check.ts'
import { CHECKS } from './checks.ts'

const MARKS: Readonly<Record<Verdict, string>> = { pass: '✓', fail: '✗', unknown: '?' }
const NAME_WIDTH = Math.max(...CHECKS.map(({ id }) => id.length))
const INDENT = ' '.repeat(NAME_WIDTH + 4)
const TEXT_WIDTH = 90

/** All pass; something failed; nothing failed, but something could not be found out. */
export const EXIT_CODES = { pass: 0, fail: 1, unknown: 2 } as const satisfies Record<Verdict, number>

/** The verdict on all of it. */
export function overall(results: readonly CheckResult[]): Verdict {
  const verdicts = results.map(({ verdict }) => verdict)
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.includes('unknown') ? 'unknown' : 'pass'
}

/** One result: mark, name and sentence; below it the fix, unbroken so that it can be copied, and the note. */
export function resultText({ id, verdict, seen, fix, note }: CheckResult): string {
  const [first = '', ...more] = wrap(seen)
  const lines = [
    `${MARKS[verdict]} ${id.padEnd(NAME_WIDTH)}  ${first}`,
    ...more.map((line) => `${INDENT}${line}`),
    ...(note === undefined ? [] : wrap(`Note: ${note}`).map((line) => `${INDENT}${line}`)),
    ...(fix === undefined ? [] : [`  → ${fix}`]),
  ]
  return plainLines(lines.join('\n'))
}

/** The last line: how many of each. */
export function summaryText(results: readonly CheckResult[]): string {
  const count = (wanted: Verdict): number => results.filter(({ verdict }) => verdict === wanted).length
  return `${count('pass')} passed, ${count('fail')} failed, ${count('unknown')} unknown.`
}

/** The whole report for a program. */
export function reportJson(results: readonly CheckResult[], nowMs: number): string {
  const report = { verdict: overall(results), examinedAt: new Date(nowMs).toISOString(), checks: results }
  return JSON.stringify(report, undefined, 2)
}

function wrap(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + word.length < TEXT_WIDTH) lines.splice(-1, 1, `${line} ${word}`)
    else lines.push(word)
  }
  return lines
}
