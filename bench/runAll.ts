/** Every benchmark, one after the other, each as a table. */
import type { BenchDesk } from './benchDesk.ts'
import { boundSessions } from './boundSessions.ts'
import { codeRedemptions } from './codeRedemption.ts'
import { guardedCalls } from './guardedCalls.ts'
import { heldTokens } from './heldTokens.ts'
import { type Effort, type Measurement, measure, type Subject } from './measure.ts'
import { shown, withoutNoise } from './rounding.ts'

/** By title. */
export type Results = Readonly<Record<string, readonly Measurement[]>>

export async function runAll(
  bench: BenchDesk,
  effort: Effort,
  print: (line: string) => void,
): Promise<Results> {
  const { signatures } = bench
  const clock = (): number => performance.now()
  const results: Record<string, readonly Measurement[]> = {}
  async function run<Input>(title: string, subjects: readonly Subject<Input>[], times = 1): Promise<void> {
    const { rounds, operations } = effort
    const measured = await measure(
      subjects,
      { rounds, operations: operations * times },
      { clock, signatures },
    )
    results[title] = measured
    for (const line of table(title, measured)) print(line)
  }
  await run('Redeem a code', codeRedemptions(bench))
  await run('Get a token that is held', heldTokens(bench))
  // So short that more of them make a measurement.
  await run('Judge a caller’s token', await guardedCalls(bench), 10)
  await run('Judge a request of a session', await boundSessions(), 50)
  return results
}

function table(title: string, measured: readonly Measurement[]): string[] {
  const rows = measured.map(({ name, msPerOperation, ratio, signaturesPer100 }, index) =>
    [
      name.padEnd(52),
      `${withoutNoise(msPerOperation.median, msPerOperation)} ms`.padStart(12),
      (index === 0 ? '1' : shown(ratio)).padStart(28),
      `${Math.round(signaturesPer100)}`.padStart(12),
    ].join(''),
  )
  const head = [
    'one operation'.padStart(64),
    'ratio (half of the rounds)'.padStart(28),
    'signatures'.padStart(12),
  ].join('')
  return ['', title, `${head} per 100`, ...rows]
}
