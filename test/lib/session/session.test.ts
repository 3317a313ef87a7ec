import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nonceHashOf } from '../../../lib/entra/idToken.ts'
import type { TokenSet } from '../../../lib/entra/tokenEndpoint.ts'
import { described, idleEnd, newSession, standing } from '../../../lib/session/session.ts'
import { CLIENT } from '../../support/configOf.ts'
import { START_MS } from '../../support/heldEffects.ts'
import { sessionOf } from '../../support/sessionOf.ts'

const MINUTE_MS = 60_000
const limits = { idleMs: 60 * MINUTE_MS, absoluteMs: 480 * MINUTE_MS }
const session = sessionOf()

describe('newSession', () => {
  const { identity, proof, device } = session
  const signIn = (tokens: Partial<TokenSet>) => {
    const held = { accessToken: 'opaque', accessTokenExpiresAtMs: START_MS, ...tokens }
    return newSession(
      { redemption: { identity, tokens: held, proof }, nonce: 'n', clientId: CLIENT, device },
      limits,
      START_MS,
    )
  }

  it('keeps who signed in and how, ends at the absolute limit, and holds no token', () => {
    const { session: begun } = signIn({ refreshToken: 'r' })

    expect(begun).toStrictEqual({
      identity,
      nonceHash: nonceHashOf('n'),
      proof,
      device,
      createdAtMs: START_MS,
      endsAtMs: START_MS + limits.absoluteMs,
    })
  })

  it('grants the refresh token; the access token of the sign-in itself is not kept', () => {
    expect(signIn({ refreshToken: 'r' }).grant).toEqual({ refreshToken: 'r', accessTokens: {} })
    expect(signIn({}).grant).toStrictEqual({ accessTokens: {} })
  })

  it('remembers what an access token for us says of the client, and of no other token', () => {
    const token = (aud: string) =>
      `e30.${Buffer.from(JSON.stringify({ aud, azpacr: '2' })).toString('base64url')}.sig`

    expect(signIn({ accessToken: token(CLIENT) }).session.clientAuthentication).toEqual({
      claim: 'azpacr',
      value: '2',
    })
    expect(
      signIn({ accessToken: token('https://graph.microsoft.com') }).session.clientAuthentication,
    ).toBeUndefined()
  })
})

describe('standing', () => {
  const TOUCH_MS = limits.idleMs / 10

  it.each<[string, number, number, string]>([
    ['just used', START_MS, START_MS, 'live'],
    ['a millisecond before a use is noted', START_MS, START_MS + TOUCH_MS - 1, 'live'],
    ['from when a use is noted', START_MS, START_MS + TOUCH_MS, 'touch'],
    ['a millisecond after', START_MS, START_MS + TOUCH_MS + 1, 'touch'],
    ['in its last idle millisecond', START_MS, START_MS + limits.idleMs - 1, 'touch'],
    ['at the idle limit', START_MS, START_MS + limits.idleMs, 'ended'],
    ['a millisecond past it', START_MS, START_MS + limits.idleMs + 1, 'ended'],
    ['in its last millisecond of all, in use', session.endsAtMs - 1, session.endsAtMs - 1, 'live'],
    ['at the absolute limit, though in use', session.endsAtMs - 1, session.endsAtMs, 'ended'],
    ['a millisecond past that', session.endsAtMs, session.endsAtMs + 1, 'ended'],
    ['used by an instance whose clock is ahead', START_MS + 2_000, START_MS, 'live'],
  ])('of a session %s', (_name, usedAtMs, nowMs, expected) => {
    expect(standing(session, usedAtMs, limits, nowMs)).toBe(expected)
  })

  it('never brings an ended session back by waiting', () => {
    const offset = fc.integer({ min: 0, max: 3 * limits.absoluteMs })
    fc.assert(
      fc.property(offset, offset, offset, (used, first, later) => {
        const usedAtMs = START_MS + used
        const nowMs = START_MS + first
        if (standing(session, usedAtMs, limits, nowMs) === 'ended')
          expect(standing(session, usedAtMs, limits, nowMs + later)).toBe('ended')
      }),
    )
  })

  it('agrees with idleEnd to the millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: limits.absoluteMs }), (used) => {
        const usedAtMs = START_MS + used
        const endMs = idleEnd(session, usedAtMs, limits)
        expect(standing(session, usedAtMs, limits, endMs)).toBe('ended')
        expect(standing(session, usedAtMs, limits, endMs - 1)).not.toBe('ended')
      }),
    )
  })
})

describe('what Entra says of the person later', () => {
  const known = { ...session.identity, roles: ['Reader'] }
  const { tid, oid, sub } = known

  it('replaces what it names, and leaves the rest; roles that it does not name are gone', () => {
    const { roles: _gone, ...rest } = known
    for (const told of [
      { name: 'Alice Other' },
      { username: 'a@contoso.com' },
      { loginHint: 'another-hint' },
    ])
      expect(described(known, { tid, oid, sub, ...told })).toStrictEqual({ ...rest, ...told })
    expect(described(known, { ...known, roles: ['Admin'] })).toStrictEqual({ ...known, roles: ['Admin'] })
  })

  it('and that is nothing new changes nothing', () => {
    expect(described(known, { tid, oid, sub, roles: ['Reader'] })).toBe(known)
  })
})

describe('idleEnd', () => {
  it('is the idle limit, but never past the absolute one', () => {
    expect(idleEnd(session, START_MS, limits)).toBe(START_MS + limits.idleMs)
    expect(idleEnd(session, session.endsAtMs - 1, limits)).toBe(session.endsAtMs)
  })
})
