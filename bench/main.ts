/**
 * `npm run bench`: what a sign-in costs Signet, its peers and the floor, each a process of its own, measured from outside in one run.
 *
 *   --quick           a twentieth of the operations: to see that it works, not to be quoted
 *   --rounds 9        interleaved rounds
 *   --only "sign-in"  scenarios whose names begin so
 *   --inside          single functions beside those of the libraries that are our peers, in one process
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { openBenchDesk } from './benchDesk.ts'
import { measureFromOutside } from './outside/main.ts'
import { runAll } from './runAll.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    only: { type: 'string' },
    inside: { type: 'boolean', default: false },
  },
})
const print = (line: string): void => console.log(line)
print(
  `Node ${process.version}, ${availableParallelism()} cores; medians of interleaved rounds, without the digits that noise makes.`,
)
const rounds = Number(values.rounds ?? (values.quick ? 3 : 9))
if (values.inside) {
  const bench = await openBenchDesk()
  try {
    await runAll(bench, { rounds, operations: values.quick ? 5 : 20 }, print)
  } finally {
    await bench.close()
  }
} else {
  const effort = { rounds, warmUp: values.quick ? 1 : 3, times: values.quick ? 0.05 : 1 }
  await measureFromOutside({ effort, ...(values.only === undefined ? {} : { only: values.only }) }, print)
}
