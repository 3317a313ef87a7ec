/** The dials that a call of an API meets: each turned by its button, met by somebody who is signed in, and left by what the app offers. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../lib/errors/table.ts'
import { createSwitchboard } from '../../local/switchboard/createSwitchboard.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectTwin, isSignedIn } from '../support/screens.ts'
import { ADA, BO, location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const world = await openJourney()
const { entra, settings } = world.desk
const withShortTimeout = (): void => {
  const apis = Object.entries(JSON.parse(settings.DOWNSTREAM_APIS ?? '')).map(([name, api]) => [
    name,
    { ...(api as object), timeoutSec: 1 },
  ])
  world.replaceInstance({ DOWNSTREAM_APIS: JSON.stringify(Object.fromEntries(apis)) })
}
beforeAll(() => {
  entra.lodge(createSwitchboard({ desk: world.desk, restartApp: async () => world.replaceInstance() }))
})

const press = async (field: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(`${entra.origin}/desk`, {
    method: 'POST',
    body: new URLSearchParams(field),
    redirect: 'manual',
    headers: { origin: entra.origin },
  })
const page = async (): Promise<string> => (await fetch(`${entra.origin}/desk`)).text()
afterEach(() => press({ do: 'usual' }))
afterAll(() => world.replaceInstance())

const call = (visitor: Visitor, name = 'orders'): Promise<Reply> =>
  visitor.ask(`${world.origin}/api/${name}/list`, {
    headers: {
      accept: 'application/json',
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

const refreshes = (): number =>
  entra.log.filter(({ kind, details }) => kind === 'token' && details.grantType === 'refresh_token').length

describe('what the person can mend is one redirect away', () => {
  test.each([
    ['refresh:sign-in', {}],
    ['refresh:step-up', {}],
    ['consent:orders', { consent: 'accept' }],
    ['orders:step-up', {}],
  ])('%s', async (turn, choice) => {
    const visitor = await signedIn()
    // A moment later, so that the sign-in is older than the demand.
    world.advance(1_000)
    expect((await press({ turn })).headers.get('location')).toBe(`/desk#${turn.split(':')[0]}`)
    const { loginUrl = '' } = expectTwin(world, await call(visitor), 'entra/interaction_required')
    expect(await isSignedIn(world, visitor)).toBe(true)
    world.advance(1_000)

    const form = await visitor.toCallback(`${loginUrl}&returnTo=%2Fback`, { ...ADA, ...choice })
    expect(location(await visitor.post(form))).toBe('/back')
    expect((await call(visitor)).status).toBe(200)
  })

  test('consent:reports is asked of each person, and of nobody twice', async () => {
    await press({ turn: 'consent:reports' })
    const visitor = await signedIn()
    expect((await call(visitor, 'orders')).status).toBe(200)
    const { loginUrl = '' } = expectTwin(world, await call(visitor, 'reports'), 'entra/interaction_required')
    await visitor.post(await visitor.toCallback(String(loginUrl), { ...ADA, consent: 'accept' }))
    expect((await call(visitor, 'reports')).status).toBe(200)
    expect((await call(await signedIn(ADA), 'reports')).status).toBe(200)
    expectTwin(world, await call(await signedIn(BO), 'reports'), 'entra/interaction_required')

    await press({ turn: 'consent:usual' })
    expect((await call(await signedIn(BO), 'reports')).status).toBe(403)
    await press({ turn: 'consent:reports' })
    expectTwin(world, await call(await signedIn(ADA), 'reports'), 'entra/interaction_required')
  })
})

describe('access tokens', () => {
  test('that live 10 seconds are asked for anew at each call, and serve', async () => {
    await press({ turn: 'access-token:10s' })
    const visitor = await signedIn()
    const before = refreshes()
    for (let i = 0; i < 3; i += 1) expect((await call(visitor)).status).toBe(200)
    expect(refreshes()).toBe(before + 3)
  })

  test('that live 90 seconds are held until their last minute', async () => {
    await press({ turn: 'access-token:90s' })
    const visitor = await signedIn()
    const before = refreshes()
    await call(visitor)
    await call(visitor)
    expect(refreshes()).toBe(before + 1)
    world.advance(60_000)
    expect((await call(visitor)).status).toBe(200)
    expect(refreshes()).toBe(before + 2)
  })
})

describe('an API that misbehaves', () => {
  test.each<readonly [mood: string, outcome: number | ErrorCode]>([
    ['stall', 'api/unavailable'],
    ['fail', 500],
    ['break-off', 'api/unavailable'],
    ['stream', 200],
    ['large', 'api/response_too_large'],
  ])('%s', async (mood, outcome) => {
    if (mood === 'stall') withShortTimeout()
    const visitor = await signedIn()
    for (const name of ['orders', 'reports']) {
      await press({ turn: `${name}:${mood}` })
      const reply = await call(visitor, name)
      if (typeof outcome === 'number') expect(reply.status).toBe(outcome)
      else expectTwin(world, reply, outcome)
    }
    if (mood === 'stall') world.replaceInstance()
  })

  test('slow ones are slow, each by itself', async () => {
    await press({ turn: 'orders:slow' })
    await press({ turn: 'reports:step-up' })
    const { orders, reports } = world.desk.sampleApis
    expect([orders.mood, reports.mood]).toEqual([
      { kind: 'slow', ms: 3_000 },
      { kind: 'challenge', authenticationContext: 'c1' },
    ])
  })
})

describe('people', () => {
  const rowOf = async (name: string): Promise<string> =>
    new RegExp(`<li><p><b>${name}</b>(.*?)</li>`, 's').exec(await page())?.[1] ?? ''

  test('whoever is disabled is out at the next refresh, cannot sign in, and can once enabled', async () => {
    const visitor = await signedIn(BO)
    const ada = await signedIn(ADA)
    expect((await press({ do: `disable:${BO.person}` })).headers.get('location')).toBe('/desk#people')
    expect(await rowOf('Bo Adeyemi')).toContain('Account disabled.')
    expectTwin(world, await call(visitor), 'session/required')
    expect(await isSignedIn(world, visitor)).toBe(false)
    expect((await call(ada)).status).toBe(200)
    await expect(newVisitor(world.origin).signIn('/auth/login', BO)).rejects.toThrow(
      'Your account is disabled',
    )

    await press({ do: `enable:${BO.person}` })
    expect(await rowOf('Bo Adeyemi')).toContain('Account enabled.')
    expect((await call(await signedIn(BO))).status).toBe(200)
  })

  test('whose grants were revoked are out at the next refresh, and sign in again', async () => {
    const [ada, bo] = [await signedIn(ADA), await signedIn(BO)]
    await press({ do: `revoke:${ADA.person}` })
    expect(await rowOf('Ada Lindqvist')).toMatch(/Account enabled\. Grants revoked <time/)
    expectTwin(world, await call(ada), 'session/required')
    expect((await call(bo)).status).toBe(200)
    world.advance(1_000)
    expect((await call(await signedIn(ADA))).status).toBe(200)
  })

  test('all at once lose their grants', async () => {
    const visitors = [await signedIn(ADA), await signedIn(BO)]
    await press({ do: 'revoke-all' })
    for (const visitor of visitors) expectTwin(world, await call(visitor), 'session/required')
    world.advance(1_000)
  })

  test('everything as usual enables them', async () => {
    await press({ do: `disable:${ADA.person}` })
    await press({ do: 'usual' })
    expect(entra.standingOf(ADA.person).isDisabled).toBe(false)
  })
})

test('the page says in words what is not as usual', async () => {
  expect(await page()).toContain('Every dial stands as usual.')
  await press({ turn: 'consent:orders' })
  await press({ turn: 'reports:fail' })
  const [, told = ''] = /<section class="now"[^>]*>(.*?)<\/section>/s.exec(await page()) ?? []
  expect(told).toContain('<a href="#consent">Consent</a>: Missing for orders')
  expect(told).toContain('<a href="#reports">The API reports</a>: Fails')
  expect(told).not.toContain('Key Vault')
})
