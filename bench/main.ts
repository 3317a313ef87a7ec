/**
 * `npm run bench`: what a sign-in costs Signet, its peers and the floor, each a process of its own, measured from outside in one run.
 *
 *   --quick           a tenth of the operations: to see that it works, not to be quoted
 *   --rounds 9        interleaved rounds
 *   --only sign-in    scenarios whose names begin so, and nothing else
 *   --write           the result into bench/result.json, and its tables into docs/benchmarks.md
 *   --json            the result in place of the tables
 *   --capacity        the tables of docs/capacity.md made again of docs/calls.md and the last result; measures nothing
 *   --inside          single functions beside those of the libraries that are our peers, in one process
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../packaging/bundle.ts'
import { optionsOf } from '../packaging/optionsOf.ts'
import { openBenchDesk } from './benchDesk.ts'
import { capacityTables } from './capacity/capacityTables.ts'
import { intoPage } from './intoPage.ts'
import { measureFromOutside, QUICK, WHOLE } from './outside/main.ts'
import { reportOf } from './outside/report.ts'
import type { Result } from './outside/result.ts'
import { runAll } from './runAll.ts'

const { rounds, quick, only, write, json, inside, capacity } = optionsOf({
  quick: { type: 'boolean', default: false },
  rounds: { type: 'string' },
  only: { type: 'string' },
  write: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  inside: { type: 'boolean', default: false },
  capacity: { type: 'boolean', default: false },
})
if (rounds !== undefined && !/^[1-9]\d{0,2}$/.test(rounds)) {
  console.error('--rounds is a number from 1 to 999.')
  process.exit(2)
}
const chosen = quick ? QUICK : WHOLE
const sizes = { ...chosen, rounds: Number(rounds ?? chosen.rounds) }

if (capacity) await writeCapacity()
else if (inside) {
  const bench = await openBenchDesk()
  try {
    await runAll(bench, { rounds: sizes.rounds, operations: quick ? 5 : 20 }, (line) => console.log(line))
  } finally {
    await bench.close()
  }
} else {
  const measured = await measureFromOutside({ sizes, only }, (line) => console.error(line))
  // What is written is what is shown: the tables are made of the result as it can be read again.
  const text = `${JSON.stringify(measured, shortened, 2)}\n`
  const report = reportOf(JSON.parse(text) as Result)
  console.log(json ? text : report)
  if (write) {
    await writeFile(join(ROOT, 'bench/result.json'), text)
    const page = join(ROOT, 'docs/benchmarks.md')
    await writeFile(page, intoPage(await readFile(page, 'utf8'), 'measured', report))
    await writeCapacity()
  }
}

function shortened(_name: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value
}

async function writeCapacity(): Promise<void> {
  const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8')
  const result = JSON.parse(await read('bench/result.json')) as Result
  let page = await read('docs/capacity.md')
  for (const [name, part] of Object.entries(capacityTables(await read('docs/calls.md'), result)))
    page = intoPage(page, name, part)
  await writeFile(join(ROOT, 'docs/capacity.md'), page)
}
