/**
 * Apps side by side: in every round each of them does every scenario, so that whatever disturbs the machine disturbs all. What the operating
 * system counts for the process is the figure, beside what its caller waited and what the stand-ins were asked.
 */
import type { App } from '../apps/app.ts'
import { type Spread, spreadOf } from '../rounding.ts'
import type { Stands } from '../stands/openStands.ts'
import { type Percentiles, percentilesOf } from './percentiles.ts'
import type { Scenario } from './scenarios.ts'
import { SIGNET, type Subject } from './subjects.ts'

export interface Effort {
  readonly rounds: number
  /** Rounds before them that do not count. */
  readonly warmUp: number
  /** Times the operations of a scenario's round. */
  readonly times: number
}

export interface Row {
  readonly scenario: string
  readonly subject: string
  /** Processor time of the app, for one operation. Milliseconds. */
  readonly cpuMs: Spread
  /** Signet's processor time in the same round as a share of this one's. */
  readonly signetTo: Spread
  readonly wallMs: Percentiles
  /** What the stand-ins took of that, all of them together, for one operation. Milliseconds. */
  readonly standsMs: number
  /** What the stand-ins were asked, for one operation. */
  readonly requests: Readonly<Record<string, number>>
}

interface Running {
  readonly subject: Subject
  readonly app: App
  readonly cpu: number[]
  readonly wall: number[]
  standsMs: number
  requests: Map<string, number>
}

export async function runRounds(
  subjects: readonly Subject[],
  scenarios: readonly Scenario[],
  stands: Stands,
  effort: Effort,
  onRound: (done: string) => void = () => undefined,
): Promise<Row[]> {
  const apps = new Map<Subject, App>()
  try {
    for (const subject of subjects) apps.set(subject, await subject.start())
    const rows: Row[] = []
    for (const scenario of scenarios) {
      const records = [...apps]
        .filter(([subject]) => scenario.isFor(subject))
        .map(
          ([subject, app]): Running => ({
            subject,
            app,
            cpu: [],
            wall: [],
            standsMs: 0,
            requests: new Map(),
          }),
        )
      for (let round = -effort.warmUp; round < effort.rounds; round += 1) {
        for (const record of records) await once(record, scenario, stands, effort.times, round >= 0)
      }
      rows.push(...records.map((record) => rowOf(record, records, scenario, effort)))
      onRound(scenario.name)
    }
    return rows
  } finally {
    await Promise.all([...apps.values()].map((app) => app.stop()))
  }
}

async function once(
  record: Running,
  scenario: Scenario,
  stands: Stands,
  times: number,
  counts: boolean,
): Promise<void> {
  const { app } = record
  const operations = await scenario.prepare(app, operationsIn(scenario, times), stands)
  await stands.ask('figures', undefined)
  const before = await app.usage()
  const wall: number[] = []
  for (const operate of operations) wall.push(await operate())
  const after = await app.usage()
  const { requests, serviceMs } = await stands.ask('figures', undefined)
  await scenario.tidy?.(stands)
  if (!counts) return
  record.cpu.push((after.cpuMs - before.cpuMs) / operations.length)
  record.wall.push(...wall)
  record.standsMs += Object.values(serviceMs)
    .flat()
    .reduce((sum, ms) => sum + ms, 0)
  for (const [what, count] of Object.entries(requests))
    record.requests.set(what, (record.requests.get(what) ?? 0) + count)
}

const operationsIn = ({ perRound }: Scenario, times: number): number =>
  Math.max(1, Math.round(perRound * times))

function rowOf(record: Running, all: readonly Running[], scenario: Scenario, effort: Effort): Row {
  const { subject, cpu, wall, requests } = record
  const operations = effort.rounds * operationsIn(scenario, effort.times)
  const ours = all.find((one) => one.subject.name === SIGNET)?.cpu ?? cpu
  return {
    scenario: scenario.name,
    subject: subject.name,
    cpuMs: spreadOf(cpu),
    signetTo: spreadOf(cpu.map((ms, round) => (ours[round] ?? Number.NaN) / ms)),
    wallMs: percentilesOf(wall),
    standsMs: record.standsMs / operations,
    requests: Object.fromEntries([...requests].map(([what, count]) => [what, count / operations])),
  }
}
