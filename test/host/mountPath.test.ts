/**
 * The deployed bundle below `/api`, behind what passes `/api/…` on and nothing else: every address that the app gives, to browser and Entra,
 * leads back through it.
 */
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../local/freePort.ts'
import { type Gateway, openGateway, openStaticWebApp, STATIC_PAGE } from '../support/openGateway.ts'
import { openRunningApp, type RunningApp } from '../support/openRunningApp.ts'
import { BY_SCRIPT } from '../support/screens.ts'
import { location, newVisitor, type Reply } from '../support/visitor.ts'

const emulator = process.env.SWA_CLI

describe('behind a front door that passes /api on', () => worksBelowApi(openGateway))
if (emulator) {
  describe('behind the emulator of Static Web Apps', () =>
    worksBelowApi((ports) => openStaticWebApp(path.resolve(emulator), ports)))
} else
  describe.skip('behind the emulator of Static Web Apps (skipped: SWA_CLI is not set)', () =>
    test('', () => undefined))

function worksBelowApi(
  open: (ports: { readonly port: number; readonly appPort: number }) => Promise<Gateway>,
): void {
  let running: RunningApp
  let gateway: Gateway
  beforeAll(async () => {
    const port = await freePort()
    running = await openRunningApp({
      basePath: '/api',
      publicOrigin: `http://localhost:${port}`,
    })
    gateway = await open({ port, appPort: Number(new URL(running.origin).port) })
  }, 120_000)
  afterAll(async () => {
    await gateway?.close()
    await running?.close()
  })

  const ask = (at: string, headers: Record<string, string> = {}): Promise<Reply> =>
    newVisitor(gateway.origin).ask(`${gateway.origin}${at}`, { headers })

  test('a person signs in, is known, and signs out, all below /api', async () => {
    const visitor = newVisitor(gateway.origin)
    const back = await visitor.signIn('/api/auth/login?returnTo=%2Forders%3Fid%3D7')
    expect([back.status, location(back)]).toEqual([303, '/orders?id=7'])
    expect(back.setCookies.filter((line) => !/; path=\//i.test(line))).toEqual([])
    const session = await visitor.ask(`${gateway.origin}/api/auth/session`, { headers: BY_SCRIPT })
    expect(JSON.parse(session.text)).toMatchObject({
      authenticated: true,
      logout: { url: '/api/auth/logout' },
    })
    const page = await visitor.ask(`${gateway.origin}/api/auth`)
    expect(page.text).toContain('You are signed in')
    expect(page.text).toContain('action="/api/auth/logout"')
    const out = await visitor.ask(`${gateway.origin}/api/auth/logout`, {
      method: 'POST',
      from: gateway.origin,
    })
    expect(new URL(location(out)).searchParams.get('post_logout_redirect_uri')).toBe(
      `${gateway.origin}/api/auth/signed-out`,
    )
  })

  test('no page and no answer names an address that would not get through', async () => {
    const signedOut = await ask('/api/auth/session', BY_SCRIPT)
    expect(JSON.parse(signedOut.text)).toEqual({ authenticated: false, loginUrl: '/api/auth/login' })
    const replies = [
      signedOut,
      await ask('/api/auth'),
      await ask('/api/auth/signed-out'),
      await ask('/api/auth/callback?admin_consent=True'),
      await ask('/api/auth/callback?error=access_denied&state=x'),
      await ask('/api/auth/login?prompt=nonsense&returnTo=%2Fa'),
      await ask('/api/auth/login?prompt=nonsense&returnTo=%2Fa', BY_SCRIPT),
      await ask('/api/api/orders/x', { ...BY_SCRIPT, 'x-csrf': '1' }),
    ]
    for (const { text, status } of replies) {
      expect(status).not.toBe(404)
      expect(text.match(/["'](?:\/auth|\/health|\/protected)[/"'?]/g) ?? [], text).toEqual([])
    }
    const authorize = new URL(location(await ask('/api/auth/login')))
    expect(authorize.searchParams.get('redirect_uri')).toBe(`${gateway.origin}/api/auth/callback`)
  })

  test('an API is at /api/api/{name}, and health below /api', async () => {
    expect((await ask('/api/health/live')).status).toBe(200)
    expect((await ask('/api/auth/login?returnTo=%2Fapi%2Fauth%2Flogout')).status).toBe(400)
    const visitor = newVisitor(gateway.origin)
    await visitor.signIn('/api/auth/login')
    const called = await visitor.ask(`${gateway.origin}/api/api/orders/a%2520b`, {
      headers: { ...BY_SCRIPT, 'x-csrf': '1' },
    })
    expect(JSON.parse(called.text).code).toBe('api/invalid_path')
  })

  test('everything else is the static site’s', async () => {
    expect((await ask('/')).text).toBe(STATIC_PAGE)
  })
}
