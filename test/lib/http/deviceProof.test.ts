import { describe, expect, it } from 'vitest'
import { newBinding } from '../../../lib/device/boundSession.ts'
import { requireDevice } from '../../../lib/http/deviceProof.ts'
import { faultOf } from '../../support/faultOf.ts'
import { START_MS } from '../../support/heldEffects.ts'
import { ALICE, cookieOf, openFakeApp, troubled } from '../../support/openFakeApp.ts'
import { CORRELATION_ID, signetRequestOf } from '../../support/signetRequestOf.ts'

const KEY = { kty: 'EC', crv: 'P-256', x: 'x-of-the-key', y: 'y-of-the-key' } as const
const MINUTE_MS = 60_000

type Mode = 'off' | 'offer' | 'require'

async function open({
  mode = 'offer',
  isBound = true,
  isDown = () => false,
  basePath = '',
}: {
  mode?: Mode
  basePath?: string
  isBound?: boolean
  isDown?: () => boolean
} = {}) {
  const settings = { SESSION_DEVICE_BINDING: mode, ...(basePath === '' ? {} : { BASE_PATH: basePath }) }
  const fake = openFakeApp({ settings, weather: troubled(isDown, 'update') })
  const ticket = await fake.signIn()
  const { value, binding } = newBinding(KEY, START_MS, fake.effects.random)
  const before = await fake.app.sessions.read(ticket)
  if (isBound) await fake.app.sessions.bind(ticket, before?.etag ?? '', binding)
  const stored = await fake.app.sessions.read(ticket)
  if (stored === undefined) throw new Error('no session')
  const ask = (shape: Parameters<typeof signetRequestOf>[0] = {}, cookie: string | undefined = undefined) => {
    const ours = cookieOf(ticket, ...(cookie === undefined ? [] : [`__Host-signet-device=${cookie}`]))
    const request = signetRequestOf({ ...shape, headers: { ...ours, ...shape?.headers } })
    return requireDevice(fake.app, request, { ticket, stored })
  }
  return { ...fake, ticket, stored, value, ask, readAgain: () => fake.app.sessions.read(ticket) }
}

describe('a session without a binding', () => {
  it.each(['off', 'offer', 'require'] as const)(
    'is let through where bindings are %s, and nothing is written',
    async (mode) => {
      const { ask, table } = await open({ mode, isBound: false })
      const updates = table.calls.get('update')

      expect(await ask()).toBe('unbound')
      expect(table.calls.get('update')).toBe(updates)
    },
  )

  it.each([
    [MINUTE_MS - 1, 'lives'],
    [MINUTE_MS, 'is over'],
  ] as const)('where one is required, after %i ms %s', async (afterMs, outcome) => {
    const { ask, effects, table, logged } = await open({ mode: 'require', isBound: false })
    effects.advance(afterMs)

    if (outcome === 'lives') {
      expect(await ask()).toBe('unbound')
      expect(logged()).toEqual([])
      return
    }
    const { code, context } = await faultOf(() => ask())
    expect([code, context]).toEqual(['session/device_required', {}])
    expect(table.size()).toBe(0)
    expect(logged()).toEqual([
      ['info', 'session.ended', { correlationId: CORRELATION_ID, person: ALICE, by: 'no-key' }],
    ])
  })

  it('goes on for any time where none is required', async () => {
    const { ask, effects } = await open({ isBound: false })
    effects.advance(5 * MINUTE_MS)

    expect(await ask()).toBe('unbound')
  })
})

describe('a bound session', () => {
  it('is let through for its first minute without the cookie, which may be on its way', async () => {
    const { ask, effects } = await open()
    effects.advance(MINUTE_MS - 1)

    expect(await ask()).toBe('settling')
  })

  it('notes the first show of its cookie, once', async () => {
    const { ask, value, effects, readAgain, stored } = await open({ mode: 'require' })
    effects.advance(2 * MINUTE_MS)

    const standing = await ask({}, value)
    const noted = await readAgain()

    expect(standing).toBe('shown')
    expect(noted?.binding).toEqual({ ...stored.binding, shownAtMs: START_MS + 2 * MINUTE_MS })
  })

  it('is served where the show cannot be noted, and the log says why', async () => {
    let isDown = false
    const { ask, value, logged } = await open({ isDown: () => isDown })
    isDown = true

    expect(await ask({}, value)).toBe('shown')
    expect(logged()).toEqual([
      [
        'warn',
        'device.show_not_noted',
        { correlationId: CORRELATION_ID, fault: 'session/store_unavailable' },
      ],
    ])
  })

  it('is served without a word where another request was faster to note the show', async () => {
    const { ask, value, logged } = await open()
    await ask({}, value)

    expect(await ask({}, value)).toBe('shown')
    expect(logged()).toEqual([])
  })

  it('is served without its cookie where bindings are switched off', async () => {
    const { ask, effects } = await open({ mode: 'off' })
    effects.advance(2 * MINUTE_MS)

    expect(await ask()).toBe('missing')
  })
})

describe('a bound session whose cookie did not come', () => {
  const target = '/orders?tab=2'
  const returnTo = target
  const page = { accept: 'text/html,*/*;q=0.8' }

  it.each([
    // What a page is told to do: try again by itself, once, on the way to where the person was going.
    // One that does not say where it comes from has no such key, and would try for ever.
    [{ target, headers: page }, { returnTo }],
    [
      { target, headers: { ...page, 'sec-fetch-site': 'none' } },
      { returnTo, reloadAfterSec: 0 },
    ],
    [
      { target, method: 'HEAD', headers: { ...page, 'sec-fetch-site': 'cross-site' } },
      { returnTo, reloadAfterSec: 0 },
    ],
    [{ target, method: 'POST', headers: page }, {}],
    [
      { target, headers: { ...page, 'sec-fetch-site': 'cross-site' } },
      { returnTo, reloadAfterSec: 0 },
    ],
    [{ target, headers: { ...page, 'sec-fetch-site': 'same-origin' } }, { returnTo }],
    [
      { target, headers: { ...page, 'sec-fetch-site': 'same-origin', 'sec-fetch-user': '?1' } },
      { returnTo, reloadAfterSec: 0 },
    ],
    [{ target, headers: { ...page, 'sec-fetch-user': '?1' } }, { returnTo }],
  ] as const)('is refused to %o with the way on %o, and goes on', async (shape, context) => {
    const { ask, effects, stored, readAgain, logged } = await open()
    effects.advance(2 * MINUTE_MS)

    const fault = await faultOf(() => ask(shape))

    expect([fault.code, fault.context]).toEqual(['session/device_proof_required', context])
    expect(await readAgain()).toEqual(stored)
    expect(logged()).toEqual([])
  })

  it.each([
    ['/api/orders/list', { 'x-csrf': '1', 'sec-fetch-mode': 'cors', accept: '*/*' }],
    ['/api/orders/list', { 'x-csrf': '1', 'sec-fetch-mode': 'cors', accept: 'text/html' }],
    ['/api/orders/list', { 'x-csrf': '1', accept: 'text/html' }],
    ['/api/orders/list', { 'x-csrf': '1', accept: 'application/json' }],
    ['/auth/session', { 'sec-fetch-mode': 'cors', accept: '*/*' }],
    ['/auth/session', { 'sec-fetch-mode': 'navigate', accept: 'text/html' }],
    ['/orders.json', { 'sec-fetch-mode': 'same-origin', accept: '*/*' }],
    ['/orders.json', {}],
  ])(
    'names no way back to %s, asked for with %o, where nobody can come back to',
    async (address, headers) => {
      const { ask, effects } = await open()
      effects.advance(2 * MINUTE_MS)

      const { code, context } = await faultOf(() => ask({ target: address, headers }))
      expect([code, context]).toEqual(['session/device_proof_required', {}])
    },
  )

  it('names no way back to an endpoint of ours, wherever they are mounted', async () => {
    const { ask, effects } = await open({ basePath: '/api' })
    effects.advance(2 * MINUTE_MS)
    const headers = { 'sec-fetch-mode': 'navigate', ...page }

    expect((await faultOf(() => ask({ target: '/api/auth/session', headers }))).context).toEqual({})
    expect((await faultOf(() => ask({ target: '/api/auth', headers }))).context).toEqual({
      returnTo: '/api/auth',
    })
  })

  it.each(['unreachable', 'server_error', 'quota_exceeded'])(
    'says that the browser went without it (%s), to the log and to a page that waits',
    async (why) => {
      const { ask, effects, logged } = await open()
      effects.advance(2 * MINUTE_MS)
      const headers = {
        ...page,
        'sec-fetch-site': 'cross-site',
        'secure-session-skipped': `${why};session_identifier="s"`,
      }

      const { context } = await faultOf(() => ask({ target, headers }))
      const post = await faultOf(() => ask({ target, headers, method: 'POST' }))

      expect(context).toEqual({ facts: { skipped: why }, returnTo, reloadAfterSec: 2 })
      expect(post.context).toEqual({ facts: { skipped: why } })
      expect(logged()[0]).toEqual([
        'info',
        'device.skipped',
        { correlationId: CORRELATION_ID, why, person: ALICE },
      ])
    },
  )

  it.each(['', 'tired', 'unreachables'])('believes no other reason (%j)', async (why) => {
    const { ask, effects, logged } = await open()
    effects.advance(2 * MINUTE_MS)

    const { context } = await faultOf(() =>
      ask({ target, headers: { ...page, 'secure-session-skipped': why } }),
    )

    expect(context).toEqual({ returnTo })
    expect(logged()).toEqual([])
  })

  it('is refused with a wrong value as with none, and that value is taken away', async () => {
    const { ask, effects } = await open({ mode: 'require' })
    effects.advance(2 * MINUTE_MS)

    const { code, context } = await faultOf(() => ask({ method: 'POST' }, 'A'.repeat(43)))
    expect([code, context]).toEqual([
      'session/device_proof_required',
      { staleCookie: '__Host-signet-device' },
    ])
  })
})
