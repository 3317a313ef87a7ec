import { describe, expect, it } from 'vitest'
import { base64url, sha256 } from '../../../../lib/base/crypto.ts'
import type { RedeemCode } from '../../../../lib/entra/codeRedemption.ts'
import { nonceHashOf } from '../../../../lib/entra/idToken.ts'
import type { Reply } from '../../../../lib/http/reply.ts'
import { callback } from '../../../../lib/http/routes/callback.ts'
import { newTicket, openTicket } from '../../../../lib/session/ticket.ts'
import { openTransaction, TRANSACTION_MS } from '../../../../lib/session/transaction.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { forgeState } from '../../../support/forgeState.ts'
import { START_MS } from '../../../support/heldEffects.ts'
import { ALICE, openFakeApp, troubled } from '../../../support/openFakeApp.ts'
import { ASSERTION, marked, openSignIn, rowsOfSessions } from '../../../support/openSignIn.ts'
import { sessionOf } from '../../../support/sessionOf.ts'
import { CORRELATION_ID } from '../../../support/signetRequestOf.ts'

type World = Awaited<ReturnType<typeof openSignIn>>

const HOUR_MS = 3_600_000
const ticketIn = ({ cookies = [] }: Reply) => openTicket(cookies[0]?.value ?? '')
const started = ['info', 'session.started', { correlationId: CORRELATION_ID, person: ALICE }]

describe('an answer with a code', () => {
  it('becomes a session and two cookies, and leads to where the person was going', async () => {
    const world = await openSignIn({ query: 'returnTo=/orders%3Fid%3D7' })
    const reply = await callback(world.app, world.answerOf())
    const ticket = ticketIn(reply)

    expect(reply).toEqual({
      status: 303,
      headers: { location: '/orders?id=7' },
      cookies: [
        {
          name: '__Host-signet',
          value: expect.stringMatching(/^[\w-]{43}$/),
          secure: true,
          httpOnly: true,
          path: '/',
          sameSite: 'Lax',
        },
        marked('done', world.cookie),
      ],
    })
    expect(ticket && (await world.app.sessions.read(ticket))).toMatchObject({
      usedAtMs: START_MS,
      session: {
        identity: sessionOf().identity,
        nonceHash: nonceHashOf(openTransaction(world.cookie.value)?.nonce),
        proof: sessionOf().proof,
        device: 'unknown device',
        createdAtMs: START_MS,
        endsAtMs: START_MS + 8 * HOUR_MS,
      },
    })
    expect(rowsOfSessions(world)).toHaveLength(2)
    expect(world.logged()).toEqual([started])
  })

  it('is redeemed with what this browser alone can know, by an assertion that was in hand before anything was spent', async () => {
    const spent: number[] = []
    const world: World = await openSignIn({
      answers: {
        credential: {
          assertionFor: async () => {
            spent.push(world.table.size())
            return ASSERTION
          },
        },
      },
    })
    await callback(world.app, world.answerOf())
    const { searchParams } = world.authorize
    const [assertionFor, announcesIss, redeem, ...others] = world.calls
    const redeemed = redeem?.[1] as Parameters<RedeemCode>[0]

    expect(spent).toEqual([0])
    expect([assertionFor, announcesIss]).toEqual([
      ['credential.assertionFor', world.app.config.entra.token],
      ['providerKeys.announcesIss'],
    ])
    expect(others).toEqual([])
    expect(redeemed.response.parameters.get('code')).toBe('the-code')
    expect(redeemed).toMatchObject({
      assertion: ASSERTION,
      nonce: searchParams.get('nonce'),
      correlationId: CORRELATION_ID,
    })
    expect(base64url.encode(sha256(redeemed.codeVerifier))).toBe(searchParams.get('code_challenge'))
  })

  it('has its code counted among those that are redeemed, before anything is spent', async () => {
    const world = await openSignIn()
    const admitted: unknown[] = []
    const redemptions = {
      ...world.app.redemptions,
      admit: async (code: string, work: () => Promise<Reply>) => {
        admitted.push([code, world.table.size()])
        return work()
      },
    } as typeof world.app.redemptions
    await callback({ ...world.app, redemptions }, world.answerOf())

    expect(admitted).toEqual([['the-code', 0]])
  })

  it('that comes again leads to the same place: nobody is asked, nothing is written', async () => {
    const world = await openSignIn({ query: 'returnTo=/orders' })
    const { cookies = [] } = await callback(world.app, world.answerOf())
    world.calls.splice(0)
    const rows = world.table.rows()

    expect(await callback(world.app, world.answerOf({}, { holds: [cookies[1]] }))).toEqual({
      status: 303,
      headers: { location: '/orders' },
      cookies: [],
    })
    expect(world.calls).toEqual([])
    expect(world.table.rows()).toEqual(rows)
  })

  it('to a sign-in that was started anew is no session: the mark of it says `again`, not `done`', async () => {
    const world = await openSignIn()
    world.effects.advance(TRANSACTION_MS)
    const { cookies = [] } = await callback(world.app, world.answerOf())
    const again = await callback(world.app, world.answerOf({}, { holds: [cookies[0]] }))

    expect(new URL(again.headers?.location ?? '').origin).toBe(world.app.config.entra.origin)
  })
})

describe('the session that was there', () => {
  async function replacing(isDown: () => boolean = () => false) {
    const held = openFakeApp()
    const before = newTicket(held.effects.random)
    const world = await openSignIn({
      cookies: [`__Host-signet=${before.secret}`],
      weather: troubled(isDown, 'remove'),
    })
    const { identity } = sessionOf()
    const former = sessionOf({ identity: { ...identity, sid: 'former' } })
    await world.app.sessions.insert(before, former, { accessTokens: {} })
    return { ...world, before }
  }

  it('ends once the new one is written', async () => {
    const world = await replacing()
    const reply = await callback(world.app, world.answerOf())

    expect(reply.status).toBe(303)
    expect(await world.app.sessions.read(world.before)).toBeUndefined()
    expect(world.logged()).toEqual([
      started,
      ['info', 'session.ended', { correlationId: CORRELATION_ID, person: ALICE, by: 'replaced' }],
    ])
  })

  it('stays where the new one is refused', async () => {
    const world = await replacing()
    await faultOf(() => callback(world.app, world.answerOf({ code: undefined, error: 'access_denied' })))

    expect(await world.app.sessions.read(world.before)).toBeDefined()
  })

  it('is no reason to refuse the new one where it cannot be removed; the log says that it was left', async () => {
    let isDown = false
    const world = await replacing(() => isDown)
    isDown = true
    const reply = await callback(world.app, world.answerOf())

    expect([reply.status, reply.cookies?.[0]?.name]).toEqual([303, '__Host-signet'])
    expect(world.logged()).toEqual([
      started,
      [
        'warn',
        'session.previous_left',
        { correlationId: CORRELATION_ID, fault: 'session/store_unavailable' },
      ],
    ])
  })
})

it('what a browser sealed itself is a link like any other: one that is wrong is refused', async () => {
  const world = await openSignIn()
  const ask = (link: Readonly<Record<string, string>>) => {
    const { keys, state } = forgeState({ v: 2, startedAtMs: START_MS, link })
    const holds = [{ name: `__Host-signet-tx-${keys.handle}`, value: keys.secret }]
    return callback(world.app, world.answerOf({ state }, { holds }))
  }
  const { code, context } = await faultOf(() => ask({ returnTo: 'https://evil.example' }))

  expect([code, context.detail, context.cause]).toEqual([
    'callback/state_mismatch',
    'link',
    expect.objectContaining({ code: 'login/invalid_parameter' }),
  ])
  expect([world.calls, world.table.size()]).toEqual([[], 0])
  expect(await ask({ returnTo: '/orders' })).toMatchObject({ headers: { location: '/orders' } })
})
