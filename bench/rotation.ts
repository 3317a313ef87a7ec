/**
 * `node bench/rotation.ts [seconds]`, after `npm run build`: both certificates change hands every few seconds under a steady load of sign-ins, refreshes and calls on two
 * instances, which are killed in turn; then nothing may have failed, no key have signed that Entra did not know, and none be left behind. All clocks
 * run {@link PACE} times as fast, so that what rests for 25 minutes is gone within one.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { openRotationLoad, type Work } from '../test/support/openRotationLoad.ts'

const PACE = 30
const TICK_MS = 100
const WORKERS = 6
const EXCHANGE_EVERY_MS = 4_000
const TIMER_EVERY_MS = 1_000
const KILL_EVERY_MS = 12_000
const MINUTE_MS = 60_000
const KINDS: readonly Work[] = ['call', 'own call', 'call', 'sign-in', 'call', 'own call', 'call', 'call']

const lastsMs = Number(process.argv[2] ?? 180) * 1_000
const load = await openRotationLoad()
const { two } = load
const endsAt = performance.now() + lastsMs
const isOver = (): boolean => performance.now() >= endsAt
let exchanges = 0
let kills = 0

async function each(everyMs: number, act: () => Promise<unknown>): Promise<void> {
  while (!isOver()) {
    const beganAt = performance.now()
    await act()
    await sleep(Math.max(0, everyMs - (performance.now() - beganAt)))
  }
}

async function runClocks(): Promise<void> {
  let lastAt = performance.now()
  await each(TICK_MS, async () => {
    const nowAt = performance.now()
    await two.advance(Math.round((nowAt - lastAt) * (PACE - 1)))
    lastAt = nowAt
  })
}

async function exchange(): Promise<void> {
  await load.makeVersions()
  exchanges += 1
  await load.runTimers()
}

/** Some time after a timer has begun, at any of its steps. */
async function killOne(): Promise<void> {
  const at = kills % 2
  await load.runTimers()
  await sleep(Math.random() * 600)
  await two.kill(at)
  kills += 1
  await two.restart(at)
}

async function work(at: number): Promise<void> {
  for (let i = at; !isOver(); i += 1) {
    await load.work(KINDS[i % KINDS.length] ?? 'call')
    await sleep(20)
  }
}

/** A key that no row speaks of is found by a look, once an hour, and rests before it goes. */
const MOST_WAITS = 120

async function untilGone(): Promise<void> {
  for (
    let wait = 0;
    wait < MOST_WAITS && (load.leftBehind().length > 0 || !(await load.areInUse()));
    wait += 1
  ) {
    await two.advance(MINUTE_MS)
    await load.runTimers()
    await sleep(500)
  }
}

for (let i = 0; i < WORKERS; i += 1) await load.work('sign-in')
await Promise.all([
  runClocks(),
  each(EXCHANGE_EVERY_MS, exchange),
  each(TIMER_EVERY_MS, () => load.runTimers()),
  sleep(KILL_EVERY_MS / 2).then(() => each(KILL_EVERY_MS, killOne)),
  ...Array.from({ length: WORKERS }, (_, at) => work(at)),
])
await untilGone()

const { signatures, log } = two.desk.entra
const keys = (deed: string): number =>
  log.filter(({ path, status }) => path.endsWith(`/${deed}`) && status < 300).length
const figures = {
  seconds: lastsMs / 1_000,
  versions: exchanges * load.clients.length,
  kills,
  done: load.done,
  granted: load.granted(),
  signatures: signatures.length,
  keysAdded: keys('addKey'),
  keysRemoved: keys('removeKey'),
  repeated: load.repeated(),
  failed: load.failures.length,
  unknown: load.unknown(),
  refused: signatures.filter(({ refusal }) => refusal !== undefined),
  inTheWay: await load.inTheWay(),
  leftBehind: load.leftBehind().length,
}
console.log(JSON.stringify(figures, null, 2))
for (const failure of load.failures.slice(0, 20)) console.error(failure)
await load.close()
const isWell = figures.failed === 0 && figures.unknown.atWork === 0 && figures.leftBehind === 0
process.exitCode = isWell ? 0 : 1
