/**
 * What each route asks of the outside, on an instance that has served before: docs/calls.md has the table, so that no call is added unseen.
 * Cold starts and device-bound sessions have tests of their own.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSampleApi, type SampleApi } from '../../local/sampleApi/openSampleApi.ts'
import { openJourney } from '../support/openJourney.ts'
import { type Call, callsOf, createOutboundFetch } from '../support/outboundCalls.ts'
import { BO, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const outbound = createOutboundFetch()
const world = await openJourney({ effects: { fetch: outbound.fetch } })
const { entra, clientId } = world.desk
let orders: SampleApi

const PAGE = readFileSync('docs/calls.md', 'utf8')
const BY_SCRIPT = {
  accept: 'application/json',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  'x-csrf': '1',
}

beforeAll(async () => {
  orders = await openSampleApi({
    tenants: [entra.tenantId],
    audiences: [clientId],
    clients: [clientId],
    scopes: ['access_as_user'],
    authorityHost: entra.origin,
    now: world.now,
  })
  const api = { url: orders.origin, as: 'user', scope: `api://${clientId}/access_as_user` }
  world.replaceInstance({ DOWNSTREAM_APIS: JSON.stringify({ orders: api }) })
  const visitor = await signedIn()
  await get('/api/orders/list')(visitor)
})
afterAll(() => orders.close())

async function signedIn(): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  await visitor.signIn()
  return visitor
}
async function withOneSession(): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  await visitor.signIn('/auth/login', BO)
  await send('DELETE', '/auth/sessions?others=true')(visitor)
  return visitor
}

const anybody = async (): Promise<Visitor> => newVisitor(world.origin)
type Act = (visitor: Visitor) => Promise<Reply>
const get =
  (path: string): Act =>
  (visitor) =>
    visitor.ask(`${world.origin}${path}`, { headers: BY_SCRIPT, from: world.origin })
const send =
  (method: string, path: string): Act =>
  (visitor) =>
    visitor.ask(`${world.origin}${path}`, { method, headers: BY_SCRIPT, from: world.origin })

interface Case {
  readonly status: number
  readonly prepare: () => Promise<readonly [visitor: Visitor, act: Act]>
}
const asking = (who: () => Promise<Visitor>, act: Act, status = 200): Case => ({
  status,
  prepare: async () => [await who(), act],
})

const CASES: Readonly<Record<string, Case>> = {
  '`GET /auth/login`': asking(anybody, (visitor) => visitor.ask(`${world.origin}/auth/login`), 302),
  '`POST /auth/callback`': {
    status: 303,
    async prepare() {
      const visitor = newVisitor(world.origin)
      const form = await visitor.toCallback()
      return [visitor, () => visitor.post(form)]
    },
  },
  '`POST /auth/callback`, in place of a session that is there': {
    status: 303,
    async prepare() {
      const visitor = await signedIn()
      const form = await visitor.toCallback()
      return [visitor, () => visitor.post(form)]
    },
  },
  '`GET /auth/session`, nobody signed in': asking(anybody, get('/auth/session')),
  '`GET /auth/session`': asking(signedIn, get('/auth/session')),
  '`POST /auth/session`, within a minute of the last': asking(signedIn, send('POST', '/auth/session')),
  '`POST /auth/session`, a minute later': {
    status: 200,
    async prepare() {
      const visitor = await signedIn()
      world.advance(61_000)
      return [visitor, send('POST', '/auth/session')]
    },
  },
  '`GET /auth/sessions`, with one session': asking(withOneSession, get('/auth/sessions')),
  '`GET /auth`, with one session': asking(withOneSession, get('/auth')),
  '`GET /api/{name}/…`, with a token that is held': {
    status: 200,
    async prepare() {
      const visitor = await signedIn()
      await get('/api/orders/list')(visitor)
      return [visitor, get('/api/orders/list')]
    },
  },
  '`GET /api/{name}/…`, the first': asking(signedIn, get('/api/orders/list')),
  '`POST /auth/logout`': asking(signedIn, send('POST', '/auth/logout'), 303),
  '`GET /auth/signed-out`': asking(anybody, get('/auth/signed-out')),
  '`GET /health/live`': asking(anybody, get('/health/live')),
  '`GET /health/ready`': asking(anybody, get('/health/ready')),
}

/** What the page says of each route: how often what. */
const ROWS = new Map(
  PAGE.split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.slice(2, -2).split(' | ') as [string, string]),
)

function counted(calls: readonly Call[]): string {
  const count = new Map<string, number>()
  for (const { what } of calls) count.set(what, (count.get(what) ?? 0) + 1)
  return [...count].map(([what, times]) => `${times} ${what}`).join(', ') || 'none'
}

test('docs/calls.md has a row for each case, and no other', () => {
  expect([...ROWS.keys()]).toEqual(Object.keys(CASES))
})

test.each(Object.entries(CASES))(
  '%s makes the calls that docs/calls.md says',
  async (name, { status, prepare }) => {
    const [visitor, act] = await prepare()
    let reply: Reply | undefined
    const calls = await callsOf(world, outbound, async () => {
      reply = await act(visitor)
    })
    expect(reply?.status).toBe(status)
    expect(counted(calls)).toBe(ROWS.get(name))
  },
)

test('a sign-in writes in two waves: what spends the transaction, then everything else at once', async () => {
  const { faults, requests } = world.desk.tables
  const visitor = newVisitor(world.origin)
  const form = await visitor.toCallback()
  const seen = requests.length
  const held = (): number => requests.slice(seen).filter(({ fault }) => fault === 'stall').length
  faults.next(1, { kind: 'stall' })
  const reply = visitor.post(form)
  await expect.poll(held).toBe(1)
  expect(requests.length - seen).toBe(1)
  faults.clear()
  faults.next(3, { kind: 'stall' })
  await expect.poll(held).toBe(4)
  faults.clear()
  expect((await reply).status).toBe(303)
  expect(requests.length - seen).toBe(4)
})
