/**
 * The deployed bundle twice, in processes of their own, on one table: what one person gets is theirs, one of the two asks Entra, and whatever
 * fails or is killed, nobody is signed out by it.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { inParallel } from '../../lib/base/inParallel.ts'
import { sealRecord } from '../../lib/session/record.ts'
import { PEOPLE } from '../support/hundredPeople.ts'
import { openTwoInstances, type TwoInstances } from '../support/openTwoInstances.ts'
import { type AtTwo, peopleAt, type Somebody } from '../support/peopleAtTwo.ts'
import { sessionOf } from '../support/sessionOf.ts'
import { newVisitor } from '../support/visitor.ts'

const MINUTE_MS = 60_000
const [FIRST, SECOND] = [0, 1]
let two: TwoInstances
let people: AtTwo
beforeAll(async () => {
  // Long limits: an instance judges them by its own clock, and these proofs are about everything else.
  const settings = () => ({ SESSION_IDLE_MINUTES: '240', SESSION_ABSOLUTE_MINUTES: '480' })
  two = await openTwoInstances({ people: PEOPLE, settings })
  people = peopleAt(two)
  // Whatever moves the clocks later finds identity and assertion in each instance.
  await Promise.all(
    [FIRST, SECOND].map((one) => newVisitor(two.origin).ask(`${two.origin}/health/ready`, people.at(one))),
  )
})
afterEach(async () => {
  two.desk.entra.switches.reset()
  two.desk.vault.faults.clear()
  await two.setApart(SECOND, 0)
})
afterAll(() => two?.close())

let next = 0
/** Somebody who is not signed in yet. */
const signIn = (): Promise<Somebody> => people.signIn(PEOPLE[next++ % PEOPLE.length]?.oid ?? '')

describe('two instances', () => {
  test('a hundred people whose calls of two APIs mix: each API sees who asked, and nobody else', {
    timeout: 120_000,
  }, async () => {
    const all: Somebody[] = []
    await inParallel(8, PEOPLE, async ({ oid }) => void all.push(await people.signIn(oid)))
    const before = people.refreshes().length
    const asked = all.flatMap((one) =>
      (['orders', 'reports'] as const).flatMap((api) =>
        [FIRST, SECOND].map((instance) => ({ one, api, instance })),
      ),
    )
    const mixed = asked.toSorted((a, b) => order(a) - order(b))
    const seen: string[] = []
    await inParallel(16, mixed, async ({ one, api, instance }) => {
      seen.push(`${one.oid} ${await people.call(one, api, instance)}`)
    })

    expect(seen).toHaveLength(400)
    expect(seen.filter((pair) => new Set(pair.split(' ')).size > 1)).toEqual([])
    expect(people.refreshes().length - before).toBe(200)
  })

  test('at the moment of expiry each session asks Entra once for each API, and no call fails', {
    timeout: 60_000,
  }, async () => {
    two.desk.entra.switches.token.accessTokenLifetimeSeconds = 600
    const few = await Promise.all(Array.from({ length: 5 }, signIn))
    const apis = ['orders', 'reports'] as const
    for (const one of few) for (const api of apis) expect(await people.call(one, api)).toBe(one.oid)
    await two.advance(10 * MINUTE_MS)
    const before = people.refreshes().length
    const calls = few.flatMap((one) =>
      apis.flatMap((api) => Array.from({ length: 8 }, (_, i) => ({ one, api, instance: i % 2 }))),
    )
    const seen = await Promise.all(
      calls.map(async ({ one, api, instance }) => [one.oid, await people.call(one, api, instance)]),
    )

    expect(seen.filter(([oid, objectId]) => oid !== objectId)).toEqual([])
    const asked = people
      .refreshes()
      .slice(before)
      .map(({ signIn, details }) => `${signIn} ${details.scope}`)
    expect(asked).toHaveLength(new Set(asked).size)
    expect(asked).toHaveLength(few.length * apis.length)
  })

  test('a sign-out at one while the other refreshes: no row comes back, and the call gets no token', async () => {
    const one = await signIn()
    const { id } = people.ticketOf(one)
    const { held, release } = people.holdRefresh()
    const calling = people.call(one, 'orders', FIRST)
    await held()
    const received = two.desk.sampleApis.orders.calls.length
    await people.signOut(one, SECOND)
    expect(await people.rowsOf(id)).toEqual([])
    release()

    expect(await calling).toBe('session/required')
    expect(await people.rowsOf(id)).toEqual([])
    expect(two.desk.sampleApis.orders.calls).toHaveLength(received)
  })

  test('one is killed while it refreshes: the other waits for one lease time, asks itself, and nobody is signed out', {
    timeout: 60_000,
  }, async () => {
    const one = await signIn()
    const { held, release } = people.holdRefresh()
    const lost = people.call(one, 'orders', FIRST)
    await held()
    await two.kill(FIRST)
    expect(await lost).toBe('502')
    const waiting = people.call(one, 'orders', SECOND)
    await new Promise((resolve) => setTimeout(resolve, 500))
    const meanwhile = people.refreshes().length
    await two.advance(10_000)

    expect(await waiting).toBe(one.oid)
    expect(people.refreshes()).toHaveLength(meanwhile + 1)
    release()
    expect(await people.isSignedIn(one, SECOND)).toBe(true)
    await two.restart(FIRST)
    expect(await people.call(one, 'orders', FIRST)).toBe(one.oid)
  })
})

describe('ten minutes of trouble, while tokens run out on both', () => {
  interface Trouble {
    readonly what: string
    readonly begin: () => void
    readonly end: () => void
    /** What whoever calls each minute meets, by the minute. */
    readonly active: (minute: number) => RegExp | undefined
    /** What whoever comes back after ten minutes meets. */
    readonly back: RegExp
  }
  const thumbprint = () => two.desk.vault.certificate().x5tS256
  const TROUBLES: readonly Trouble[] = [
    {
      what: 'the vault is down',
      begin: () => two.desk.vault.faults.always({ kind: 'unavailable' }),
      end: () => two.desk.vault.faults.clear(),
      active: () => undefined,
      back: /^vault\/(unavailable|timeout)$/,
    },
    {
      what: 'the certificate is refused',
      begin: () => two.desk.entra.removeCertificate(two.desk.clientId, thumbprint()),
      end: () => void two.desk.entra.registerCertificate(two.desk.clientId, two.desk.vault.certificate().der),
      active: (minute) => (minute < 9 ? undefined : /^entra\/client_rejected$/),
      back: /^entra\/client_rejected$/,
    },
  ]

  test.each(TROUBLES)(
    '$what: everybody stays signed in, and when it is over all goes on',
    { timeout: 90_000 },
    async ({ begin, end, active, back }) => {
      two.desk.entra.switches.token.accessTokenLifetimeSeconds = 600
      const [busy, away] = [await signIn(), await signIn()]
      for (const one of [busy, away]) expect(await people.call(one, 'orders')).toBe(one.oid)
      begin()
      const met: string[] = []
      for (let minute = 1; minute <= 10; minute += 1) {
        await two.advance(MINUTE_MS)
        for (const instance of [FIRST, SECOND]) {
          const outcome = await people.call(busy, 'orders', instance)
          met.push(`${minute} ${outcome === busy.oid ? 'served' : outcome}`)
          expect([minute, outcome]).toEqual([minute, expect.stringMatching(active(minute) ?? busy.oid)])
          expect([
            minute,
            await people.isSignedIn(busy, instance),
            await people.isSignedIn(away, instance),
          ]).toEqual([minute, true, true])
        }
      }
      for (const instance of [FIRST, SECOND])
        expect(await people.call(away, 'orders', instance)).toMatch(back)
      end()
      await two.advance(MINUTE_MS)

      for (const one of [busy, away])
        for (const instance of [FIRST, SECOND])
          expect(await people.call(one, 'orders', instance)).toBe(one.oid)
    },
  )
})

describe('clocks that are apart', () => {
  test.each([
    ['ten minutes ahead', 10 * MINUTE_MS],
    ['ten minutes behind', -10 * MINUTE_MS],
    ['an hour ahead', 60 * MINUTE_MS],
    ['an hour behind', -60 * MINUTE_MS],
  ])(
    'one of them %s: nobody is signed out or somebody else, and all goes on once it is set right',
    { timeout: 60_000 },
    async (_what, apartMs) => {
      const [one, other] = [await signIn(), await signIn()]
      expect(await people.call(one, 'orders', FIRST)).toBe(one.oid)
      await two.setApart(SECOND, apartMs)
      for (const somebody of [one, other])
        for (const api of ['orders', 'reports'] as const)
          for (const instance of [SECOND, FIRST, SECOND]) {
            const outcome = await people.call(somebody, api, instance)
            // What its clock makes of our assertion, or of Entra's ID token; what the other holds already is served.
            expect([somebody.oid, 'entra/client_rejected', 'entra/id_token_rejected']).toContain(outcome)
            if (instance === FIRST) expect(outcome).toBe(somebody.oid)
            expect(await people.isSignedIn(somebody, instance)).toBe(true)
          }
      await two.setApart(SECOND, 0)
      await two.advance(MINUTE_MS)

      for (const somebody of [one, other])
        for (const instance of [FIRST, SECOND])
          expect(await people.call(somebody, 'reports', instance)).toBe(somebody.oid)
    },
  )
})

describe('a build beside a newer one', () => {
  const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))

  test('a session that a newer one wrote is left for that one to serve', async () => {
    const one = await signIn()
    const { identity } = sessionOf()
    const ticket = people.ticketOf(one)
    const sealed = sealRecord(ticket, 'session', { v: 3, who: randomUUID(), identity }, random)
    await two.rows.table.updateEntity({ partitionKey: ticket.id, rowKey: 'session', ...sealed }, 'Merge')

    for (const instance of [FIRST, SECOND]) {
      const reply = await one.visitor.ask(`${two.origin}/auth/session`, people.at(instance))
      expect([JSON.parse(reply.text).code, reply.setCookies]).toEqual(['session/newer_record', []])
    }
    expect(await people.rowsOf(ticket.id)).toHaveLength(2)
  })
})

/** An order that mixes people, APIs and instances, the same in every run. */
function order({ one, api, instance }: { one: Somebody; api: string; instance: number }): number {
  const text = `${one.oid} ${api} ${instance}`
  return [...text].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 1_000_003, 7)
}
