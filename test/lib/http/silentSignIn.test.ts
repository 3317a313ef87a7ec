import { describe, expect, it } from 'vitest'
import { callback } from '../../../lib/http/routes/callback.ts'
import { faultOf } from '../../support/faultOf.ts'
import { openSignIn } from '../../support/openSignIn.ts'

describe('a sign-in without a question', () => {
  const query = 'prompt=none&returnTo=/orders&scope=openid+profile'

  it('ends on a page that tells so and leads on, with the session', async () => {
    const world = await openSignIn({ query })
    const { status, body, cookies } = await callback(world.app, world.answerOf())
    const html = body?.kind === 'page' ? body.page.html : ''

    expect(status).toBe(200)
    expect(html).toContain('data-outcome="signed-in"')
    expect(html).toContain('<a class="button" href="/orders">')
    expect(cookies?.map(({ name }) => name)).toEqual(['__Host-signet', world.cookie.name])
  })

  it.each([
    ['login_required', 'sign-in-needed', 'entra/interaction_required', 'login_required'],
    ['interaction_required', 'sign-in-needed', 'entra/interaction_required', 'interaction_required'],
    [
      'account_selection_required',
      'sign-in-needed',
      'entra/interaction_required',
      'account_selection_required',
    ],
    ['consent_required', 'sign-in-needed', 'entra/interaction_required', 'consent_required'],
    ['access_denied', 'failed', 'entra/no_access', 'access_denied'],
    ['server_error', 'failed', 'entra/unavailable', 'server_error'],
    ['temporarily_unavailable', 'failed', 'entra/unavailable', 'temporarily_unavailable'],
    ['something_else', 'failed', 'entra/sign_in_refused', 'entra/sign_in_refused'],
  ] as const)(
    'that ends in %s tells `%s` and its name, and its cookie goes',
    async (error, outcome, code, told) => {
      const world = await openSignIn({ query })
      const fault = await faultOf(() => callback(world.app, world.answerOf({ code: undefined, error })))
      const handle = world.state.split('.')[0]

      expect(fault.code).toBe(code)
      expect(fault.context.silent).toEqual({ outcome, code: told, handle })
      expect(fault.context.loginParameters).toStrictEqual({ scope: 'openid profile' })
      expect(fault.context.returnTo).toBe('/orders')
      expect(world.table.size()).toBe(0)
    },
  )

  it('that is not as asked needs the person, who proves anew', async () => {
    const world = await openSignIn({ query: 'prompt=none&maxAge=600' })
    const { code, context } = await faultOf(() => callback(world.app, world.answerOf()))

    expect([code, context.silent?.outcome, context.loginParameters]).toEqual([
      'callback/not_as_asked',
      'sign-in-needed',
      { maxAge: '600', prompt: 'login' },
    ])
  })

  it.each([
    ['login_required', true],
    ['interaction_required', true],
    ['access_denied', false],
    ['consent_required', false],
  ])('whose cookie did not come is known by %s alone: %s', async (error, isKnown) => {
    const world = await openSignIn({ query })
    const ask = (changes: Record<string, string | undefined>) =>
      faultOf(() => callback(world.app, world.answerOf({ error, ...changes }, { holds: [] })))
    const { code, context } = await ask({ code: undefined })

    expect(code).toBe(isKnown ? 'entra/interaction_required' : 'callback/transaction_lost')
    expect(context.silent).toStrictEqual(isKnown ? { outcome: 'sign-in-needed', code: error } : undefined)
    expect((await ask({})).code).toBe('callback/transaction_lost')
    expect([world.calls, world.logged()]).toEqual([[], []])
  })

  it('is no silent one where the person was asked', async () => {
    const world = await openSignIn({ query: 'prompt=select_account' })
    const request = world.answerOf({ code: undefined, error: 'login_required' })
    const { context } = await faultOf(() => callback(world.app, request))

    expect(context.silent).toBeUndefined()
  })
})
