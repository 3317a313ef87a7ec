import { describe, expect, it } from 'vitest'
import { sessions } from '../../../../lib/http/routes/sessions.ts'
import type { Ticket } from '../../../../lib/session/ticket.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { START_MS } from '../../../support/heldEffects.ts'
import { ALICE, cookieOf, openFakeApp, removed } from '../../../support/openFakeApp.ts'
import { sessionOf } from '../../../support/sessionOf.ts'
import { CORRELATION_ID, signetRequestOf } from '../../../support/signetRequestOf.ts'

const BY_SCRIPT = { 'x-csrf': '1', 'sec-fetch-site': 'same-origin' }
const BY_PAGE = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }
const GONE = [removed('__Host-signet'), removed('__Host-signet-device')]
const HOUR_MS = 3_600_000
const iso = (afterMs: number): string => new Date(START_MS + afterMs).toISOString()
const BOB = { ...sessionOf().identity, oid: '0b1ec700-0000-4000-8000-00000000000b', sid: 'of-bob' }

/** Alice twice, the second an hour later and here, and Bob. */
async function open() {
  const fake = openFakeApp({ settings: { SESSION_IDLE_MINUTES: '120' } })
  const [first, here] = [
    await fake.signIn(),
    await fake.signIn({
      device: 'Edge on Windows',
      createdAtMs: START_MS + HOUR_MS,
      endsAtMs: START_MS + 9 * HOUR_MS,
    }),
  ]
  const bobs = await fake.signIn({ identity: BOB })
  fake.effects.advance(HOUR_MS)
  const ask = (method: string, target = '/auth/sessions', ticket: Ticket | undefined = here) => {
    const cookies = ticket === undefined ? {} : cookieOf(ticket)
    return sessions(fake.app, signetRequestOf({ method, target, headers: { ...BY_SCRIPT, ...cookies } }))
  }
  const post = (body: string, headers: Record<string, string> = BY_PAGE, ticket: Ticket | undefined = here) =>
    sessions(
      fake.app,
      signetRequestOf({ method: 'POST', body, headers: { ...headers, ...(ticket && cookieOf(ticket)) } }),
    )
  const isThere = async (ticket: Ticket): Promise<boolean> =>
    (await fake.app.sessions.read(ticket)) !== undefined
  const living = async () => [await isThere(first), await isThere(here), await isThere(bobs)]
  const ended = { correlationId: CORRELATION_ID, person: ALICE, by: 'sign-out' }
  return { ...fake, first, here, bobs, ask, post, living, ended }
}

describe('the list', () => {
  it.each(['GET', 'HEAD'])(
    '%s tells the sessions of the person, oldest first, which one is here, and writes nothing',
    async (method) => {
      const { ask, table, first, here } = await open()
      const before = table.rows()

      expect(await ask(method)).toEqual({
        status: 200,
        cookies: [],
        body: {
          kind: 'json',
          value: {
            sessions: [
              {
                id: first.id,
                current: false,
                device: 'Firefox on Linux',
                deviceBound: false,
                signedInAt: iso(0),
                lastUsedAt: iso(0),
                expiresAt: iso(8 * HOUR_MS),
              },
              {
                id: here.id,
                current: true,
                device: 'Edge on Windows',
                deviceBound: false,
                signedInAt: iso(HOUR_MS),
                lastUsedAt: iso(HOUR_MS),
                expiresAt: iso(9 * HOUR_MS),
              },
            ],
          },
        },
      })
      expect(table.rows()).toEqual(before)
    },
  )

  it('leaves out what has run idle and waits to be swept', async () => {
    const { ask, effects, here } = await open()
    effects.advance(HOUR_MS - 1)
    expect((await ask('GET')).body).toMatchObject({ value: { sessions: [{}, { id: here.id }] } })
    effects.advance(1)

    expect((await ask('GET')).body).toMatchObject({ value: { sessions: [{ id: here.id }] } })
  })

  it('leaves out what has reached its absolute end, though it was used a moment ago', async () => {
    const { ask, app, effects, first, here } = await open()
    effects.advance(7 * HOUR_MS - 1)
    for (const { id } of [first, here]) await app.sessions.touch(id, effects.now())
    expect((await ask('GET')).body).toMatchObject({ value: { sessions: [{}, { id: here.id }] } })
    effects.advance(1)

    expect((await ask('GET')).body).toMatchObject({ value: { sessions: [{ id: here.id }] } })
  })

  it('of a person with more than a hundred has the newest and this one, and says how many are not listed', async () => {
    const { ask, signIn, first, here } = await open()
    for (let i = 0; i < 100; i += 1)
      await signIn({ createdAtMs: START_MS + HOUR_MS + 1, endsAtMs: START_MS + 9 * HOUR_MS })
    const { body } = await ask('GET')
    const { sessions, notListed } = (body?.kind === 'json' ? body.value : {}) as {
      readonly sessions: readonly { readonly id: string; readonly current: boolean }[]
      readonly notListed?: number
    }

    expect([sessions.length, notListed]).toEqual([101, 1])
    expect(sessions.filter(({ current }) => current)).toMatchObject([
      { id: here.id, signedInAt: iso(HOUR_MS) },
    ])
    expect(sessions.map(({ id }) => id)).not.toContain(first.id)
    expect(await ask('DELETE', `/auth/sessions?id=${first.id}`)).toMatchObject({
      body: { value: { ended: 1 } },
    })
    expect(await ask('DELETE', '/auth/sessions?others=true')).toMatchObject({
      body: { value: { ended: 100 } },
    })
    expect((await ask('GET')).body).toMatchObject({ value: { sessions: [{ id: here.id }] } })
  })

  it.each([
    ['GET', BY_SCRIPT],
    ['DELETE', BY_SCRIPT],
    ['POST', BY_PAGE],
  ])('%s of nobody is refused, and no cookie is set', async (method, headers) => {
    const { app, table } = openFakeApp()
    const target = '/auth/sessions?others=true'
    const { code, context } = await faultOf(() =>
      sessions(app, signetRequestOf({ method, target, headers, body: 'others=true' })),
    )

    expect([code, context, table.calls.size]).toEqual([
      // A form without the cookie is ours by its Sec-Fetch-Site.
      'session/required',
      {},
      0,
    ])
  })

  it.each([
    ['GET', { 'sec-fetch-site': 'cross-site' }, 'http/cross_site'],
    ['DELETE', { 'sec-fetch-site': 'same-origin' }, 'http/csrf_header_required'],
    ['POST', { ...BY_PAGE, 'sec-fetch-site': 'cross-site' }, 'http/cross_site'],
  ])('%s by none of our scripts (%o) is refused, and every session lives', async (method, headers, code) => {
    const { app, here, living } = await open()
    const request = signetRequestOf({
      method,
      target: '/auth/sessions?others=true',
      body: 'others=true',
      headers: { ...headers, ...cookieOf(here) },
    })

    expect((await faultOf(() => sessions(app, request))).code).toBe(code)
    expect(await living()).toEqual([true, true, true])
  })
})

describe('DELETE', () => {
  it('ends the session that is named, and leaves the cookie of this one', async () => {
    const { ask, first, living, logged, ended } = await open()

    expect(await ask('DELETE', `/auth/sessions?id=${first.id}`)).toEqual({
      status: 200,
      body: { kind: 'json', value: { ended: 1 } },
      cookies: [],
    })
    expect(await living()).toEqual([false, true, true])
    expect(logged()).toEqual([['info', 'session.ended', ended]])
  })

  it('ends this one, and takes its cookies away', async () => {
    const { ask, here, living } = await open()

    expect(await ask('DELETE', `/auth/sessions?id=${here.id}`)).toEqual({
      status: 200,
      body: { kind: 'json', value: { ended: 1 } },
      cookies: GONE,
    })
    expect(await living()).toEqual([true, false, true])
  })

  it('ends all others of the person, none of anybody else, and says how many', async () => {
    const { ask, living } = await open()

    expect(await ask('DELETE', '/auth/sessions?others=true')).toMatchObject({
      body: { value: { ended: 1 } },
      cookies: [],
    })
    expect(await living()).toEqual([false, true, true])
    expect(await ask('DELETE', '/auth/sessions?others=true')).toMatchObject({
      status: 200,
      body: { value: { ended: 0 } },
      cookies: [],
    })
  })

  it.each([
    ['', 'http/invalid_parameter'],
    ['?id=', 'http/invalid_parameter'],
    ['?others', 'http/invalid_parameter'],
    ['?others=false', 'http/invalid_parameter'],
    ['?all=true', 'http/invalid_parameter'],
    ['?id=a&id=b', 'http/invalid_parameter'],
    ['?others=true&id=unknown', 'http/invalid_parameter'],
    ['?id=unknown', 'session/not_found'],
    [`?id=${encodeURIComponent("' or '/".padEnd(43, '#'))}`, 'session/not_found'],
  ])('of no session (%j) is refused as %s, and ends none', async (query, code) => {
    const { ask, living } = await open()

    expect((await faultOf(() => ask('DELETE', `/auth/sessions${query}`))).code).toBe(code)
    expect(await living()).toEqual([true, true, true])
  })

  it("of somebody else's session is refused as of one that is not there", async () => {
    const { ask, bobs, living } = await open()

    expect((await faultOf(() => ask('DELETE', `/auth/sessions?id=${bobs.id}`))).code).toBe(
      'session/not_found',
    )
    expect(await living()).toEqual([true, true, true])
  })

  it('is a use of the session, and to list is none', async () => {
    const { ask, app, here, effects } = await open()
    const usedAtMs = async () => (await app.sessions.read(here))?.usedAtMs
    effects.advance(HOUR_MS / 2)
    await ask('GET')
    expect(await usedAtMs()).toBe(START_MS + HOUR_MS)
    await ask('DELETE', '/auth/sessions?others=true')

    expect(await usedAtMs()).toBe(START_MS + 1.5 * HOUR_MS)
  })
})

describe('a form of our own page', () => {
  const back = { status: 303, headers: { location: '/auth#sessions' } }

  it('ends the session that is named and leads back to the list', async () => {
    const { post, first, living, logged, ended } = await open()

    expect(await post(`id=${first.id}`)).toEqual({ ...back, cookies: [] })
    expect(await living()).toEqual([false, true, true])
    expect(logged()).toEqual([['info', 'session.ended', ended]])
  })

  it('ends this one, and takes its cookies away', async () => {
    const { post, here, living } = await open()

    expect(await post(`id=${here.id}`)).toEqual({ ...back, cookies: GONE })
    expect(await living()).toEqual([true, false, true])
  })

  it('ends all others', async () => {
    const { post, living } = await open()

    expect(await post('others=true')).toEqual({ ...back, cookies: [] })
    expect(await living()).toEqual([false, true, true])
  })

  it('pressed twice leads back as well, and ends none', async () => {
    const { post, living } = await open()

    expect(await post('id=unknown')).toEqual({ ...back, cookies: [] })
    expect(await living()).toEqual([true, true, true])
  })

  it.each(['', 'others=', 'others=true&id=unknown', 'other=true', 'id=unknown&others=true'])(
    'that says %j is refused, and ends none',
    async (body) => {
      const { post, living } = await open()

      expect((await faultOf(() => post(body))).code).toBe('http/invalid_parameter')
      expect(await living()).toEqual([true, true, true])
    },
  )

  it('is a use of the session', async () => {
    const { post, app, here, effects } = await open()
    effects.advance(HOUR_MS / 2)
    await post('others=true')

    expect((await app.sessions.read(here))?.usedAtMs).toBe(START_MS + 1.5 * HOUR_MS)
  })

  it('is a form and nothing else', async () => {
    const { post, living } = await open()
    const headers = { 'sec-fetch-site': 'same-origin', 'content-type': 'text/plain' }

    expect((await faultOf(() => post('others=true', headers))).code).toBe('http/unsupported_media_type')
    expect(await living()).toEqual([true, true, true])
  })
})
