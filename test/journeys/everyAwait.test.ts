/**
 * A fault at every await. Each call that a route makes to the outside is met by each fault, one at a time, on an instance that has just
 * started: it fails, is cut off, is done with its answer lost, or never answers while another instance takes over and the first one comes
 * back from the dead. Until it does, it is as good as killed; test/host/twoInstances.test.ts kills a process in earnest. Whatever happens,
 * five things hold: no session without a verified token, never two sessions, nothing half-made to be read, one correct screen and one log
 * line, and the next try succeeds.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Effects } from '../../lib/base/effects.ts'
import { ERRORS } from '../../lib/errors/table.ts'
import { openSampleApi, type SampleApi } from '../../local/sampleApi/openSampleApi.ts'
import { newBindingVisitor } from '../support/bindingVisitor.ts'
import { deviceWorld } from '../support/deviceWorld.ts'
import { openJourney } from '../support/openJourney.ts'
import {
  armCall,
  type Call,
  callsOf,
  createOutboundFetch,
  disarm,
  type FaultKind,
} from '../support/outboundCalls.ts'
import { isSignedIn } from '../support/screens.ts'
import { hastenDeadlines } from '../support/shortenDeadline.ts'
import { stallsOf } from '../support/stallsOf.ts'
import { location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

/**
 * While a call never answers, deadlines pass so many times faster: seconds of waiting prove no more than a twentieth of them. A sound call that
 * a busy machine makes too slow for its share is one more fault, and what holds whatever happens holds then too.
 */
const HASTE = 20
let isHasty = false
const REST_MS = 16_000

const outbound = createOutboundFetch()
/** Pauses between looks, ours and not those of SDKs, are not waited for: the clock moves on instead, so that a lease runs out at once. */
const pause: Effects['sleep'] = async (ms, signal) => {
  signal?.throwIfAborted()
  world.advance(ms)
  await new Promise((resolve) => setImmediate(resolve))
}
const world = await openJourney({ effects: { fetch: outbound.fetch, sleep: pause } })
const { entra, clientId } = world.desk
const { look, bound } = deviceWorld(world)
const scope = `api://${clientId}/access_as_user`
let orders: SampleApi
let settings: Record<string, string>

beforeAll(async () => {
  hastenDeadlines((ms) => (isHasty ? Math.ceil(ms / HASTE) : ms))
  orders = await openSampleApi({
    tenants: [entra.tenantId],
    audiences: [clientId],
    clients: [clientId],
    scopes: ['access_as_user'],
    authorityHost: entra.origin,
    now: world.now,
  })
  const api = { url: orders.origin, as: 'user', scope, timeoutSec: 2 }
  settings = { DOWNSTREAM_APIS: JSON.stringify({ orders: api }) }
})
afterEach(() => disarm(world, outbound))
afterAll(async () => {
  vi.restoreAllMocks()
  await orders.close()
})

/** An instance that knows nothing yet. */
const coldStart = (): void => world.replaceInstance(settings)
const BY_SCRIPT = {
  accept: 'application/json',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  'x-csrf': '1',
}

interface Journey {
  readonly name: string
  /** All that comes before the request in question; what it needs of that is in the visitor. */
  prepare(): Promise<{ readonly visitor: Visitor; readonly act: () => Promise<Reply> }>
  /** The next try, without a fault: whether the person got what they wanted. */
  retry(visitor: Visitor, act: () => Promise<Reply>): Promise<boolean>
}

async function signedIn(): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  await visitor.signIn()
  return visitor
}

/** Posts the same answer once more, and follows one silent new start. */
async function intoSession(visitor: Visitor, act: () => Promise<Reply>): Promise<boolean> {
  const reply = await act()
  if (reply.headers.get('location')?.includes('/oauth2/v2.0/authorize'))
    await visitor.post(await visitor.atEntra(location(reply)))
  if (!(await isSignedIn(world, visitor))) await visitor.signIn()
  return isSignedIn(world, visitor)
}

/** With the key that the browser has, or with one that it is offered to make. */
async function isBound(visitor: Visitor): Promise<boolean> {
  await look(visitor)
  return JSON.parse((await look(visitor)).text).deviceBound === true
}

const JOURNEYS: readonly Journey[] = [
  {
    name: 'GET /auth/login',
    async prepare() {
      const visitor = newVisitor(world.origin)
      return { visitor, act: () => visitor.ask(`${world.origin}/auth/login`) }
    },
    retry: async (_visitor, act) => (await act()).status === 302,
  },
  {
    name: 'POST /auth/callback',
    async prepare() {
      const visitor = newVisitor(world.origin)
      const form = await visitor.toCallback()
      return { visitor, act: () => visitor.post(form) }
    },
    retry: intoSession,
  },
  {
    name: 'GET /auth/session',
    async prepare() {
      const visitor = await signedIn()
      return {
        visitor,
        act: () => visitor.ask(`${world.origin}/auth/session`, { headers: BY_SCRIPT, from: world.origin }),
      }
    },
    retry: async (visitor) => isSignedIn(world, visitor),
  },
  {
    name: 'GET /api/orders/list',
    async prepare() {
      const visitor = await signedIn()
      return {
        visitor,
        act: () => visitor.ask(`${world.origin}/api/orders/list`, { headers: BY_SCRIPT, from: world.origin }),
      }
    },
    retry: async (_visitor, act) => (await act()).status === 200,
  },
  {
    name: 'POST /auth/logout',
    async prepare() {
      const visitor = await signedIn()
      const act = () => visitor.ask(`${world.origin}/auth/logout`, { method: 'POST', from: world.origin })
      return { visitor, act }
    },
    retry: async (visitor, act) => (await act()).status === 303 && !(await isSignedIn(world, visitor)),
  },
  {
    name: 'POST /auth/device',
    async prepare() {
      const visitor = newBindingVisitor(world.origin)
      await visitor.signIn()
      visitor.takesOffers = false
      const offer = await look(visitor)
      visitor.takesOffers = true
      return { visitor, act: () => visitor.register(offer) }
    },
    retry: isBound,
  },
  {
    name: 'POST /auth/device/refresh',
    async prepare() {
      const visitor = await bound()
      visitor.appCookies.delete('__Host-signet-device')
      return { visitor, act: () => visitor.refresh() }
    },
    retry: isBound,
  },
  {
    name: 'GET /auth/frontchannel-logout',
    async prepare() {
      const visitor = newVisitor(world.origin)
      const form = await visitor.toCallback()
      await visitor.post(form)
      const address = `${world.origin}/auth/frontchannel-logout?sid=${form.fields.get('session_state')}`
      const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' }
      return { visitor, act: () => newVisitor(world.origin).ask(address, { headers }) }
    },
    retry: async (visitor, act) => (await act()).status === 200 && !(await isSignedIn(world, visitor)),
  },
]

/** The log line of a reply: exactly one, and what it says fits what was shown. */
function expectOneAnswer(reply: Reply): void {
  const id = reply.headers.get('x-correlation-id')
  const lines = world.logs.filter(({ event, facts }) => event === 'request' && facts.correlationId === id)
  expect(lines).toHaveLength(1)
  const outcome = String(lines[0]?.facts.outcome)
  const route = lines[0]?.facts.route
  const row = outcome in ERRORS ? ERRORS[outcome as keyof typeof ERRORS] : undefined
  expect(outcome).not.toBe('bug/unexpected')
  // What an API says for itself is passed on.
  if (outcome !== 'ok') expect(row, outcome).toBeDefined()
  else if (route !== 'api') expect(reply.status).toBeLessThan(400)
  if (row !== undefined) expect([outcome, reply.status]).toEqual([outcome, row.status])
}

async function expectSound(before: readonly string[], redeemed: number, most: number): Promise<void> {
  const after = await world.rows.sessionIds()
  const added = after.filter((id) => !before.includes(id)).length
  expect(added, 'sessions more than tokens that were verified').toBeLessThanOrEqual(redemptions() - redeemed)
  expect(added, 'sessions of one person').toBeLessThanOrEqual(most)
}

const redemptions = (): number =>
  entra.log.filter(({ kind, status }) => kind === 'token' && status === 200).length

const KINDS: readonly FaultKind[] = ['broken', 'drop', 'lose', 'stall']

describe.each(JOURNEYS)('$name', ({ prepare, retry }) => {
  test.each(KINDS)('each of its calls: %s', { timeout: 240_000 }, async (kind) => {
    const clean = await prepare()
    coldStart()
    const calls: readonly Call[] = await callsOf(world, outbound, clean.act)
    for (const call of calls) {
      const { visitor, act } = await prepare()
      coldStart()
      const before = await world.rows.sessionIds()
      const redeemed = redemptions()
      armCall(world, outbound, call, kind)
      isHasty = kind === 'stall'
      const reply = await act()
      isHasty = false
      disarm(world, outbound)
      expectOneAnswer(reply)
      await expectSound(before, redeemed, 1)
      // A source that failed is left in peace for some seconds.
      world.advance(REST_MS)
      expect([call.what, call.nth, await retry(visitor, act)]).toEqual([call.what, call.nth, true])
      await expectSound(before, redeemed, 2)
    }
  })

  test('each of its calls: the instance stops there, another takes over, and the first comes back', {
    timeout: 240_000,
  }, async () => {
    const clean = await prepare()
    coldStart()
    const calls = await callsOf(world, outbound, clean.act)
    for (const call of calls) {
      const { visitor, act } = await prepare()
      coldStart()
      const before = await world.rows.sessionIds()
      const redeemed = redemptions()
      const isHeld = holdOf(call)
      armCall(world, outbound, call, 'stall')
      const dead = act()
      await heldUp(isHeld, dead)
      coldStart()
      expect([call.what, call.nth, await retry(visitor, act)]).toEqual([call.what, call.nth, true])
      disarm(world, outbound)
      expectOneAnswer(await dead)
      await expectSound(before, redeemed, 2)
    }
  })
})

/** Says, from now on, whether the call is being held. */
function holdOf({ place }: Call): () => boolean {
  if (place === 'fetch') return () => outbound.isMet()
  const stalls = stallsOf(world.desk[place])
  return () => stallsOf(world.desk[place]) > stalls
}

/** Until the call is held, or the reply is there without it, however busy the machine. */
async function heldUp(isHeld: () => boolean, reply: Promise<Reply>): Promise<void> {
  let isThere = false
  const there = (): void => {
    isThere = true
  }
  reply.then(there, there)
  while (!isHeld() && !isThere) await new Promise((resolve) => setTimeout(resolve, 5))
}
