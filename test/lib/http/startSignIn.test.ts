import { describe, expect, it } from 'vitest'
import { base64url, sha256 } from '../../../lib/base/crypto.ts'
import { parseSignInLink } from '../../../lib/http/signInLink.ts'
import { startSignIn } from '../../../lib/http/startSignIn.ts'
import { newTicket } from '../../../lib/session/ticket.ts'
import { openState, openTransaction, parseState } from '../../../lib/session/transaction.ts'
import { START_MS } from '../../support/heldEffects.ts'
import { openFakeApp, removed } from '../../support/openFakeApp.ts'
import { signetRequestOf } from '../../support/signetRequestOf.ts'

const nameOf = (i: number) => `__Host-signet-tx-${String(i).padStart(12, '0')}`
const IN_FLIGHT = 'A'.repeat(43)
const DONE = `done-${START_MS - 3_600_000}-${IN_FLIGHT}`

interface Start {
  readonly query?: string
  readonly cookie?: string
  readonly restarts?: number
  readonly replaces?: string
}

function start({ query = '', cookie = '', restarts = 0, ...more }: Start = {}) {
  const fake = openFakeApp()
  const link = parseSignInLink(new URLSearchParams(query), fake.app.config)
  const reply = startSignIn(
    fake.app,
    signetRequestOf({ headers: { cookie } }),
    { link, restarts, ...more },
    303,
  )
  const { searchParams } = new URL(reply.headers?.location ?? '')
  const keys = openTransaction(reply.cookies?.at(-1)?.value ?? '')
  const sealed = parseState(searchParams.get('state') ?? '')
  if (keys === undefined || sealed === undefined) throw new Error('no transaction')
  const state = openState(keys, sealed, START_MS)
  return { ...fake, reply, searchParams, keys, sealed, state }
}

describe('the redirect that starts a sign-in', () => {
  it('asks with what follows from the secret in the cookie', () => {
    const { reply, searchParams, keys, sealed } = start()

    expect(reply.status).toBe(303)
    expect(reply.cookies?.map(({ name }) => name)).toEqual([`__Host-signet-tx-${keys.handle}`])
    expect([sealed.handle, sealed.restarts]).toEqual([keys.handle, 0])
    expect(searchParams.get('nonce')).toBe(keys.nonce)
    expect(searchParams.get('code_challenge')).toBe(base64url.encode(sha256(keys.codeVerifier)))
  })

  it('remembers what the answer has to show, and no hint: Entra has heard it', () => {
    const query = 'returnTo=/orders&loginHint=ada&domainHint=contoso.example&maxAge=60'
    const { state, searchParams } = start({ query, restarts: 1 })

    expect(state).toEqual({
      startedAtMs: START_MS,
      link: { returnTo: '/orders', maxAge: '60' },
      replaces: undefined,
    })
    expect([searchParams.get('login_hint'), searchParams.get('domain_hint')]).toEqual([
      'ada',
      'contoso.example',
    ])
  })

  it('remembers the session that the new one replaces: that of the request, unless told', () => {
    const ticket = newTicket(openFakeApp().effects.random)
    const cookie = `__Host-signet=${ticket.secret}`

    expect(start({ cookie }).state?.replaces).toBe(ticket.endProof)
    expect(start({ cookie, replaces: 'told' }).state?.replaces).toBe('told')
    expect(start({ cookie: '__Host-signet=abc' }).state?.replaces).toBeUndefined()
  })
})

describe('room for one more sign-in', () => {
  /** The cookies that go, of so many: answered ones where `isDone` says so. */
  const removedOf = (count: number, isDone: (i: number) => boolean = () => false) => {
    const cookie = Array.from({ length: count }, (_, i) => `${nameOf(i)}=${isDone(i) ? DONE : IN_FLIGHT}`)
    return start({ cookie: ['__Host-signet=abc', ...cookie].join('; ') }).reply.cookies?.slice(0, -1)
  }

  it.each([0, 1, 19])('is there beside %i others: none goes', (count) => {
    expect(removedOf(count)).toEqual([])
  })

  it.each([
    [20, [0]],
    [21, [0, 1]],
    [23, [0, 1, 2, 3]],
  ])('is made among %i: the oldest go, %j', (count, gone) => {
    expect(removedOf(count)).toEqual(gone.map((i) => removed(nameOf(i), 'None')))
  })

  it('is made by those that were answered before any that is in flight', () => {
    expect(removedOf(21, (i) => i > 18)).toEqual([19, 20].map((i) => removed(nameOf(i), 'None')))
    expect(removedOf(22, (i) => i > 19)).toEqual([20, 21, 0].map((i) => removed(nameOf(i), 'None')))
  })
})
