/** What a crowd asks of each part in its busiest second, and how much of what that part carries. */
import { type Calls, callsFor } from './callsOfPage.ts'
import { ASSUMED_MS, HABITS, LIMITS, SIGNATURE_EVERY_SEC, SPREAD } from './parameters.ts'
import { type Kind, type Minute, REQUESTS, workingDay } from './workingDay.ts'

/** People of whom the day is drawn. */
const DRAWN = 4_000

/** Processor time of a request. Milliseconds. */
export type CpuMs = Readonly<Record<Kind, number>>

export interface Load {
  readonly people: number
  /** Each of the busiest second. */
  readonly requests: number
  readonly signIns: number
  readonly tables: number
  readonly token: number
  readonly instances: number
  /** In ten seconds, all instances together. */
  readonly signatures: number
  /** Of the fullest partition. */
  readonly partition: number
}

export interface PersonDay {
  /** Of one person, in a day. */
  readonly requests: Readonly<Record<Kind, number>>
  readonly calls: Calls
}

export interface Simulation {
  readonly day: PersonDay
  readonly loadOf: (people: number) => Load
  readonly callsOf: (kind: Kind) => Calls
}

export function simulate(calls: ReadonlyMap<string, Calls>, cpuMs: CpuMs): Simulation {
  const minutes = workingDay(DRAWN)
  const callsOf = (kind: Kind): Calls => callsFor(calls, REQUESTS[kind])
  const kinds = Object.keys(REQUESTS) as Kind[]
  const total = (counts: Readonly<Record<Kind, number>>, of: (kind: Kind) => number): number =>
    kinds.reduce((sum, kind) => sum + counts[kind] * of(kind), 0)
  const busiest = (of: (kind: Kind) => number): number =>
    Math.max(...minutes.map((minute: Minute) => total(minute, of)))
  const sums = Object.fromEntries(
    kinds.map((kind) => [kind, minutes.reduce((sum, minute) => sum + minute[kind], 0) / DRAWN]),
  ) as Record<Kind, number>
  const over = (name: keyof Calls): number => total(sums, (kind) => callsOf(kind)[name])

  function loadOf(people: number): Load {
    // The busiest second of each part, which need not be the same for all.
    const perSecond = (of: (kind: Kind) => number): number =>
      (busiest(of) * people * HABITS.burst) / DRAWN / 60
    const signIns = perSecond((kind) => (kind === 'callback' ? 1 : 0))
    const cores = perSecond((kind) => cpuMs[kind]) / 1_000
    const underWay = perSecond((kind) => tookMs(callsOf(kind))) / 1_000
    const instances = Math.ceil(Math.max(1, cores / LIMITS.coreShare, underWay / LIMITS.atOncePerInstance))
    return {
      people,
      requests: perSecond(() => 1),
      signIns,
      tables: perSecond((kind) => callsOf(kind).tables),
      token: perSecond((kind) => callsOf(kind).token),
      instances,
      signatures: (instances * 10) / SIGNATURE_EVERY_SEC,
      // Of a sign-in one row goes to the calendar and one to each index.
      partition: Math.max(signIns / SPREAD.duePartitions, signIns / SPREAD.indexPartitions),
    }
  }

  return {
    day: {
      requests: sums,
      calls: { tables: over('tables'), token: over('token'), vault: over('vault'), api: over('api') },
    },
    loadOf,
    callsOf,
  }
}

/** From the request to its answer, one call after the other: more than it is, where calls go at once. Milliseconds. */
export function tookMs({ tables, token, api }: Calls): number {
  return ASSUMED_MS.own + tables * ASSUMED_MS.table + token * ASSUMED_MS.token + api * ASSUMED_MS.api
}

export interface Wall {
  readonly part: string
  readonly used: (load: Load) => number
  readonly carries: number
  readonly unit: string
}

export const WALLS: readonly Wall[] = [
  {
    part: 'one storage account',
    used: ({ tables }) => tables,
    carries: LIMITS.accountPerSecond,
    unit: 'table transactions a second',
  },
  {
    part: 'one partition of its table',
    used: ({ partition }) => partition,
    carries: LIMITS.partitionPerSecond,
    unit: 'rows a second',
  },
  {
    part: 'one vault',
    used: ({ signatures }) => signatures,
    carries: LIMITS.signaturesPerTenSeconds,
    unit: 'signatures in ten seconds',
  },
  {
    part: 'one app on Flex Consumption',
    used: ({ instances }) => instances,
    carries: LIMITS.instances,
    unit: 'instances',
  },
]
