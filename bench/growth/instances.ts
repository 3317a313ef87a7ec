/** The same work by one instance and by two on the same table: what the second costs, and whether one knows whom the other signed in. */
import type { App } from '../apps/app.ts'
import { BY_SCRIPT, type Person, requireStatus, signIn } from '../apps/browser.ts'
import { atOnce } from '../outside/together.ts'
import type { Stands } from '../stands/openStands.ts'

const AT_ONCE = 16
const SIGN_INS_SHARE = 0.2

export async function instances(start: () => Promise<App>, stands: Stands, count: number): Promise<string[]> {
  const apps = [await start(), await start()]
  try {
    // Both have served before.
    for (const app of apps) await work([app], stands, Math.ceil(count / 4))
    const lines: string[] = []
    for (const many of [1, 2, 1, 2]) lines.push(await work(apps.slice(0, many), stands, count))
    return [...lines, await acrossInstances(apps)]
  } finally {
    await Promise.all(apps.map((app) => app.stop()))
  }
}

async function work(apps: readonly App[], stands: Stands, count: number): Promise<string> {
  const people: Person[] = []
  for (const app of apps) {
    const person = app.newPerson()
    await signIn(person)
    people.push(person)
  }
  await stands.ask('figures', undefined)
  const before = await cpuOf(apps)
  const startedMs = performance.now()
  await atOnce(
    AT_ONCE,
    Array.from({ length: count }, (_, i) => async () => {
      const app = apps[i % apps.length]
      if (i % (1 / SIGN_INS_SHARE) === 0 && app !== undefined) return void (await signIn(app.newPerson()))
      const reply = await people[i % people.length]?.ask('/auth/session', { headers: BY_SCRIPT })
      if (reply !== undefined) requireStatus(reply, [200])
    }),
  )
  const seconds = (performance.now() - startedMs) / 1_000
  const cpu = ((await cpuOf(apps)) - before) / count
  const { requests } = await stands.ask('figures', undefined)
  const calls = Object.entries(requests).reduce(
    (sum, [what, n]) => sum + (what.startsWith('tables') ? n : 0),
    0,
  )
  return `${apps.length} instance${apps.length === 1 ? '' : 's'}, ${count} requests (a fifth sign-ins) ${AT_ONCE} at a time: ${(count / seconds).toFixed(0)} a second, ${cpu.toFixed(1)} ms CPU and ${(calls / count).toFixed(2)} table calls each`
}

async function cpuOf(apps: readonly App[]): Promise<number> {
  const usages = await Promise.all(apps.map((app) => app.usage()))
  return usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0)
}

async function acrossInstances([one, other]: readonly App[]): Promise<string> {
  if (one === undefined || other === undefined) return ''
  const [here, there] = [one.newPerson(), other.newPerson()]
  await signIn(here)
  for (const [name, value] of here.cookies) there.cookies.set(name, value)
  const reply = await there.ask('/auth/session', { headers: BY_SCRIPT })
  const isKnown = reply.body.includes('"authenticated":true')
  return `whom one signed in, the other ${isKnown ? 'knows' : 'does NOT know'}`
}
