import { describe, expect, it } from 'vitest'
import { AppError } from '../../../../lib/errors/appError.ts'
import { callback } from '../../../../lib/http/routes/callback.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { START_MS } from '../../../support/heldEffects.ts'
import { openFakeApp } from '../../../support/openFakeApp.ts'
import { openSignIn, redemptionOf, rowsOfSessions } from '../../../support/openSignIn.ts'
import { signetRequestOf } from '../../../support/signetRequestOf.ts'

describe('a form that is no answer to a sign-in of this browser', () => {
  it.each([
    ['no state', undefined],
    ['state', ''],
    ['state', 'a.b.c'],
    ['state', `${'A'.repeat(12)}.2.AAAA`],
  ] as const)('is refused by its %s (%j): nobody is asked, nothing is written', async (detail, state) => {
    const world = await openSignIn()
    const { code, context } = await faultOf(() => callback(world.app, world.answerOf({ state })))

    expect([code, context]).toEqual(['callback/malformed', { detail }])
    expect([world.calls, world.table.size()]).toEqual([[], 0])
  })

  it.each([
    ['an empty one', ''],
    ['another secret', 'A'.repeat(43)],
    ['no secret', 'A'.repeat(42)],
  ])('is refused where the cookie holds %s', async (_what, value) => {
    const world = await openSignIn()
    const holds = [{ ...world.cookie, value }]
    const { code, context } = await faultOf(() => callback(world.app, world.answerOf({}, { holds })))

    expect([code, context]).toEqual(['callback/state_mismatch', {}])
    expect([world.calls, world.table.size()]).toEqual([[], 0])
  })

  it('is refused where it is no form', async () => {
    const { app } = openFakeApp()
    const request = signetRequestOf({ method: 'POST', body: '{}', headers: { 'content-type': 'text/json' } })

    expect((await faultOf(() => callback(app, request))).code).toBe('http/unsupported_media_type')
  })

  it.each(['GET', 'HEAD'])('is no %s, which never leads to a session', async (method) => {
    const { app } = openFakeApp()
    const ask = (query: string) =>
      callback(app, signetRequestOf({ method, target: `/auth/callback?${query}` }))
    const { code, context } = await faultOf(() => ask('code=c&state=s'))

    expect([code, context]).toEqual(['http/method_not_allowed', { detail: 'POST' }])
    for (const answer of ['False', 'not+True', 'Trueish', ''])
      expect((await faultOf(() => ask(`admin_consent=${answer}`))).code).toBe('http/method_not_allowed')
    expect((await faultOf(() => ask('error=access_denied&admin_consent=True'))).code).toBe('entra/no_access')
    const { status, body, cookies } = await ask('admin_consent=True&tenant=t')
    expect([status, cookies, body?.kind === 'page' && body.page.html]).toEqual([
      200,
      [],
      expect.stringContaining('Consent was given'),
    ])
  })
})

describe('an answer that is refused', () => {
  it.each([
    [{ code: undefined }, 'callback/malformed'],
    [{ code: 'a\0b' }, 'callback/malformed'],
    [{ code: 'ü' }, 'callback/malformed'],
    [{ code: 'x'.repeat(60_000) }, 'callback/malformed'],
    [{ code: undefined, error: 'a\0b' }, 'callback/malformed'],
    [{ access_token: 't' }, 'callback/malformed'],
    [{ iss: 'https://evil.example' }, 'callback/issuer_mismatch'],
    [{ code: undefined, error: 'access_denied' }, 'entra/no_access'],
    [{ code: undefined, error: 'server_error' }, 'entra/unavailable'],
  ] as const)(
    'by what it holds (%j: %s) has spent nothing, and keeps the way on',
    async (changes, expected) => {
      const world = await openSignIn({ query: 'returnTo=/orders' })
      const { code, context } = await faultOf(() => callback(world.app, world.answerOf(changes)))

      expect([code, context.returnTo]).toEqual([expected, '/orders'])
      expect(context.silent).toBeUndefined()
      expect([world.calls, world.table.size()]).toEqual([[], 0])
    },
  )

  it('for want of `iss` where the metadata promises it has spent nothing', async () => {
    const world = await openSignIn({ answers: { providerKeys: { announcesIss: async () => true } } })
    const { code, context } = await faultOf(() => callback(world.app, world.answerOf()))

    expect([code, context.detail]).toEqual(['callback/issuer_mismatch', 'no iss'])
    expect(world.table.size()).toBe(0)
    expect(
      (await callback(world.app, world.answerOf({ iss: world.app.config.entra.issuerTemplate }))).status,
    ).toBe(303)
  })

  it('for want of a credential has spent nothing', async () => {
    const fault = new AppError('vault/timeout')
    const assertionFor = () => Promise.reject(fault)
    const world = await openSignIn({ answers: { credential: { assertionFor } } })

    expect((await faultOf(() => callback(world.app, world.answerOf()))).code).toBe('vault/timeout')
    expect(world.table.size()).toBe(0)
  })

  it.each([
    [new AppError('entra/grant_rejected'), 'entra/grant_rejected'],
    [new AppError('entra/unavailable', { retryAfterSec: 0 }), 'entra/unavailable'],
    [new TypeError('broken'), 'bug/unexpected'],
  ])('at redemption (%s) makes no session', async (thrown, expected) => {
    const redeemCode = () => Promise.reject(thrown)
    const world = await openSignIn({ query: 'returnTo=/orders', answers: { redeemCode } })
    const { code, context } = await faultOf(() => callback(world.app, world.answerOf()))

    expect([code, context.returnTo]).toEqual([expected, '/orders'])
    expect(rowsOfSessions(world)).toEqual([])
    expect(world.logged()).toEqual([])
  })

  it.each([
    ['prompt=login', { prompt: 'login' }],
    ['maxAge=600&returnTo=/orders', { maxAge: '600', prompt: 'login' }],
  ])('for not being what was asked (%s) makes no session, and asks again', async (query, loginParameters) => {
    const world = await openSignIn({ query })
    const { code, context } = await faultOf(() => callback(world.app, world.answerOf()))

    expect([code, context.detail, context.loginParameters]).toEqual([
      'callback/not_as_asked',
      'auth_time',
      loginParameters,
    ])
    expect(rowsOfSessions(world)).toEqual([])
  })

  it.each(['', 'prompt=none&'])(
    'for want of an authentication context asks for that again, and not for a new sign-in (%j)',
    async (prompt) => {
      const claims = JSON.stringify({ id_token: { acrs: { essential: true, value: 'c1' } } })
      const world = await openSignIn({ query: `${prompt}claims=${encodeURIComponent(claims)}` })
      const { code, context } = await faultOf(() => callback(world.app, world.answerOf()))

      expect([code, context.detail]).toEqual(['callback/not_as_asked', 'acrs'])
      expect(context.loginParameters).toStrictEqual({ claims })
    },
  )

  it('for being older than was asked, counted from the start of the sign-in, makes no session', async () => {
    const authTimeMs = START_MS - 600_000 - 60_000
    const redeemCode = async () => redemptionOf({ authTimeMs: authTimeMs - 1 })
    const late = await openSignIn({ query: 'maxAge=600', answers: { redeemCode } })
    late.effects.advance(1_000)
    const inTime = await openSignIn({
      query: 'maxAge=600',
      answers: { redeemCode: async () => redemptionOf({ authTimeMs }) },
    })
    inTime.effects.advance(1_000)

    expect((await faultOf(() => callback(late.app, late.answerOf()))).code).toBe('callback/not_as_asked')
    expect((await callback(inTime.app, inTime.answerOf())).status).toBe(303)
  })

  it('for want of a role makes no session, and a role of SIGN_IN_ROLES does', async () => {
    const settings = { SIGN_IN_ROLES: 'Reader Admin' }
    const without = await openSignIn({ settings })
    const redeemCode = async () => redemptionOf({ roles: ['Admin'] })
    const having = await openSignIn({ settings, answers: { redeemCode } })
    const { code, context } = await faultOf(() => callback(without.app, without.answerOf()))

    expect([code, context.detail]).toEqual(['entra/no_access', 'none of SIGN_IN_ROLES'])
    expect(rowsOfSessions(without)).toEqual([])
    expect((await callback(having.app, having.answerOf())).status).toBe(303)
  })

  it('because Entra ended the session meanwhile sets no cookie and says so', async () => {
    const world = await openSignIn()
    const sessions = { ...world.app.sessions, insert: async () => false }
    const { code, context } = await faultOf(() => callback({ ...world.app, sessions }, world.answerOf()))

    expect([code, context.detail]).toEqual(['session/required', 'ended by Entra meanwhile'])
    expect(world.logged()).toEqual([])
  })
})
