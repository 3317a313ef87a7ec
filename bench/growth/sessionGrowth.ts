/** One instance on a table that grows under it: who am I, sign-in, and the sweep where nothing is due. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '../apps/app.ts'
import { BY_SCRIPT, requireStatus, signIn } from '../apps/browser.ts'
import { percentilesOf } from '../outside/percentiles.ts'
import type { Stands } from '../stands/openStands.ts'

const LOOKS = 600
const SIGN_INS = 150
const QUIET_MS = 400

export async function* sessionGrowth(
  start: () => Promise<App>,
  stands: Stands,
  sizes: readonly number[],
): AsyncGenerator<string> {
  const app = await start()
  try {
    // Warm before the first size, so that the sizes are compared and not the first minute with the second.
    await looks(app, LOOKS)
    await signIns(app, SIGN_INS)
    for (const sessions of sizes) {
      const rows = await stands.ask('seed', sessions)
      const look = await looks(app, LOOKS)
      const signedIn = await signIns(app, SIGN_INS)
      const swept = await sweep(app, stands)
      yield `${sessions.toLocaleString('en-US')} sessions, ${rows.toLocaleString('en-US')} rows: who am I ${look}; sign-in ${signedIn}; sweep ${swept}`
    }
  } finally {
    await app.stop()
  }
}

async function looks(app: App, count: number): Promise<string> {
  const person = app.newPerson()
  await signIn(person)
  return measured(app, count, async () => {
    const reply = await person.ask('/auth/session', { headers: BY_SCRIPT })
    requireStatus(reply, [200])
    return reply.ms
  })
}

function signIns(app: App, count: number): Promise<string> {
  return measured(app, count, async () => {
    const { loginMs, callbackMs } = await signIn(app.newPerson())
    return loginMs + callbackMs
  })
}

async function measured(app: App, count: number, once: () => Promise<number>): Promise<string> {
  const before = await app.usage()
  const wall: number[] = []
  for (let i = 0; i < count; i += 1) wall.push(await once())
  const after = await app.usage()
  const { p50, p99 } = percentilesOf(wall)
  const cpu = (after.cpuMs - before.cpuMs) / count
  return `${cpu.toFixed(1)} ms CPU, ${p50.toFixed(1)} ms half, ${p99.toFixed(0)} ms 99 of 100`
}

/** Runs it now, as an operator would, and counts what it asks until it asks no more. */
async function sweep(app: App, stands: Stands): Promise<string> {
  await stands.ask('figures', undefined)
  const startedMs = performance.now()
  const told = await app.newPerson().ask('/admin/functions/sweep', {
    method: 'POST',
    headers: { 'x-functions-key': 'bench', 'content-type': 'application/json' },
  })
  requireStatus(told, [202])
  const all = new Map<string, number>()
  let lastMs = startedMs
  for (;;) {
    await sleep(QUIET_MS)
    const { requests } = await stands.ask('figures', undefined)
    const entries = Object.entries(requests)
    if (entries.length === 0) break
    lastMs = performance.now()
    for (const [what, count] of entries) all.set(what, (all.get(what) ?? 0) + count)
  }
  const asked = [...all].map(([what, count]) => `${count} ${what}`).join(', ')
  return `${asked} in at most ${((lastMs - startedMs) / 1_000).toFixed(1)} s`
}
