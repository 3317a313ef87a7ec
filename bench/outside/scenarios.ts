/** What is measured, request by request. Each operation judges its answer: what fails is no measurement. */
import type { App } from '../apps/app.ts'
import { BY_SCRIPT, type Person, postAnswer, requireStatus, signIn, signInAtEntra } from '../apps/browser.ts'
import type { Stands } from '../stands/openStands.ts'
import type { SubjectFacts } from './subjects.ts'

/** What one operation took, as its caller saw it. Milliseconds. */
export type WallMs = number

export interface Scenario {
  readonly name: string
  readonly isFor: (subject: SubjectFacts) => boolean
  /** How many make a round: short ones are repeated more often. */
  readonly perRound: number
  /** Before a round, unmeasured; its result is what the operations of the round work with. */
  readonly prepare: (app: App, count: number, stands: Stands) => Promise<readonly Person[]>
  readonly operate: (person: Person) => Promise<WallMs>
  /** After a round. */
  readonly tidy?: (stands: Stands) => Promise<void>
}

const LONG_SEC = 3_600
/** Below every margin that an app keeps before a token runs out. */
const SHORT_SEC = 30

const strangers = async (app: App, count: number): Promise<readonly Person[]> =>
  Array.from({ length: count }, () => app.newPerson())

/** The same person each time, who has called both APIs already. */
async function oneSignedIn(app: App, count: number): Promise<readonly Person[]> {
  const person = app.newPerson()
  await signIn(person)
  for (const api of ['orders', 'reports']) await person.ask(`/api/${api}/list`, { headers: BY_SCRIPT })
  return Array(count).fill(person)
}

async function ask(person: Person, path: string, status: number, says?: string): Promise<WallMs> {
  const reply = await person.ask(path, { headers: BY_SCRIPT })
  requireStatus(reply, [status])
  if (says !== undefined && !reply.body.includes(says)) throw new Error(`${path} answered ${reply.body}`)
  return reply.ms
}

const everybody = (): boolean => true
const ORDER = '"order-11"'

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'sign-in',
    isFor: everybody,
    perRound: 40,
    prepare: strangers,
    async operate(person) {
      const { loginMs, callbackMs } = await signIn(person)
      return loginMs + callbackMs
    },
  },
  {
    name: 'who am I',
    isFor: everybody,
    perRound: 150,
    prepare: oneSignedIn,
    operate: (person) => ask(person, '/auth/session', 200, '"authenticated":true'),
  },
  {
    name: 'API call as the person, token held',
    isFor: everybody,
    perRound: 150,
    prepare: oneSignedIn,
    operate: (person) => ask(person, '/api/orders/list', 200, ORDER),
  },
  {
    name: 'API call as the person, token refreshed',
    isFor: everybody,
    perRound: 40,
    async prepare(app, count, stands) {
      await stands.ask('tokenLifetime', SHORT_SEC)
      return oneSignedIn(app, count)
    },
    operate: (person) => ask(person, '/api/orders/list', 200, ORDER),
    async tidy(stands) {
      await stands.ask('tokenLifetime', LONG_SEC)
    },
  },
  {
    name: 'API call as the app',
    isFor: ({ canActAsItself }) => canActAsItself,
    perRound: 150,
    prepare: oneSignedIn,
    operate: (person) => ask(person, '/api/reports/list', 200, ORDER),
  },
  {
    name: 'page of the front end',
    isFor: everybody,
    perRound: 150,
    prepare: strangers,
    async operate(person) {
      const reply = await person.ask('/')
      requireStatus(reply, [200])
      return reply.ms
    },
  },
  {
    name: 'refusal: forged callback',
    isFor: everybody,
    perRound: 100,
    /** Each has begun a sign-in; the answer that comes is of another one. */
    async prepare(app, count) {
      const people = await strangers(app, count)
      for (const person of people) requireStatus(await person.ask('/auth/login'), [302, 303])
      return people
    },
    async operate(person) {
      const forged = signInAtEntra('https://entra.invalid/?state=forged&client_id=x&scope=openid')
      const reply = await postAnswer(person, forged)
      requireStatus(reply, [302, 303, 400, 403, 500])
      return reply.ms
    },
  },
]
