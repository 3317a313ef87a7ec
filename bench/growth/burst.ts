/** Everybody at once: on an instance that has just started, on one that has served, and while the tables take long. */
import type { App } from '../apps/app.ts'
import { BY_SCRIPT, type Person, postAnswer, type Reply, signIn, signInAtEntra } from '../apps/browser.ts'
import { percentilesOf } from '../outside/percentiles.ts'
import type { Stands } from '../stands/openStands.ts'

/** Of every answer of the tables. Milliseconds. */
const SLOW_MS = [0, 500, 1_000, 1_900] as const

export async function burst(start: () => Promise<App>, stands: Stands, people: number): Promise<string[]> {
  const app = await start()
  try {
    const cold = await allAtOnce(app, stands, people)
    const warm = await allAtOnce(app, stands, people)
    return [`${people} sign-ins at once, cold: ${cold}`, `${people} sign-ins at once, warm: ${warm}`]
  } finally {
    await app.stop()
  }
}

async function allAtOnce(app: App, stands: Stands, count: number): Promise<string> {
  await stands.ask('figures', undefined)
  const people = Array.from({ length: count }, () => app.newPerson())
  const logins = await Promise.all(people.map((person) => person.ask('/auth/login')))
  const callbacks = await Promise.all(
    people.map((person, i) => postAnswer(person, signInAtEntra(logins[i]?.headers.location ?? ''))),
  )
  const { requests } = await stands.ask('figures', undefined)
  const asked = Object.entries(requests).map(([what, n]) => `${n} ${what}`)
  return `logins ${told(logins)}; callbacks ${told(callbacks)}; ${asked.join(', ')}`
}

export async function slowTables(
  start: () => Promise<App>,
  stands: Stands,
  calls: number,
): Promise<string[]> {
  const app = await start()
  try {
    const people: Person[] = []
    for (let i = 0; i < Math.min(calls, 20); i += 1) {
      const person = app.newPerson()
      await signIn(person)
      await person.ask('/api/orders/list', { headers: BY_SCRIPT })
      people.push(person)
    }
    const lines: string[] = []
    for (const tables of SLOW_MS) {
      await stands.ask('delays', { token: 0, tables })
      const all = Array.from({ length: calls }, (_, i) =>
        people[i % people.length]?.ask('/api/orders/list', { headers: BY_SCRIPT }),
      )
      const replies = (await Promise.all(all)).filter((reply) => reply !== undefined)
      lines.push(`${calls} API calls at once, tables ${tables} ms late: ${told(replies)}`)
    }
    return lines
  } finally {
    await stands.ask('delays', { token: 0, tables: 0 })
    await app.stop()
  }
}

/** `500 × 303, half 812 ms, 99 of 100 1,204 ms`. */
export function told(replies: readonly Reply[]): string {
  const byStatus = [...Map.groupBy(replies, ({ status }) => status)].map(
    ([status, all]) => `${all.length} × ${status}`,
  )
  const { p50, p99 } = percentilesOf(replies.map(({ ms }) => ms))
  return `${byStatus.join(', ')}, half ${p50.toFixed(0)} ms, 99 of 100 ${p99.toFixed(0)} ms`
}
