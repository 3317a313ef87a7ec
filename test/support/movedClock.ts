/**
 * Loaded into a process that a test started, by `--import`: its clock is the machine's, moved by the milliseconds in the file that
 * SIGNET_TEST_CLOCK names, which the test may replace at any time. Timers keep their pace.
 */
import { readFileSync } from 'node:fs'

const file = process.env.SIGNET_TEST_CLOCK
const RealDate = Date
/** How long what was read is taken for granted. Milliseconds. */
const GLANCE_MS = 5
let offsetMs = 0
let readAtMs = Number.NEGATIVE_INFINITY

function movedNow(): number {
  const runningMs = performance.now()
  if (file !== undefined && runningMs - readAtMs > GLANCE_MS) {
    offsetMs = Number(readFileSync(file, 'utf8'))
    readAtMs = runningMs
  }
  return RealDate.now() + offsetMs
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, type) =>
    Reflect.construct(target, given.length === 0 ? [movedNow()] : given, type),
  get: (target, name) => (name === 'now' ? movedNow : Reflect.get(target, name)),
})
