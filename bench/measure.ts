/**
 * Several ways to do one thing, timed beside each other: rounds are interleaved, so that whatever disturbs the machine disturbs all, and a
 * way is compared with the first one round by round.
 */
import { type Spread, spreadOf } from './rounding.ts'

/** One way. `prepare` makes what each operation needs, untimed; each operation takes one. */
export interface Subject<Input = unknown> {
  readonly name: string
  readonly prepare?: (count: number) => Promise<readonly Input[]>
  readonly operate: (input: Input) => Promise<unknown>
}

export interface Measurement {
  readonly name: string
  /** Over the rounds, in milliseconds per operation. */
  readonly msPerOperation: Spread
  /** Over the rounds, how many times as long as the first subject took in the same one. */
  readonly ratio: Spread
  /** Requests to the vault to sign, per hundred operations. */
  readonly signaturesPer100: number
}

export interface Effort {
  readonly rounds: number
  readonly operations: number
}

interface Meters {
  /** A clock in milliseconds that only goes forward. */
  readonly clock: () => number
  readonly signatures: () => number
}

/** Runs every subject in every round, after one round that does not count. */
export async function measure<Input>(
  subjects: readonly Subject<Input>[],
  { rounds, operations }: Effort,
  { clock, signatures }: Meters,
): Promise<Measurement[]> {
  const runs = subjects.map((subject) => ({ subject, times: [] as number[], signed: 0 }))
  for (let round = 0; round <= rounds; round += 1) {
    for (const run of runs) {
      const { prepare, operate } = run.subject
      const inputs = (await prepare?.(operations)) ?? (Array(operations).fill(undefined) as Input[])
      const signedBefore = signatures()
      const startedMs = clock()
      for (const input of inputs) await operate(input)
      if (round === 0) continue
      run.times.push((clock() - startedMs) / operations)
      run.signed += signatures() - signedBefore
    }
  }
  const [first] = runs
  return runs.map(({ subject: { name }, times, signed }) => ({
    name,
    msPerOperation: spreadOf(times),
    ratio: spreadOf(times.map((ms, round) => ms / (first?.times[round] ?? Number.NaN))),
    signaturesPer100: (signed * 100) / (rounds * operations),
  }))
}
