/** The tables of docs/benchmarks.md, made of a result. */
import { shown, withoutNoise } from '../rounding.ts'
import type { Percentiles } from './percentiles.ts'
import type { Result } from './result.ts'
import type { Row } from './runRounds.ts'
import { FLOOR, type Kind, SIGNET } from './subjects.ts'
import { AT_ONCE } from './together.ts'

const ON_SERVER: Kind = 'peer with sessions on the server'

/** Markdown, a table after the other. */
export function reportOf(result: Result): string {
  const { node, cores, day, rounds, isWhole } = result
  const names = result.subjects.filter(({ kind }) => kind !== 'bare proxy').map(({ name }) => name)
  const made = `${day}, Node ${node}, ${cores} cores, ${rounds} rounds${isWhole ? '' : '; a short run, not to be quoted'}`
  return [
    `### Processor time of the app, milliseconds for one (${made})`,
    table(
      ['', ...names, 'Signet to the best peer with sessions on the server', 'Signet to the floor'],
      byScenario(result).map(([scenario, rows]) => cpuRow(scenario, rows, names, result)),
    ),
    '### What each asks of the outside, for one',
    table(
      ['', ...names],
      byScenario(result).map(([scenario, rows]) => [
        scenario,
        ...names.map((name) => askedBy(rows.find(({ subject }) => subject === name))),
      ]),
    ),
    `### Callbacks, ${AT_ONCE} at a time, milliseconds that a person waits`,
    table(
      ['', 'half', '95 of 100', '99 of 100', 'token endpoint: half, 99 of 100', 'tables: half, 99 of 100'],
      result.together.map(({ subject, callbackMs, tokenMs, tablesMs }) => [
        subject,
        ...[callbackMs.p50, callbackMs.p95, callbackMs.p99].map(twoDigits),
        ...[tokenMs, tablesMs].map(halfAndMost),
      ]),
    ),
    '### Cold start, milliseconds',
    table(
      ['', 'at Entra', 'first redirect', 'of it processor', 'first callback', 'second callback'],
      result.coldStarts.map((cold) => [
        cold.subject,
        cold.atEntraMs === 0 ? 'no time' : `${cold.atEntraMs / 1_000} s`,
        ...[cold.firstRedirectMs, cold.cpuUntilRedirectMs, cold.firstSignInMs, cold.secondSignInMs].map(
          shown,
        ),
      ]),
    ),
    '### Memory after so many sign-ins, MiB resident (on the heap)',
    table(
      ['', ...(result.memory[0]?.after.map(({ signIns }) => signIns.toLocaleString('en-US')) ?? [])],
      result.memory.map(({ subject, after }) => [
        subject,
        ...after.map(({ residentMb, heapMb }) => `${Math.round(residentMb)} (${Math.round(heapMb)})`),
      ]),
    ),
    '### What there is to load',
    table(
      ['', 'bundle, KiB', 'packages in it'],
      result.sizes.map(({ subject, bundleKb, packages }) => [
        subject,
        Math.round(bundleKb).toLocaleString('en-US'),
        String(packages),
      ]),
    ),
  ].join('\n\n')
}

function byScenario({ rows }: Result): [string, Row[]][] {
  return [...Map.groupBy(rows, ({ scenario }) => scenario)]
}

function cpuRow(scenario: string, rows: readonly Row[], names: readonly string[], result: Result): string[] {
  const ofKind = (kind: Kind) => result.subjects.filter((one) => one.kind === kind).map(({ name }) => name)
  const peers = rows.filter(({ subject }) => ofKind(ON_SERVER).includes(subject))
  const [best] = peers.toSorted((a, b) => a.cpuMs.median - b.cpuMs.median)
  const floor = rows.find(({ subject }) => subject === FLOOR)
  const isOurs = rows.some(({ subject }) => subject === SIGNET)
  const ratio = (row: Row | undefined): string =>
    row === undefined || !isOurs ? '' : `${shown(row.signetTo)}${row === best ? `, ${row.subject}` : ''}`
  const bare = rows.filter(({ subject }) => !names.includes(subject))
  return [
    [scenario, ...bare.map(({ subject, cpuMs }) => `${subject}: ${shown(cpuMs)}`)].join('; '),
    ...names.map((name) => {
      const row = rows.find(({ subject }) => subject === name)
      return row === undefined ? '' : withoutNoise(row.cpuMs.median, row.cpuMs)
    }),
    ratio(best),
    ratio(floor),
  ]
}

/** `4 tables, 1 token`: whole where a run had nothing besides. */
function askedBy(row: Row | undefined): string {
  if (row === undefined) return ''
  const kinds = Map.groupBy(Object.entries(row.requests), ([what]) => kindOf(what))
  const counted = [...kinds].map(([kind, all]) => {
    const count = all.reduce((sum, [, each]) => sum + each, 0)
    return { kind, count: Math.round(count * 10) / 10 }
  })
  const said = counted.filter(({ count }) => count > 0).map(({ kind, count }) => `${count} ${kind}`)
  return said.join(', ') || 'nothing'
}

function kindOf(what: string): string {
  const [kind = ''] = what.split(':')
  return kind.startsWith('POST token') ? 'token' : kind
}

function halfAndMost({ p50, p99 }: Percentiles): string {
  return `${twoDigits(p50)}, ${twoDigits(p99)}`
}

/** What a second run would repeat of a percentile. */
function twoDigits(value: number): string {
  return Number.isFinite(value) && value > 0 ? String(Number(value.toPrecision(2))) : ''
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
