/** A person's own sessions: seen on one device, ended from it, and never anybody else's. */
import { describe, expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { expectTwin, isSignedIn, loggedOutcome } from '../support/screens.ts'
import { ADA, BO, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const MINUTE_MS = 60_000
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
const FROM_SCRIPT = {
  accept: 'application/json',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  'x-csrf': '1',
}

/** What ends no session; `OWN` is the id of the one that asks. */
const NO_WISHES =
  '|others|others=|others=false|others=0|others=all|others=TRUE|others=true&others=true|others=true&others=false|Others=true|id=|id=OWN&id=OWN|id=OWN&others=true|others=true&id=|id=OWN&more=1'.split(
    '|',
  )

const world = await openJourney({ isFrozen: true })

interface Listed {
  readonly id: string
  readonly current: boolean
  readonly device: string
  readonly signedInAt: string
  readonly lastUsedAt: string
}

async function signedIn(choice = ADA): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  await visitor.signIn('/auth/login', choice)
  return visitor
}

function ask(
  visitor: Visitor,
  method: 'GET' | 'DELETE',
  query = '',
  headers: Record<string, string | undefined> = {},
): Promise<Reply> {
  const from = world.origin
  return visitor.ask(`${world.origin}/auth/sessions${query}`, {
    method,
    from,
    headers: { ...FROM_SCRIPT, ...headers },
  })
}

async function list(visitor: Visitor): Promise<readonly Listed[]> {
  const reply = await ask(visitor, 'GET')
  expect(reply.status).toBe(200)
  return JSON.parse(reply.text).sessions
}

async function endAll(visitor: Visitor): Promise<void> {
  await ask(visitor, 'DELETE', '?others=true')
  const [own] = await list(visitor)
  await ask(visitor, 'DELETE', `?id=${own?.id}`)
}

describe('the list of one’s own sessions', () => {
  test('shows each with its device and times, this one marked, and nobody else’s', async () => {
    const form = await newVisitor(world.origin).toCallback()
    expect(form.action).toContain('/auth/callback')
    const [first, other] = [await signedIn(), await signedIn(BO)]
    world.advance(MINUTE_MS)
    const second = await signedIn()
    const listed = await list(second)

    expect(listed).toMatchObject([
      { current: false, signedInAt: new Date(world.now() - MINUTE_MS).toISOString() },
      { current: true, signedInAt: new Date(world.now()).toISOString() },
    ])
    expect(await list(other)).toHaveLength(1)
    await Promise.all([endAll(first), endAll(other)])
  })

  test('says what kind of device it is, in plain words', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback()
    await visitor.ask(form.action, {
      method: 'POST',
      form: form.fields,
      from: form.from,
      headers: { 'user-agent': FIREFOX },
    })

    expect((await list(visitor)).map(({ device }) => device)).toEqual(['Firefox on Linux'])
    await endAll(visitor)
  })

  test('leaves out what has run idle', async () => {
    const old = await signedIn()
    world.advance(60 * MINUTE_MS)
    const visitor = await signedIn()

    expect(await list(visitor)).toHaveLength(1)
    expect(await isSignedIn(world, old)).toBe(false)
    await endAll(visitor)
  })

  test('is a look, not a use', async () => {
    const visitor = await signedIn()
    world.advance(59 * MINUTE_MS)
    await list(visitor)
    world.advance(MINUTE_MS)
    expect(await isSignedIn(world, visitor)).toBe(false)
  })

  test.each(['cross-site', 'same-site'])('is not for a %s page', async (site) => {
    const visitor = await signedIn()
    expectTwin(world, await ask(visitor, 'GET', '', { 'sec-fetch-site': site }), 'http/cross_site')
    await endAll(visitor)
  })

  test('is not for whoever is not signed in', async () => {
    expectTwin(world, await ask(newVisitor(world.origin), 'GET'), 'session/required')
  })
})

describe('ending sessions', () => {
  test('all others: they have ended everywhere, this one goes on', async () => {
    const [here, there, other] = [await signedIn(), await signedIn(), await signedIn(BO)]
    const reply = await ask(here, 'DELETE', '?others=true')

    expect([reply.status, JSON.parse(reply.text)]).toEqual([200, { ended: 1 }])
    expect(await isSignedIn(world, there)).toBe(false)
    expect(await isSignedIn(world, here)).toBe(true)
    expect(await isSignedIn(world, other)).toBe(true)
    await Promise.all([endAll(here), endAll(other)])
  })

  test('this one: its cookie is gone too', async () => {
    const here = await signedIn()
    const [own] = await list(here)
    const reply = await ask(here, 'DELETE', `?id=${own?.id}`)

    expect(reply.status).toBe(200)
    expect(here.appCookies.has('__Host-signet')).toBe(false)
  })

  test('somebody else’s by its id: there is no such session, and it lives', async () => {
    const [here, other] = [await signedIn(), await signedIn(BO)]
    const [theirs] = await list(other)

    expectTwin(world, await ask(here, 'DELETE', `?id=${theirs?.id}`), 'session/not_found')
    expect(await isSignedIn(world, other)).toBe(true)
    await Promise.all([endAll(here), endAll(other)])
  })

  test('an id that is nobody’s ends none', async () => {
    const [here, there] = [await signedIn(), await signedIn()]
    expectTwin(world, await ask(here, 'DELETE', '?id=unknown'), 'session/not_found')
    expect(await isSignedIn(world, there)).toBe(true)
    await endAll(here)
  })

  test('what says neither one nor all others in the one way there is ends none, by script or form', async () => {
    const [here, there] = [await signedIn(), await signedIn()]
    const [own] = await list(here)
    for (const query of NO_WISHES.map((text) => text.replace('OWN', own?.id ?? ''))) {
      expectTwin(world, await ask(here, 'DELETE', `?${query}`), 'http/invalid_parameter')
      const reply = await here.ask(`${world.origin}/auth/sessions`, {
        method: 'POST',
        form: new URLSearchParams(query),
        from: world.origin,
      })
      expect([query, reply.status, loggedOutcome(world, reply)]).toEqual([
        query,
        400,
        'http/invalid_parameter',
      ])
      expect(reply.setCookies).toEqual([])
    }
    expect(await isSignedIn(world, here)).toBe(true)
    expect(await isSignedIn(world, there)).toBe(true)
    await endAll(here)
  })

  test.each([
    ['without the header of our script', { 'x-csrf': undefined }, 'http/csrf_header_required'],
    ['from another site', { 'sec-fetch-site': 'cross-site' }, 'http/cross_site'],
    ['from a sibling', { 'sec-fetch-site': 'same-site' }, 'http/cross_site'],
  ] as const)('%s: refused, and nothing ends', async (_what, headers, code) => {
    const [here, there] = [await signedIn(), await signedIn()]
    expectTwin(world, await ask(here, 'DELETE', '?others=true', headers), code)
    expect(await isSignedIn(world, there)).toBe(true)
    await endAll(here)
  })
})

describe('the forms of our own page', () => {
  const press = (
    visitor: Visitor,
    fields: Record<string, string>,
    more: Parameters<Visitor['ask']>[1] = {},
  ) =>
    visitor.ask(`${world.origin}/auth/sessions`, {
      method: 'POST',
      form: new URLSearchParams(fields),
      from: world.origin,
      ...more,
    })
  const page = async (visitor: Visitor): Promise<string> => (await visitor.ask(`${world.origin}/`)).text
  const idsOn = (text: string): readonly string[] =>
    [...text.matchAll(/name="id" value="([^"]+)"/g)].map(([, id = '']) => id)

  test('end the one beside the button, and lead back to the list', async () => {
    const [here, there, elsewhere] = [await signedIn(), await signedIn(), await signedIn()]
    const [id = ''] = idsOn(await page(here))
    const reply = await press(here, { id })

    expect([reply.status, reply.headers.get('location'), reply.setCookies]).toEqual([
      303,
      '/auth#sessions',
      [],
    ])
    const left = await Promise.all([there, elsewhere].map((visitor) => isSignedIn(world, visitor)))
    expect(left.toSorted()).toEqual([false, true])
    expect(idsOn(await page(here))).toHaveLength(1)
    await endAll(here)
  })

  test('end all others', async () => {
    const [here, there, other] = [await signedIn(), await signedIn(), await signedIn(BO)]
    const text = await page(here)
    expect(text).toContain('name="others" value="true"')
    expect((await press(here, { others: 'true' })).status).toBe(303)

    expect(await isSignedIn(world, there)).toBe(false)
    expect(await isSignedIn(world, here)).toBe(true)
    expect(await isSignedIn(world, other)).toBe(true)
    expect(await page(here)).not.toContain('End all others')
    await Promise.all([endAll(here), endAll(other)])
  })

  test('this one too, and then the page offers sign-in', async () => {
    const here = await signedIn()
    const [own] = await list(here)
    const reply = await press(here, { id: own?.id ?? '' })
    expect(reply.status).toBe(303)
    expect(here.appCookies.has('__Host-signet')).toBe(false)
    expect(await page(here)).toContain('href="/auth/login"')
  })

  test('pressed twice, or with nothing that is one’s own, end nothing and lead back', async () => {
    const [here, there, other] = [await signedIn(), await signedIn(), await signedIn(BO)]
    const [theirs] = await list(other)
    for (const id of ['unknown', theirs?.id ?? ''])
      expect((await press(here, { id })).headers.get('location')).toBe('/auth#sessions')
    expect(await isSignedIn(world, there)).toBe(true)
    expect(await isSignedIn(world, other)).toBe(true)
    await Promise.all([endAll(here), endAll(other)])
  })

  test.each([
    ['of another site', { from: 'https://evil.example' }],
    ['of a sibling', { headers: { 'sec-fetch-site': 'same-site' } }],
    ['with another origin', { headers: { origin: 'https://evil.example' } }],
  ])('%s are refused, and nothing ends', async (_whose, more) => {
    const [here, there] = [await signedIn(), await signedIn()]
    const reply = await press(here, { others: 'true' }, more)
    expect(loggedOutcome(world, reply)).toBe('http/cross_site')
    expect(await isSignedIn(world, there)).toBe(true)
    await endAll(here)
  })

  test('are no JSON and no query', async () => {
    const [here, there] = [await signedIn(), await signedIn()]
    const asJson = await press(
      here,
      {},
      {
        form: undefined,
        body: '{"others":"all"}',
        headers: { 'content-type': 'application/json', 'content-length': '16' },
      },
    )
    expect(loggedOutcome(world, asJson)).toBe('http/unsupported_media_type')
    const reply = await here.ask(`${world.origin}/auth/sessions?others=true`, {
      method: 'POST',
      form: new URLSearchParams(),
      from: world.origin,
    })
    expect(reply.status).toBe(400)
    expect(await isSignedIn(world, there)).toBe(true)
    await endAll(here)
  })

  test('ask somebody who is signed in nowhere any more to sign in', async () => {
    expect(loggedOutcome(world, await press(newVisitor(world.origin), { others: 'true' }))).toBe(
      'session/required',
    )
  })
})
