/** What is measured, request by request. Each operation judges its answer: what fails is no measurement. */
import type { App } from '../apps/app.ts'
import { BY_SCRIPT, type Person, postAnswer, requireStatus, signIn, signInAtEntra } from '../apps/browser.ts'
import type { Stands } from '../stands/openStands.ts'
import { bindToDevice } from './deviceBound.ts'
import type { SubjectFacts } from './subjects.ts'

/** What one operation took, as its caller saw it. Milliseconds. */
export type WallMs = number

export interface Scenario {
  readonly name: string
  readonly isFor: (subject: SubjectFacts) => boolean
  /** How many make a round: short ones are repeated more often. */
  readonly perRound: number
  /** Before a round, unmeasured: what the operations of the round are, as many as asked for. */
  readonly prepare: (app: App, count: number, stands: Stands) => Promise<readonly Operation[]>
  /** After a round. */
  readonly tidy?: (stands: Stands) => Promise<void>
}

export type Operation = () => Promise<WallMs>

const LONG_SEC = 3_600
/** Below every margin that an app keeps before a token runs out. */
const SHORT_SEC = 30

/** So many people who have never been here, each with one thing to do. */
async function strangers(
  app: App,
  count: number,
  operate: (person: Person) => Promise<WallMs>,
): Promise<readonly Operation[]> {
  return Array.from({ length: count }, () => {
    const person = app.newPerson()
    return () => operate(person)
  })
}

/** The same person each time, who has called both APIs already. */
async function signedIn(
  app: App,
  count: number,
  operate: (person: Person) => Promise<WallMs>,
): Promise<readonly Operation[]> {
  const person = app.newPerson()
  await signIn(person)
  for (const api of ['orders', 'reports']) await person.ask(`/api/${api}/list`, { headers: BY_SCRIPT })
  return Array(count).fill(() => operate(person))
}

async function ask(person: Person, path: string, says: string): Promise<WallMs> {
  const reply = await person.ask(path, { headers: BY_SCRIPT })
  requireStatus(reply, [200])
  if (!reply.body.includes(says)) throw new Error(`${path} answered ${reply.body}`)
  return reply.ms
}

const everybody = ({ kind }: SubjectFacts): boolean => kind !== 'bare proxy'
const ORDER = '"order-11"'

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'sign-in',
    isFor: everybody,
    perRound: 40,
    prepare: (app, count) =>
      strangers(app, count, async (person) => {
        const { loginMs, callbackMs } = await signIn(person)
        return loginMs + callbackMs
      }),
  },
  {
    name: 'who am I',
    isFor: everybody,
    perRound: 150,
    prepare: (app, count) =>
      signedIn(app, count, (person) => ask(person, '/auth/session', '"authenticated":true')),
  },
  {
    name: 'API call as the person, token held',
    isFor: everybody,
    perRound: 150,
    prepare: (app, count) => signedIn(app, count, (person) => ask(person, '/api/orders/list', ORDER)),
  },
  {
    name: 'API call as the person, token refreshed',
    isFor: everybody,
    perRound: 40,
    async prepare(app, count, stands) {
      await stands.ask('tokenLifetime', SHORT_SEC)
      return signedIn(app, count, (person) => ask(person, '/api/orders/list', ORDER))
    },
    async tidy(stands) {
      await stands.ask('tokenLifetime', LONG_SEC)
    },
  },
  {
    name: 'API call as the app',
    isFor: (subject) => everybody(subject) && subject.canActAsItself,
    perRound: 150,
    prepare: (app, count) => signedIn(app, count, (person) => ask(person, '/api/reports/list', ORDER)),
  },
  {
    name: 'proxy alone',
    isFor: ({ kind }) => kind === 'bare proxy',
    perRound: 150,
    prepare: (app, count) =>
      strangers(app, count, async (person) => {
        const headers = { ...BY_SCRIPT, authorization: `Bearer ${'x'.repeat(900)}` }
        const reply = await person.ask('/api/orders/list', { headers })
        requireStatus(reply, [200])
        return reply.ms
      }),
  },
  {
    name: 'page of the front end',
    isFor: everybody,
    perRound: 150,
    prepare: (app, count) =>
      strangers(app, count, async (person) => {
        const reply = await person.ask('/')
        requireStatus(reply, [200])
        return reply.ms
      }),
  },
  {
    name: 'refusal: forged callback',
    isFor: everybody,
    perRound: 100,
    /** Each has begun a sign-in; the answer that comes is of another one. */
    async prepare(app, count) {
      const begun: Person[] = []
      while (begun.length < count) {
        const person = app.newPerson()
        requireStatus(await person.ask('/auth/login'), [302, 303])
        begun.push(person)
      }
      return begun.map((person) => async () => {
        const forged = signInAtEntra('https://entra.invalid/?state=forged&client_id=x&scope=openid')
        const reply = await postAnswer(person, forged)
        // Signet and the peers answer as they see fit; none of them signs anybody in.
        requireStatus(reply, [302, 303, 400, 403])
        return reply.ms
      })
    },
  },
  {
    name: 'refusal: guard, no certificate',
    isFor: ({ kind }) => kind === 'ours' || kind === 'floor',
    perRound: 150,
    /** A token that is good in all but this: its client proved itself with a secret. */
    async prepare(app, count, stands) {
      const { clientId } = stands.world
      const bySecret = {
        aud: clientId,
        azp: clientId,
        azpacr: '1',
        scp: 'access_as_user',
        oid: clientId,
        sub: 'x',
      }
      const authorization = `Bearer ${await stands.ask('accessToken', bySecret)}`
      return strangers(app, count, async (person) => {
        const reply = await person.ask('/protected/whoami', { headers: { ...BY_SCRIPT, authorization } })
        requireStatus(reply, [401, 403])
        return reply.ms
      })
    },
  },
  {
    name: 'device-bound renewal',
    isFor: ({ kind }) => kind === 'ours',
    perRound: 60,
    async prepare(app, count) {
      const person = app.newPerson()
      await signIn(person)
      const bound = await bindToDevice(person, app.origin)
      return Array(count).fill(async () => (await bound.renew()).ms)
    },
  },
]
