/** Several ways to do one thing, timed beside each other: rounds are interleaved, so that whatever disturbs the machine disturbs all. */

/** One way. `prepare` makes what each operation needs, untimed; each operation takes one. */
export interface Subject<Input = unknown> {
  readonly name: string
  readonly prepare?: (count: number) => Promise<readonly Input[]>
  readonly operate: (input: Input) => Promise<unknown>
}

export interface Measurement {
  readonly name: string
  /** Median over the rounds, in milliseconds per operation. */
  readonly msPerOperation: number
  /** How many times as long as the first subject. */
  readonly ratio: number
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
  const medians = runs.map(({ times }) => median(times))
  const [first = Number.NaN] = medians
  return runs.map(({ subject: { name }, signed }, i) => {
    const msPerOperation = medians[i] ?? Number.NaN
    const signaturesPer100 = (signed * 100) / (rounds * operations)
    return { name, msPerOperation, ratio: msPerOperation / first, signaturesPer100 }
  })
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low = Number.NaN, high = low] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1)
  return (low + high) / 2
}
