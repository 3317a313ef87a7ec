/** A new process each time: until it takes connections, until its first redirect, and what the first two people wait who sign in. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Person, postAnswer, requireStatus, signIn, signInAtEntra } from '../apps/browser.ts'
import { type Spread, spreadOf } from '../rounding.ts'
import type { Subject } from './subjects.ts'

export interface ColdStart {
  readonly subject: string
  /** How long the first person stays at Entra. */
  readonly atEntraMs: number
  /** From the start of the process. Milliseconds, all of them. */
  readonly listensMs: Spread
  readonly cpuUntilRedirectMs: Spread
  readonly firstRedirectMs: Spread
  /** Callbacks. */
  readonly firstSignInMs: Spread
  readonly secondSignInMs: Spread
}

type Times = Record<'listens' | 'cpu' | 'redirect' | 'first' | 'second', number>

export async function runColdStarts(
  subjects: readonly Subject[],
  { rounds, atEntraMs }: { readonly rounds: number; readonly atEntraMs: number },
): Promise<ColdStart[]> {
  const records = subjects.map((subject) => ({ subject, times: [] as Times[] }))
  for (let round = 0; round < rounds; round += 1)
    for (const { subject, times } of records) times.push(await startOnce(subject, atEntraMs))
  return records.map(({ subject, times }) => {
    const spread = (name: keyof Times): Spread => spreadOf(times.map((each) => each[name]))
    return {
      subject: subject.name,
      atEntraMs,
      listensMs: spread('listens'),
      cpuUntilRedirectMs: spread('cpu'),
      firstRedirectMs: spread('redirect'),
      firstSignInMs: spread('first'),
      secondSignInMs: spread('second'),
    }
  })
}

async function startOnce(subject: Subject, atEntraMs: number): Promise<Times> {
  const startedMs = performance.now()
  const app = await subject.start()
  try {
    const listens = performance.now() - startedMs
    const person: Person = app.newPerson()
    const login = await person.ask('/auth/login')
    const redirect = performance.now() - startedMs
    const { cpuMs } = await app.usage()
    requireStatus(login, [302, 303])
    await sleep(atEntraMs)
    const first = await postAnswer(person, signInAtEntra(login.headers.location ?? ''))
    requireStatus(first, [302, 303])
    const { callbackMs } = await signIn(app.newPerson())
    return { listens, cpu: cpuMs, redirect, first: first.ms, second: callbackMs }
  } finally {
    await app.stop()
  }
}
