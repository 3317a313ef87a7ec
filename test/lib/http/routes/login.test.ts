import { describe, expect, it } from 'vitest'
import { LONGEST_ENTRA_URL } from '../../../../lib/entra/authorizationRequest.ts'
import { login } from '../../../../lib/http/routes/login.ts'
import { TENANT } from '../../../support/configOf.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { openFakeApp } from '../../../support/openFakeApp.ts'
import { signetRequestOf } from '../../../support/signetRequestOf.ts'

const WINDOW = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
const SCRIPT = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }
const FORM = { ...WINDOW, 'content-type': 'application/x-www-form-urlencoded' }

describe('a link to sign-in', () => {
  it('sends a window to Entra with one cookie of the transaction, and writes nothing', async () => {
    const { app, calls, table } = openFakeApp()
    const reply = await login(
      app,
      signetRequestOf({ target: '/auth/login?returnTo=/orders&loginHint=ada', headers: WINDOW }),
    )
    const { origin, pathname, searchParams } = new URL(reply.headers?.location ?? '')

    expect(reply).toEqual({
      status: 302,
      headers: { location: expect.any(String) },
      cookies: [
        {
          name: expect.stringMatching(/^__Host-signet-tx-[\w-]{12}$/),
          value: expect.stringMatching(/^[\w-]{43}$/),
          secure: true,
          httpOnly: true,
          path: '/',
          sameSite: 'None',
          maxAge: 3_600,
        },
      ],
      facts: {},
    })
    expect([origin, pathname]).toEqual([app.config.entra.origin, `/${TENANT}/oauth2/v2.0/authorize`])
    expect(searchParams.get('login_hint')).toBe('ada')
    expect(calls).toEqual([['credential.warm', app.config.entra.token]])
    expect(table.calls.size).toBe(0)
  })

  it('is judged by HEAD without a cookie, and the log counts what means nothing here', async () => {
    const { app } = openFakeApp()
    const head = (target: string) => login(app, signetRequestOf({ method: 'HEAD', target, headers: WINDOW }))

    expect(await head('/auth/login')).toEqual({ status: 200, facts: {} })
    expect(await head('/auth/login?utm_source=mail&utm_id=1')).toEqual({
      status: 200,
      facts: { ignoredParameters: 2 },
    })
  })

  it('posted by a third party becomes a navigation of ours with the same parameters, and starts nothing yet', async () => {
    const { app } = openFakeApp()
    const request = signetRequestOf({
      method: 'POST',
      target: '/auth/login?prompt=login',
      body: 'target_link_uri=%2Forders&login_hint=ada&other=1',
      headers: FORM,
    })

    expect(await login(app, request)).toEqual({
      status: 303,
      headers: { location: '/auth/login?returnTo=%2Forders&prompt=login&loginHint=ada' },
      cookies: [],
      facts: { ignoredParameters: 1 },
    })
  })

  it('posted as anything but a form is refused', async () => {
    const { app, calls } = openFakeApp()
    const request = signetRequestOf({ method: 'POST', body: 'prompt=none', headers: WINDOW })

    expect((await faultOf(() => login(app, request))).code).toBe('http/unsupported_media_type')
    expect(calls).toEqual([])
  })

  it.each([
    [
      '/auth/login?returnTo=/orders&prompt=login&x=1',
      { ignoredParameters: 1 },
      '/orders',
      { returnTo: '/orders', prompt: 'login' },
    ],
    ['/auth/login?prompt=none', {}, '/', { prompt: 'none' }],
  ] as const)(
    'that no window follows (%s) begins nothing, and the fault keeps the way on',
    async (target, facts, returnTo, loginParameters) => {
      const { app, calls } = openFakeApp()
      const { code, context } = await faultOf(() => login(app, signetRequestOf({ target, headers: SCRIPT })))

      expect(code).toBe('login/not_a_navigation')
      expect(context).toEqual({ facts, returnTo, loginParameters })
      expect(calls).toEqual([])
    },
  )

  it.each([
    ['prompt=none&maxAge=soon', true],
    ['prompt=login&maxAge=soon', false],
    ['maxAge=soon&loginHint=none', false],
  ])(
    'that is wrong (%s) ends in the small window where none was to be asked: %s',
    async (query, isSilent) => {
      const { app, calls } = openFakeApp()
      const target = `/auth/login?${query}`
      const { code, context } = await faultOf(() => login(app, signetRequestOf({ target, headers: WINDOW })))
      const byScript = await faultOf(() => login(app, signetRequestOf({ target, headers: SCRIPT })))

      expect(code).toBe('login/invalid_parameter')
      expect(context.silent).toEqual(
        isSilent ? { outcome: 'failed', code: 'login/invalid_parameter' } : undefined,
      )
      expect(byScript.context.silent).toBeUndefined()
      expect(calls).toEqual([])
    },
  )

  it('is good up to the longest address that Entra takes, and names what is too long beyond it', async () => {
    const { app } = openFakeApp()
    const ask = (characters: number) =>
      login(
        app,
        signetRequestOf({
          target: `/auth/login?loginHint=${'%E2%82%AC'.repeat(250)}&claims=${encodeURIComponent(JSON.stringify({ a: 'b'.repeat(characters) }))}`,
          headers: WINDOW,
        }),
      )
    const good: number[] = []
    const longer = async (): Promise<number> => (await ask(good.length)).headers?.location?.length ?? 0
    const fault = await faultOf(async () => {
      for (;;) good.push(await longer())
    })
    const [, tooLong] = /: (\d+) characters in all$/.exec(fault.message) ?? []

    expect(fault.code).toBe('login/invalid_parameter')
    expect(good.at(-1)).toBeLessThanOrEqual(LONGEST_ENTRA_URL)
    expect(Number(tooLong)).toBeGreaterThan(LONGEST_ENTRA_URL)
  })
})
