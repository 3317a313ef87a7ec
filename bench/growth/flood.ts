/**
 * Callbacks of nobody in particular, so many a second: each has begun a sign-in of its own, so that its state is good, and brings a code that
 * Entra never gave. Meanwhile people sign in. Bounded in time and number.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '../apps/app.ts'
import { postAnswer, type Reply, signInAtEntra } from '../apps/browser.ts'
import type { Stands } from '../stands/openStands.ts'
import { told } from './burst.ts'

const TICK_MS = 50
const PEOPLE_EVERY_MS = 250
const BEGUN_AT_ONCE = 50

export async function flood(
  start: () => Promise<App>,
  stands: Stands,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<string[]> {
  const app = await start()
  try {
    const before = await people(app, Math.max(1, seconds))
    const strangers = await begin(app, perSecond * seconds)
    await stands.ask('figures', undefined)
    const floodDone = pour(strangers, Math.max(1, Math.round((perSecond * TICK_MS) / 1_000)))
    const during = await people(app, (seconds * 1_000) / PEOPLE_EVERY_MS)
    const refused = await floodDone
    const { requests } = await stands.ask('figures', undefined)
    const tokens = requests['POST token (authorization_code)'] ?? 0
    return [
      `people before the flood: ${told(before)}`,
      `flood of ${perSecond} a second for ${seconds} s: ${told(refused)}`,
      `people meanwhile: ${told(during)}`,
      `token requests meanwhile: ${tokens}, of them ${during.length} for people at most`,
    ]
  } finally {
    await app.stop()
  }
}

type Post = () => Promise<Reply>

async function begin(app: App, count: number): Promise<Post[]> {
  const posts: Post[] = []
  while (posts.length < count) {
    const some = Array.from({ length: Math.min(BEGUN_AT_ONCE, count - posts.length) }, () => app.newPerson())
    const logins = await Promise.all(some.map((person) => person.ask('/auth/login')))
    for (const [i, person] of some.entries()) {
      const form = signInAtEntra(logins[i]?.headers.location ?? '')
      form.set('code', `made-up-${posts.length}`)
      posts.push(() => postAnswer(person, form))
    }
  }
  return posts
}

/** Sends them by the clock, whether or not the ones before are answered. */
async function pour(posts: readonly Post[], perTick: number): Promise<Reply[]> {
  const answers: Promise<Reply>[] = []
  for (let i = 0; i < posts.length; i += perTick) {
    answers.push(...posts.slice(i, i + perTick).map((post) => post()))
    await sleep(TICK_MS)
  }
  const settled = await Promise.allSettled(answers)
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}

/** One after the other comes; each callback is told. */
async function people(app: App, count: number): Promise<Reply[]> {
  const callbacks: Promise<Reply>[] = []
  for (let i = 0; i < count; i += 1) {
    const person = app.newPerson()
    callbacks.push(
      person
        .ask('/auth/login')
        .then((login) => postAnswer(person, signInAtEntra(login.headers.location ?? ''))),
    )
    await sleep(PEOPLE_EVERY_MS)
  }
  return Promise.all(callbacks)
}
