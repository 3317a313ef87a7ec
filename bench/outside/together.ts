/** Callbacks of people who come eight at a time: how long they wait, beside how long the stand-ins took of it. */

import type { App } from '../apps/app.ts'
import { postAnswer, requireStatus, signInAtEntra } from '../apps/browser.ts'
import type { Stands } from '../stands/openStands.ts'
import { type Percentiles, percentilesOf } from './percentiles.ts'
import type { Subject } from './subjects.ts'

export const AT_ONCE = 8

export interface Together {
  readonly subject: string
  readonly callbackMs: Percentiles
  /** Of the token endpoint meanwhile, and of all calls to the tables. */
  readonly tokenMs: Percentiles
  readonly tablesMs: Percentiles
}

interface Effort {
  readonly rounds: number
  readonly perRound: number
}

/** Rounds are interleaved, after one that does not count. */
export async function runTogether(
  subjects: readonly Subject[],
  stands: Stands,
  { rounds, perRound }: Effort,
): Promise<Together[]> {
  const apps = new Map<Subject, App>()
  try {
    for (const subject of subjects) apps.set(subject, await subject.start())
    const records = [...apps].map(([subject, app]) => ({
      subject,
      app,
      callbacks: [] as number[],
      token: [] as number[],
      tables: [] as number[],
    }))
    for (let round = 0; round <= rounds; round += 1) {
      for (const record of records) {
        const waited = await callbacks(record.app, perRound, stands)
        const { serviceMs } = await stands.ask('figures', undefined)
        if (round === 0) continue
        record.callbacks.push(...waited)
        for (const [what, times] of Object.entries(serviceMs)) {
          if (what.startsWith('POST token')) record.token.push(...times)
          if (what.startsWith('tables')) record.tables.push(...times)
        }
      }
    }
    return records.map(({ subject, callbacks: waited, token, tables }) => ({
      subject: subject.name,
      callbackMs: percentilesOf(waited),
      tokenMs: percentilesOf(token),
      tablesMs: percentilesOf(tables),
    }))
  } finally {
    await Promise.all([...apps.values()].map((app) => app.stop()))
  }
}

/** So many people on their way back from Entra, who arrive in a row of eight. */
async function callbacks(app: App, count: number, stands: Stands): Promise<number[]> {
  const waiting: (() => Promise<number>)[] = []
  for (let i = 0; i < count; i += 1) {
    const person = app.newPerson()
    const login = await person.ask('/auth/login')
    requireStatus(login, [302, 303])
    const form = signInAtEntra(login.headers.location ?? '')
    waiting.push(async () => {
      const reply = await postAnswer(person, form)
      requireStatus(reply, [302, 303])
      return reply.ms
    })
  }
  await stands.ask('figures', undefined)
  return atOnce(AT_ONCE, waiting)
}

/** Runs them, `many` at a time, in their order. */
export async function atOnce<T>(many: number, all: readonly (() => Promise<T>)[]): Promise<T[]> {
  const done: T[] = []
  const left = all.values()
  await Promise.all(
    Array.from({ length: many }, async () => {
      for (const one of left) done.push(await one())
    }),
  )
  return done
}
