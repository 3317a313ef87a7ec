import { describe, expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { sessionCookie } from '../../../lib/http/cookies.ts'
import { callback } from '../../../lib/http/routes/callback.ts'
import { newTicket } from '../../../lib/session/ticket.ts'
import { openState, openTransaction, parseState, TRANSACTION_MS } from '../../../lib/session/transaction.ts'
import { faultOf } from '../../support/faultOf.ts'
import { START_MS } from '../../support/heldEffects.ts'
import { marked, openSignIn, rowsOfSessions, SCRIPT } from '../../support/openSignIn.ts'
import { CORRELATION_ID } from '../../support/signetRequestOf.ts'

describe('a sign-in that is started anew', () => {
  const restarted = (after: string) => [
    'warn',
    'callback.restarted',
    { correlationId: CORRELATION_ID, after },
  ]

  it.each([
    [TRANSACTION_MS - 1, false],
    [TRANSACTION_MS, true],
  ])('because its answer came after %i ms: %s; nothing is spent then', async (afterMs, isRestarted) => {
    const world = await openSignIn({ query: 'returnTo=/orders&loginHint=ada' })
    world.effects.advance(afterMs)
    const reply = await callback(world.app, world.answerOf())
    const { origin, searchParams } = new URL(reply.headers?.location ?? '', 'https://app.example')

    expect(origin).toBe(isRestarted ? world.app.config.entra.origin : 'https://app.example')
    expect(world.table.size() === 0).toBe(isRestarted)
    if (!isRestarted) return
    const [mark, next] = reply.cookies ?? []
    expect(reply.status).toBe(303)
    expect(mark).toEqual(marked('again', world.cookie, START_MS + afterMs))
    expect(next?.name).toBe(`__Host-signet-tx-${searchParams.get('state')?.split('.')[0]}`)
    expect(reply.cookies).toHaveLength(2)
    expect(searchParams.get('state')).toMatch(/^[\w-]{12}\.1\./)
    expect(searchParams.has('login_hint')).toBe(false)
    expect(world.calls).toEqual([['credential.warm', world.app.config.entra.token]])
    expect(world.logged()).toEqual([restarted('callback/expired')])

    const answer = world.answerOf({ state: searchParams.get('state') ?? '' }, { holds: [mark, next] })
    expect(await callback(world.app, answer)).toMatchObject({ headers: { location: '/orders' } })
  })

  it.each([
    ['replaces the session whose cookie came along', true],
    ['replaces none where it did not, as when Entra’s site posts', false],
  ])('because its own cookie was lost %s', async (_what, isAtHand) => {
    const world = await openSignIn()
    const ticket = newTicket(() => new Uint8Array(32).fill(7))
    const holds = isAtHand ? [sessionCookie(ticket.secret)] : []
    const { headers, cookies = [] } = await callback(world.app, world.answerOf({}, { holds }))
    const sealed = parseState(new URL(headers?.location ?? '').searchParams.get('state') ?? '')
    const keys = openTransaction(cookies.at(-1)?.value ?? '')
    const state = keys && sealed && openState(keys, sealed, START_MS)

    expect(state).toMatchObject({ startedAtMs: START_MS })
    expect(state?.replaces).toBe(isAtHand ? ticket.endProof : undefined)
  })

  it('because its transaction was spent is so once; then the fault is told', async () => {
    const world = await openSignIn({ query: 'returnTo=/orders' })
    const { sessions } = world.app
    const spend = async () => false
    const app = { ...world.app, sessions: { ...sessions, spend } }
    const { headers, cookies = [] } = await callback(app, world.answerOf())
    const state = new URL(headers?.location ?? '').searchParams.get('state') ?? ''
    const again = world.answerOf({ state }, { holds: cookies })
    const { code, context } = await faultOf(() => callback(app, again))

    expect([code, context]).toEqual(['callback/replayed', { returnTo: '/orders' }])
    expect(world.logged()).toEqual([restarted('callback/replayed')])
    expect(rowsOfSessions(world)).toEqual([])
  })

  it('because Entra was not heard back from makes no session of the first code', async () => {
    const redeemCode = () => Promise.reject(new AppError('entra/unavailable'))
    const world = await openSignIn({ answers: { redeemCode } })
    const { status, headers } = await callback(world.app, world.answerOf())

    expect([status, new URL(headers?.location ?? '').origin]).toEqual([303, world.app.config.entra.origin])
    expect(rowsOfSessions(world)).toEqual([])
    expect(world.logged()).toEqual([restarted('entra/unavailable')])
  })

  it.each([
    ['a script', SCRIPT],
    ['a window that wants no page', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'empty' }],
    ['a frame', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe', accept: 'text/html' }],
  ])('is none for %s: the fault is told', async (_who, headers) => {
    const world = await openSignIn()
    world.effects.advance(TRANSACTION_MS)
    const late = await faultOf(() => callback(world.app, world.answerOf({}, { headers })))
    const lost = await faultOf(() => callback(world.app, world.answerOf({}, { headers, holds: [] })))

    expect([late.code, lost.code]).toEqual(['callback/expired', 'callback/transaction_lost'])
    expect(world.logged()).toEqual([])
    expect(world.calls).toEqual([])
  })

  it('because its cookie did not come leads to the start page, once', async () => {
    const world = await openSignIn({ query: 'returnTo=/orders' })
    const lost = await callback(world.app, world.answerOf({}, { holds: [] }))
    const { searchParams } = new URL(lost.headers?.location ?? '')
    const state = searchParams.get('state') ?? ''

    expect([lost.status, lost.cookies?.length]).toEqual([303, 1])
    expect(state).toMatch(/^[\w-]{12}\.1\./)
    expect(world.logged()).toEqual([restarted('callback/transaction_lost')])
    const { code, context } = await faultOf(() =>
      callback(world.app, world.answerOf({ state }, { holds: [] })),
    )
    expect([code, context]).toEqual(['callback/transaction_lost', {}])
    expect(await callback(world.app, world.answerOf({ state }, { holds: lost.cookies ?? [] }))).toMatchObject(
      {
        status: 303,
        headers: { location: '/' },
      },
    )
  })

  it.each([{ code: undefined }, { error: 'access_denied' }, { code: undefined, error: 'access_denied' }])(
    'is none where the cookie did not come, nor a code alone: %j',
    async (changes) => {
      const world = await openSignIn()
      const request = world.answerOf(changes, { holds: [] })

      expect((await faultOf(() => callback(world.app, request))).code).toBe('callback/transaction_lost')
      expect([world.calls, world.logged()]).toEqual([[], []])
    },
  )

  it('for the third time within a minute goes round in circles, and is told so', async () => {
    const world = await openSignIn({ query: 'returnTo=/orders' })
    const done = ['b', 'c', 'd'].map((letter) => ({
      name: `__Host-signet-tx-${letter.repeat(12)}`,
      value: `done-${START_MS}-${'A'.repeat(43)}`,
    }))
    const request = world.answerOf({}, { holds: [world.cookie, ...done] })
    const sessions = { ...world.app.sessions, spend: async () => false }
    const { code, context } = await faultOf(() => callback({ ...world.app, sessions }, request))

    expect([code, context]).toEqual([
      'login/loop',
      { returnTo: '/orders', loginParameters: { prompt: 'select_account' } },
    ])
  })
})
