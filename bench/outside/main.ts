/** The apps measured from the outside, and what came of it as lines for a person. */

import { openWorkshop, trust } from '../apps/workshop.ts'
import { shown, withoutNoise } from '../rounding.ts'
import { openStands } from '../stands/openStands.ts'
import { type Effort, type Row, runRounds } from './runRounds.ts'
import { SCENARIOS } from './scenarios.ts'
import { subjectsOf } from './subjects.ts'

export interface Chosen {
  readonly effort: Effort
  /** Names of scenarios, or the beginning of them; all unless told. */
  readonly only?: string
}

export async function measureFromOutside(
  { effort, only = '' }: Chosen,
  print: (line: string) => void,
): Promise<Row[]> {
  const workshop = await openWorkshop()
  const stands = await openStands()
  try {
    await trust(workshop, stands.world)
    if (!workshop.hasPeers)
      print('The peers are not installed: "npm ci --ignore-scripts --prefix bench/peers" brings them.')
    const scenarios = SCENARIOS.filter(({ name }) => name.startsWith(only))
    const rows = await runRounds(subjectsOf(workshop, stands.world), scenarios, stands, effort, (done) =>
      print(`measured: ${done}`),
    )
    for (const line of linesOf(rows)) print(line)
    return rows
  } finally {
    await Promise.all([stands.close(), workshop.close()])
  }
}

function linesOf(rows: readonly Row[]): string[] {
  return [...Map.groupBy(rows, ({ scenario }) => scenario)].flatMap(([scenario, all]) => [
    '',
    scenario.padEnd(44) +
      ['CPU ms', 'Signet to it', 'p50 ms', 'p99 ms', 'stands ms'].map((head) => head.padStart(22)).join(''),
    ...all.map(({ subject, cpuMs, signetTo, wallMs, standsMs, requests }) =>
      [
        subject.padEnd(44),
        ...[
          shown(cpuMs),
          shown(signetTo),
          wallMs.p50.toFixed(1),
          wallMs.p99.toFixed(1),
          standsMs.toFixed(2),
        ].map((cell) => cell.padStart(22)),
        `  ${Object.entries(requests)
          .map(
            ([what, count]) => `${withoutNoise(count, { median: count, low: count, high: count })} ${what}`,
          )
          .join(', ')}`,
      ].join(''),
    ),
  ])
}
