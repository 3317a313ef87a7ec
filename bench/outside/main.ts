/** The apps measured from outside: all that one run measures, in its order. */
import { availableParallelism } from 'node:os'
import { openWorkshop, trust } from '../apps/workshop.ts'
import { openStands } from '../stands/openStands.ts'
import { runColdStarts } from './coldStart.ts'
import { runMemory } from './memory.ts'
import type { Result } from './result.ts'
import { runRounds } from './runRounds.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'
import { runSizes } from './sizes.ts'
import { type Subject, subjectsOf } from './subjects.ts'
import { runTogether } from './together.ts'

export interface Sizes {
  readonly isWhole: boolean
  readonly rounds: number
  readonly warmUp: number
  /** Times the operations of a scenario's round. */
  readonly times: number
  readonly togetherPerRound: number
  readonly coldStarts: number
  /** How long the first person of a cold start stays at Entra, one after the other. */
  readonly atEntraMs: readonly number[]
  /** After so many sign-ins memory is looked at. */
  readonly memory: readonly number[]
}

/** What is quoted. */
export const WHOLE: Sizes = {
  isWhole: true,
  rounds: 9,
  warmUp: 3,
  times: 1,
  togetherPerRound: 160,
  coldStarts: 9,
  atEntraMs: [0, 1_000],
  memory: [0, 500, 2_000, 4_000],
}

/** To see that everything works. */
export const QUICK: Sizes = {
  isWhole: false,
  rounds: 3,
  warmUp: 1,
  times: 0.1,
  togetherPerRound: 24,
  coldStarts: 2,
  atEntraMs: [0],
  memory: [0, 50, 100],
}

export interface Chosen {
  readonly sizes: Sizes
  /** Beginning of the names of scenarios; with it only those are measured, and nothing else. */
  readonly only?: string | undefined
  /** Which apps; all unless told. */
  readonly isMeasured?: (subject: Subject) => boolean
}

export async function measureFromOutside(
  { sizes, only, isMeasured = () => true }: Chosen,
  print: (line: string) => void,
): Promise<Result> {
  const workshop = await openWorkshop()
  const stands = await openStands()
  try {
    await trust(workshop, stands.world)
    for (const line of workshop.missing) print(line)
    const all = subjectsOf(workshop, stands.world).filter(isMeasured)
    const people = all.filter(({ kind }) => kind !== 'bare proxy')
    const isAll = only === undefined
    const scenarios: Scenario[] = SCENARIOS.filter(({ name }) => name.startsWith(only ?? ''))
    const rows = await runRounds(all, scenarios, stands, sizes, (name) => print(`measured: ${name}`))
    const { togetherPerRound: perRound, rounds, coldStarts: starts, atEntraMs } = sizes
    const together = isAll ? await runTogether(people, stands, { rounds, perRound }) : []
    if (isAll) print('measured: callbacks together')
    const coldStarts: Result['coldStarts'][number][] = []
    for (const ms of isAll ? atEntraMs : [])
      coldStarts.push(...(await runColdStarts(people, { rounds: starts, atEntraMs: ms })))
    if (isAll) print('measured: cold starts')
    return {
      node: process.version,
      cores: availableParallelism(),
      day: new Date().toISOString().slice(0, 10),
      isWhole: sizes.isWhole,
      rounds,
      subjects: all.map(({ name, kind }) => ({ name, kind })),
      rows,
      together,
      coldStarts,
      memory: isAll ? await runMemory(people, sizes.memory) : [],
      sizes: await runSizes(people, workshop),
    }
  } finally {
    await Promise.all([stands.close(), workshop.close()])
  }
}
