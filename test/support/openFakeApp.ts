/**
 * An App for the tests of single handlers: its sessions lie in a table in memory, its clock is the test's, and what would ask Entra, the vault
 * or an API is noted in `calls` and answered by the test.
 */
import type { App } from '../../lib/app.ts'
import type { PersonHash } from '../../lib/session/rows.ts'
import { personHash } from '../../lib/session/rows.ts'
import type { Grant, Session } from '../../lib/session/session.ts'
import { createTableStore } from '../../lib/session/tableStore.ts'
import { newTicket, type Ticket } from '../../lib/session/ticket.ts'
import { configOf, type Settings } from './configOf.ts'
import { heldEffects } from './heldEffects.ts'
import { createMemoryTable, type Weather } from './memoryTable.ts'
import { grantOf, sessionOf } from './sessionOf.ts'

/** What the app asked of others, in order: whom, and with what. */
type Call = readonly [name: string, ...values: unknown[]]

type Answers = {
  readonly [Part in
    | 'credential'
    | 'providerKeys'
    | 'tokenAttempts'
    | 'appOnly'
    | 'userTokens'
    | 'guard']?: Partial<NonNullable<App[Part]>>
} & Pick<Partial<App>, 'redeemCode'>

interface Fake {
  readonly settings?: Settings
  readonly weather?: Weather
  /** What the others answer; whoever is asked without an answer fails the test. */
  readonly answers?: Answers
}

export function openFakeApp({ settings = {}, weather = {}, answers = {} }: Fake = {}) {
  const calls: Call[] = []
  const noted =
    (name: string, answer?: (...values: never[]) => unknown) =>
    (...values: unknown[]): unknown => {
      calls.push([name, ...values])
      if (answer === undefined) throw new Error(`nobody answers ${name}`)
      return answer(...(values as never[]))
    }
  /** A part of the app by the names of its methods. */
  const part = <Part extends keyof Answers>(name: Part, methods: readonly string[]) =>
    Object.fromEntries(
      methods.map((method) => {
        const answered = answers[name] as
          | Readonly<Record<string, (...values: never[]) => unknown>>
          | undefined
        return [method, noted(`${name}.${method}`, answered?.[method])]
      }),
    )
  const config = configOf(settings)
  const effects = heldEffects({
    fetch: noted('fetch') as typeof fetch,
    fetchAsSent: noted('fetchAsSent') as App['effects']['fetchAsSent'],
  })
  const table = createMemoryTable(weather)
  const sessions = createTableStore({ table, limits: config.sessions, effects })
  const app = {
    config,
    effects,
    sessions,
    credential: {
      ...part('credential', ['assertionFor', 'alternativeTo', 'check']),
      warm: noted('credential.warm', () => undefined),
    },
    providerKeys: part('providerKeys', ['check', 'announcesIss']),
    tokenAttempts: part('tokenAttempts', ['standingFault']),
    ...(answers.appOnly === undefined ? {} : { appOnly: part('appOnly', ['tokenFor', 'replace']) }),
    userTokens: part('userTokens', ['tokenFor', 'renew', 'confirm', 'standingOf']),
    guard: part('guard', ['judge']),
    redeemCode: noted('redeemCode', answers.redeemCode as never),
    redemptions: { admit: (_code: string, work: () => Promise<unknown>) => work() } as never,
  } as unknown as App

  return {
    app,
    effects,
    table,
    calls,
    /** A session in the table, Alice's unless told, and the ticket to it. */
    async signIn(changes: Partial<Session> = {}, grant: Grant = grantOf()): Promise<Ticket> {
      const ticket = newTicket(effects.random)
      await sessions.insert(ticket, sessionOf(changes), grant)
      return ticket
    },
    /** What was logged, in order. */
    logged: () => effects.logs.map(({ level, event, facts }) => [level, event, facts]),
  }
}

/** The header of a browser that holds the cookie of a session, and others. */
export function cookieOf({ secret }: Pick<Ticket, 'secret'>, ...others: readonly string[]) {
  return { cookie: [`__Host-signet=${secret}`, ...others].join('; ') }
}

/** The cookie that removes one of ours. */
export function removed(name: string, sameSite: 'Lax' | 'None' = 'Lax') {
  return { name, value: '', secure: true, httpOnly: true, path: '/', sameSite, maxAge: 0 }
}

/** Of Alice. */
export const ALICE: PersonHash = personHash(sessionOf().identity)

/** A table that refuses these operations once `isDown` says so. */
export function troubled(isDown: () => boolean, ...operations: readonly string[]): Weather {
  return { refuses: (operation) => isDown() && operations.includes(operation) }
}
