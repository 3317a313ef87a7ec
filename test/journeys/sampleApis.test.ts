/** The two APIs of a desk, behind the app as on `npm start`: whom they let in, what they say they received, and how they misbehave. */
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import { moodOfPath } from '../../local/sampleApi/mood.ts'
import { ORDERS, REPORTS } from '../../local/sampleApi/sampleApis.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectTwin } from '../support/screens.ts'
import { ADA, BO, location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const world = await openJourney()
const { entra, clientId, sampleApis, settings } = world.desk
const { orders, reports } = sampleApis
afterEach(() => {
  orders.calls.length = 0
  orders.mood = { kind: 'well' }
})

const ask = (visitor: Visitor, path: string, more: { method?: string; body?: string } = {}): Promise<Reply> =>
  visitor.ask(`${world.origin}${path}`, {
    ...more,
    headers: {
      accept: 'application/json',
      'content-type': more.body === undefined ? undefined : 'application/json',
      'content-length': more.body === undefined ? undefined : String(more.body.length),
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
      'x-csrf': '1',
    },
    from: world.origin,
  })

async function signedIn(choice = ADA): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  expect((await visitor.signIn('/auth/login', choice)).status).toBe(303)
  return visitor
}

describe('a sample API', () => {
  test('says who called, with which proof, and every header that it received', async () => {
    const body = JSON.stringify({ amount: 3 })
    const answer = JSON.parse(
      (await ask(await signedIn(), '/api/orders/list?top=5', { method: 'POST', body })).text,
    )

    expect(answer).toMatchObject({
      caller: 'user',
      objectId: ADA.person,
      clientId,
      clientProof: { claim: 'azpacr', value: '2' },
      scopes: ORDERS.scopes,
      acrs: [],
      method: 'POST',
      path: '/list?top=5',
      body,
    })
    const received = answer.headers.map(([name]: string[]) => name).sort()
    expect(received).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'content-length',
      'content-type',
      'host',
      'user-agent',
      'x-correlation-id',
    ])
    const page = readFileSync('docs/apis.md', 'utf8')
    const [, added = ''] = /HTTP client adds of itself ([^:]*):/.exec(page) ?? []
    const ours = ['content-length', 'content-type', 'x-correlation-id']
    expect([...added.matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual(
      received.filter((name: string) => !ours.includes(name)),
    )
  })

  test('that asks for a role lets in the person who has it, with a version 1 token, and nobody else', async () => {
    const answer = JSON.parse((await ask(await signedIn(ADA), '/api/reports/2026')).text)
    expect(answer).toMatchObject({
      objectId: ADA.person,
      roles: [REPORTS.role],
      clientProof: { claim: 'appidacr', value: '2' },
      tokenVersion: '1.0',
    })

    const refused = await ask(await signedIn(BO), '/api/reports/2026')
    expect(refused.status).toBe(403)
    expect(JSON.parse(refused.text)).toMatchObject({ error: 'insufficient_scope', reason: 'missing_role' })
  })

  test.each([
    ['a client with a secret', { proof: 'secret' }, 'secret_client'],
    ['a public client', { proof: 'none' }, 'public_client'],
    ['another client', { client: REPORTS.clientId }, 'foreign_client'],
    ['a person without a scope', { scopes: ['Other'] }, 'missing_scope'],
    ['an application by itself', { person: undefined }, 'user_required'],
  ] as const)('lets no token in of %s', async (_who, part, reason) => {
    const token = await entra.mintAccessToken({
      resource: ORDERS.clientId,
      client: clientId,
      scopes: ['Orders.Read'],
      ...('person' in part ? {} : { person: ADA.person }),
      ...('person' in part ? {} : part),
    })
    const answer = await fetch(orders.origin, { headers: { authorization: `Bearer ${token}` } })

    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ reason })
    expect(orders.calls.at(-1)?.objectId).toBeUndefined()
  })

  test('demands an authentication context until the token has it', async () => {
    const visitor = await signedIn()
    const refused = await ask(visitor, '/api/orders/challenge/c1')
    const { loginUrl = '' } = expectTwin(world, refused, 'entra/interaction_required')
    expect(location(await visitor.signIn(`${loginUrl}&returnTo=%2Forders`))).toBe('/orders')

    const answer = await ask(visitor, '/api/orders/challenge/c1')
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.text).acrs).toContain('c1')
  })

  test.each([
    ['/slow/5', 200],
    ['/stream/5', 200],
    ['/large/20000', 200],
    ['/fail/503', 503],
    ['/fail/418', 418],
  ])('does what the path %s says, and the app passes it on', async (path, status) => {
    const answer = await ask(await signedIn(), `/api/orders${path}`)
    expect(answer.status).toBe(status)
    if (path.startsWith('/large')) expect(answer.text).toHaveLength(20_000)
    else expect(JSON.parse(answer.text)).toMatchObject({ objectId: ADA.person, path })
  })

  test.each([
    ['/break-off', 'api/unavailable'],
    ['/large/2000000', 'api/response_too_large'],
  ] as const)('does what the path %s says, and the app says %s', async (path, code) => {
    expectTwin(world, await ask(await signedIn(), `/api/orders${path}`), code)
  })

  test('that never answers costs the time of its setting', async () => {
    const apis = JSON.parse(settings.DOWNSTREAM_APIS ?? '')
    world.replaceInstance({
      DOWNSTREAM_APIS: JSON.stringify({ orders: { ...apis.orders, timeoutSec: 1 } }),
    })
    expectTwin(world, await ask(await signedIn(), '/api/orders/stall'), 'api/unavailable')
    world.replaceInstance()
  })

  test('does for every path what is set for all, but where the path says otherwise', async () => {
    const visitor = await signedIn()
    orders.mood = { kind: 'fail', status: 500 }
    expect((await ask(visitor, '/api/orders/list')).status).toBe(500)
    expect((await ask(visitor, '/api/orders/well')).status).toBe(200)
    expect((await ask(visitor, '/api/reports/list')).status).toBe(200)
    expect(reports.mood).toEqual({ kind: 'well' })
  })
})

test.each([
  '/',
  '',
  '/list',
  '/slow/soon',
  '/slow/600001',
  '/fail/200',
  '/challenge/',
  '/challenge/p1',
  '/large/-1',
])('the path %j names no mood', (path) => {
  expect(moodOfPath(path)).toBeUndefined()
})

test('docs/apis.md names every mood with a path that leads to it, and the bound of the answers', () => {
  const page = readFileSync(new URL('../../docs/apis.md', import.meta.url), 'utf8')
  const [, section = ''] = page.split('## Two APIs to try it with')
  const paths = [...section.matchAll(/^\| `(\/[a-z-]+(?:\/\w+)?)` \|/gm)].map(([, path = '']) => path)
  expect(paths.map((path) => moodOfPath(path)?.kind)).toEqual([
    'well',
    'challenge',
    'slow',
    'stall',
    'fail',
    'break-off',
    'stream',
    'large',
  ])
  for (const { maxResponseBytes } of Object.values<{ maxResponseBytes: number }>(
    JSON.parse(settings.DOWNSTREAM_APIS ?? ''),
  ))
    expect(section).toContain(`takes ${maxResponseBytes} of`)
  for (const word of [...ORDERS.scopes, REPORTS.role]) expect(section).toContain(word)
})

test('docs/apis.md names the scopes that an API of one’s own may have on the desk, and what its tokens are for', () => {
  const page = readFileSync(new URL('../../docs/apis.md', import.meta.url), 'utf8')
  const [, section = ''] = page.split('## One of your own on the desk')
  const rows = [...section.matchAll(/^\| `(api:[^`]+)`(?:, `…\/([^`]+)`)? \| `([^`]+)`, version (\d) \|$/gm)]
  const [orders, reports] = [ORDERS, REPORTS].map(({ clientId }) => clientId)
  expect(rows.map((row) => row.slice(1))).toEqual([
    [`api://${orders}/${ORDERS.scopes[0]}`, ORDERS.scopes[1], orders, '2'],
    [`api://${reports}/${REPORTS.scopes[0]}`, undefined, `api://${reports}`, '1'],
  ])
})
