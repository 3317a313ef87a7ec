import { describe, expect, it } from 'vitest'
import type { DownstreamApi } from '../../../../lib/config/downstreamApi.ts'
import { AppError } from '../../../../lib/errors/appError.ts'
import { apiTokens, scopeOfSignIn } from '../../../../lib/http/proxy/apiTokens.ts'
import { newTicket } from '../../../../lib/session/ticket.ts'
import { configOf } from '../../../support/configOf.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { heldEffects, START_MS } from '../../../support/heldEffects.ts'
import { openFakeApp } from '../../../support/openFakeApp.ts'
import { sessionOf } from '../../../support/sessionOf.ts'

const SCOPES = ['api://orders/read', 'api://orders/write']
const APP_SCOPE = 'api://orders/.default'
const apiAs = (as: DownstreamApi['as']): DownstreamApi =>
  ({ as, userScopes: SCOPES, appScope: APP_SCOPE }) as unknown as DownstreamApi
const alice = { ticket: newTicket(heldEffects().random), session: sessionOf() }
const heldSince = (token: string, obtainedAtMs: number) => ({
  token,
  obtainedAtMs,
  expiresAtMs: START_MS + 1,
  renewAtMs: START_MS,
})

describe('an API that is called as the app', () => {
  it.each([
    ['app', alice],
    ['app', undefined],
    ['user-or-app', undefined],
  ] as const)(
    '(%s) gets the token of the app, and another for the very one that it refused',
    async (as, signedIn) => {
      const { app, calls } = openFakeApp({
        answers: { appOnly: { tokenFor: async () => 'of the app', replace: async () => 'the next' } },
      })
      const tokens = apiTokens(app, apiAs(as), signedIn)

      expect(tokens.areOfPerson).toBe(false)
      expect(await tokens.another()).toBeUndefined()
      expect(calls).toEqual([])
      expect([await tokens.get(), await tokens.another()]).toEqual(['of the app', 'the next'])
      expect(calls).toEqual([
        ['appOnly.tokenFor', APP_SCOPE],
        ['appOnly.replace', APP_SCOPE, 'of the app'],
      ])
    },
  )

  it('is a fault of ours where no client for it is configured', async () => {
    const { app, calls } = openFakeApp()
    const { code, context } = await faultOf(() => apiTokens(app, apiAs('app'), alice))

    expect([code, context]).toEqual(['bug/unexpected', { detail: 'no app-only client' }])
    expect(calls).toEqual([])
  })
})

describe('an API that is called as the person', () => {
  it('needs one who is signed in: nobody is asked for a token of nobody', async () => {
    const { app, calls } = openFakeApp()

    expect((await faultOf(() => apiTokens(app, apiAs('user'), undefined))).code).toBe('session/required')
    expect(calls).toEqual([])
  })

  it.each(['user', 'user-or-app'] as const)(
    '(%s) gets their token, and another for the one that was refused',
    async (as) => {
      const first = heldSince('first', START_MS)
      const { app, calls } = openFakeApp({
        answers: {
          userTokens: { tokenFor: async () => first, renew: async () => heldSince('second', START_MS + 1) },
        },
      })
      const tokens = apiTokens(app, apiAs(as), alice)

      expect(tokens.areOfPerson).toBe(true)
      expect([await tokens.get(), await tokens.another()]).toEqual(['first', 'second'])
      expect(calls).toEqual([
        ['userTokens.tokenFor', alice, SCOPES],
        ['userTokens.renew', alice, SCOPES, first],
      ])
    },
  )

  it('gets no other where the one that was renewed is the very one that was refused', async () => {
    const first = heldSince('first', START_MS)
    const { app } = openFakeApp({
      answers: { userTokens: { tokenFor: async () => first, renew: async () => ({ ...first }) } },
    })

    expect(await apiTokens(app, apiAs('user'), alice).another()).toBeUndefined()
  })

  it.each(['entra/interaction_required', 'entra/no_access'] as const)(
    'asks the person for consent to its scopes where Entra says %s, then or at the renewal',
    async (code) => {
      const fails = async () => {
        throw new AppError(code, { claims: '{}', detail: 'as Entra said' })
      }
      const expected = [
        'entra/interaction_required',
        {
          claims: '{}',
          detail: 'as Entra said',
          loginParameters: { scope: `openid profile email offline_access ${SCOPES.join(' ')}` },
        },
      ]
      const fresh = openFakeApp({ answers: { userTokens: { tokenFor: fails } } })
      const renewed = openFakeApp({
        answers: { userTokens: { tokenFor: async () => heldSince('first', START_MS), renew: fails } },
      })
      const settings = { scopes: ['openid', 'profile', 'email', 'offline_access', 'api://mine/read'] }
      const at = ({ app }: typeof fresh) =>
        apiTokens(
          { ...app, config: { ...app.config, ...settings } as typeof app.config },
          apiAs('user'),
          alice,
        )

      for (const act of [() => at(fresh).get(), () => at(fresh).another(), () => at(renewed).another()]) {
        const { code: told, context } = await faultOf(act)
        expect([told, context]).toEqual(expected)
      }
    },
  )

  it('has any other fault pass as it is', async () => {
    const fault = new AppError('entra/unavailable', { retryAfterSec: 3 })
    const { app } = openFakeApp({
      answers: {
        userTokens: {
          tokenFor: async () => {
            throw fault
          },
        },
      },
    })

    expect(await faultOf(() => apiTokens(app, apiAs('user'), alice).get())).toBe(fault)
  })
})

it('a sign-in for consent asks for what sign-in itself needs, and for the scopes of that API alone', () => {
  const config = { ...configOf(), scopes: ['openid', 'offline_access', 'api://other/read'] }

  expect(scopeOfSignIn(config, SCOPES)).toEqual({ scope: `openid offline_access ${SCOPES.join(' ')}` })
  expect(scopeOfSignIn(config, [])).toEqual({ scope: 'openid offline_access' })
})
