/** `npm run bench`: what a sign-in costs us, and what it costs our peers on the same desk in the same run. */
import { availableParallelism } from 'node:os'
import { openBenchDesk } from './benchDesk.ts'
import { runAll } from './runAll.ts'

const bench = await openBenchDesk()
try {
  console.log(
    `Node ${process.version}, ${availableParallelism()} cores; medians of interleaved rounds, without the digits that noise makes.`,
  )
  await runAll(bench, { rounds: 9, operations: 20 }, (line) => console.log(line))
} finally {
  await bench.close()
}
