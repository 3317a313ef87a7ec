/**
 * Two instances and one table, whose answers come in any order and can mean anything: whatever people do meanwhile, a session that has ended
 * stays ended, an update makes no row, a token is its own session's, and in the end the table is empty.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RefreshGrant } from '../../../lib/entra/refreshGrant.ts'
import { AppError } from '../../../lib/errors/appError.ts'
import { createGrantRows } from '../../../lib/grant/grantRow.ts'
import { createUserTokens, type SignedIn } from '../../../lib/grant/userTokens.ts'
import { INDEX_SLOT_MS } from '../../../lib/session/rows.ts'
import { standing } from '../../../lib/session/session.ts'
import { createTableStore } from '../../../lib/session/tableStore.ts'
import { newTicket } from '../../../lib/session/ticket.ts'
import { heldEffects } from '../../support/heldEffects.ts'
import { createMemoryTable, type Trouble } from '../../support/memoryTable.ts'
import { sessionOf } from '../../support/sessionOf.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const limits = { idleMs: HOUR_MS, absoluteMs: 8 * HOUR_MS }
const PEOPLE = 3
const SCOPES = [['api://orders/read'], ['api://stock/read']]

type Deed =
  | { readonly kind: 'sign in'; readonly person: number }
  | { readonly kind: 'use' | 'sign out' | 'end others' | 'end at Entra'; readonly which: number }
  | {
      readonly kind: 'call an API'
      readonly which: number
      readonly scope: number
      readonly isRefused: boolean
    }
  | { readonly kind: 'sweep' }

const which = fc.nat(5)
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('sign in' as const), person: fc.nat(PEOPLE - 1) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'use' as const,
        'sign out' as const,
        'end others' as const,
        'end at Entra' as const,
      ),
      which,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('call an API' as const),
      which,
      scope: fc.nat(1),
      // Of ten that ask, one meets a grant that Entra has ended.
      isRefused: fc.nat(9).map((n) => n === 0),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'sweep' as const }) },
)
/** Deeds that happen at once, and how long nothing happens after them. */
const wave = fc.record({
  deeds: fc.array(deed, { minLength: 1, maxLength: 8 }),
  restMs: fc.constantFrom(0, MINUTE_MS, 20 * MINUTE_MS, 55 * MINUTE_MS, 2 * HOUR_MS),
})
type Wave = typeof wave extends fc.Arbitrary<infer T> ? T : never

const TROUBLES = [undefined, 'refused', 'lost', 'late', 'repeated'] as const satisfies (Trouble | undefined)[]
/** What calls meet, in the order in which they come; most of them nothing. */
const troubles = fc.infiniteStream(
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, fc.constantFrom(...TROUBLES)),
)
const waves = fc.array(wave, { minLength: 1, maxLength: 6 })

interface Known extends SignedIn {
  readonly number: number
  hasEnded: boolean
}

function openModel(scheduler: fc.Scheduler, nextTrouble: () => Trouble | undefined) {
  const effects = heldEffects()
  let isClear = false
  const table = createMemoryTable({
    before: () => (isClear ? Promise.resolve() : scheduler.schedule(Promise.resolve())),
    meets: () => (isClear ? undefined : nextTrouble()),
  })
  const known: Known[] = []
  let refusesGrants = false
  const refresh: RefreshGrant = async ({ refreshToken, scope, identity }) => {
    await scheduler.schedule(Promise.resolve())
    if (refusesGrants) throw new AppError('entra/grant_rejected')
    const [root = '', person] = refreshToken.split('/')
    expect(identity.oid, 'a grant of another person').toBe(person)
    const obtainedAtMs = effects.now()
    const times = {
      obtainedAtMs,
      expiresAtMs: obtainedAtMs + HOUR_MS,
      renewAtMs: obtainedAtMs + 55 * MINUTE_MS,
    }
    return { held: { token: `${root}/${scope}`, ...times }, successor: refreshToken }
  }
  const instances = [0, 1].map(() => {
    const store = createTableStore({ table, limits, effects })
    const rows = createGrantRows({ table, effects })
    const tokens = createUserTokens({
      rows,
      refresh,
      admits: () => true,
      describe: (ticket, identity) => store.describe(ticket, identity),
      end: (id) => store.end(id),
      effects,
    })
    return { store, tokens }
  })

  async function signIn(store: (typeof instances)[number]['store'], person: number): Promise<void> {
    const number = known.length
    const identity = { ...sessionOf().identity, oid: `person-${person}`, sid: `sid-${person}` }
    const createdAtMs = effects.now()
    const session = sessionOf({ identity, createdAtMs, endsAtMs: createdAtMs + limits.absoluteMs })
    const ticket = newTicket(effects.random)
    const transaction = { markerId: newTicket(effects.random).id, startedAtMs: createdAtMs }
    if (!(await store.spend(transaction, ticket.id))) return
    const refreshToken = `session-${ticket.id}/person-${person}`
    if (await store.insert(ticket, session, { refreshToken, accessTokens: {} }))
      known.push({ ticket, session, number, hasEnded: false })
  }

  async function visit(store: (typeof instances)[number]['store'], one: Known): Promise<void> {
    const hadEnded = one.hasEnded
    const stored = await store.read(one.ticket)
    if (hadEnded) expect(stored, 'a session that had ended').toBeUndefined()
    if (stored === undefined) return
    const { session, usedAtMs } = stored
    expect(session).toEqual(one.session)
    if (standing(session, usedAtMs, limits, effects.now()) === 'ended') await end(store, one)
    else await store.touch(one.ticket.id, effects.now())
  }

  async function end(store: (typeof instances)[number]['store'], one: Known): Promise<void> {
    await store.end(one.ticket.id)
    one.hasEnded = true
  }

  async function callApi(
    { tokens }: (typeof instances)[number],
    one: Known,
    { scope, isRefused }: { readonly scope: number; readonly isRefused: boolean },
  ): Promise<void> {
    const hadEnded = one.hasEnded
    const scopes = SCOPES[scope] ?? []
    refusesGrants = isRefused
    const { token } = await tokens.tokenFor(one, scopes)
    expect(hadEnded, 'a token for a session that had ended').toBe(false)
    expect(token).toBe(`session-${one.ticket.id}/${scopes.join(' ')}`)
  }

  async function carryOut(deed: Deed, turn: number): Promise<void> {
    const instance = instances[turn % 2]
    if (instance === undefined) throw new Error('no instance')
    const { store } = instance
    if (deed.kind === 'sign in') return signIn(store, deed.person)
    if (deed.kind === 'sweep') return void (await store.sweep())
    const one = known[deed.which % Math.max(known.length, 1)]
    if (one === undefined) return
    const { identity } = one.session
    switch (deed.kind) {
      case 'use':
        return visit(store, one)
      case 'sign out':
        return end(store, one)
      case 'end others': {
        const others = known.filter((other) => other !== one && other.session.identity.oid === identity.oid)
        await store.endAllOf(identity, () => undefined, one.ticket.id)
        for (const ended of others) ended.hasEnded = true
        return
      }
      case 'end at Entra': {
        const living = known.filter(({ session }) => session.identity.sid === identity.sid)
        await store.endBySid(identity.sid ?? '', () => undefined)
        for (const ended of living) ended.hasEnded = true
        return
      }
      case 'call an API':
        return callApi(instance, one, deed)
    }
  }

  return {
    effects,
    table,
    carryOut,
    /** Of sessions that have ended: rows that hold something. */
    leftOfEnded: () => {
      const ended = new Set(known.filter(({ hasEnded }) => hasEnded).map(({ ticket }) => ticket.id))
      return table.rows().filter((row) => ended.has(row.partitionKey) && 'sealed0' in row)
    },
    /** All that has happened is long ago, and nothing goes wrong any more. */
    async sweepAtLast() {
      isClear = true
      await table.settled()
      effects.advance(INDEX_SLOT_MS + 24 * HOUR_MS)
      for (const { store } of instances) await store.sweep()
      return table.rows()
    },
  }
}

/** A fault of the table or of Entra is somebody's bad luck; that an invariant does not hold is not. */
const badLuck = (fault: unknown): void => {
  if (!(fault instanceof AppError)) throw fault
}

async function live(scheduler: fc.Scheduler, plan: readonly Wave[], next: () => Trouble | undefined) {
  const model = openModel(scheduler, next)
  let turn = 0
  for (const { deeds, restMs } of plan) {
    const underway = deeds.map((deed) => model.carryOut(deed, turn++).catch(badLuck))
    await scheduler.waitFor(Promise.all(underway))
    expect(model.leftOfEnded(), 'rows of sessions that had ended').toEqual([])
    // What is late, is late by seconds.
    await scheduler.waitFor(model.table.settled())
    expect(model.leftOfEnded(), 'rows of sessions that had ended').toEqual([])
    model.effects.advance(restMs)
  }
  expect(model.table.calls.get('put')).toBeUndefined()
  expect(await model.sweepAtLast()).toEqual([])
}

describe('whatever people do at once, on two instances', () => {
  test('no session comes back, no update makes a row, no token is another session’s, and nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), waves, (scheduler, plan) => live(scheduler, plan, () => undefined)),
      { numRuns: 150 },
    )
  })

  test('the same where calls are refused, lost, late and repeated', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), waves, troubles, (scheduler, plan, met) =>
        live(scheduler, plan, () => met.next().value),
      ),
      { numRuns: 300 },
    )
  })
})
