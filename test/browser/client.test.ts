/** `signet-entra/client` as it is built, in a real browser: tabs that know of each other, and calls that need the person. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Session } from '../../client/client.ts'
import { choose } from '../support/atBrowser.ts'
import { findBrowser, launchBrowser } from '../support/browser.ts'
import { type FrontEndTabs, openFrontEndTabs } from '../support/openFrontEndTabs.ts'
import { openRunningApp, type RunningApp } from '../support/openRunningApp.ts'

const hasBrowser = findBrowser() !== undefined
// Each test is a journey of many pages.
vi.setConfig({ testTimeout: 60_000 })

const HIDE = (isHidden: boolean): void => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden })
  document.dispatchEvent(new Event('visibilitychange'))
}

describe.skipIf(!hasBrowser)(
  `a page with signet-entra/client${hasBrowser ? '' : ' (skipped: no Chromium found)'}`,
  () => {
    let browser: Browser
    let running: RunningApp
    let tabs: FrontEndTabs

    beforeAll(async () => {
      ;[browser, running] = await Promise.all([launchBrowser(), openRunningApp()])
    })
    beforeEach(async () => {
      tabs = await openFrontEndTabs(browser, running)
    })
    afterEach(() => tabs.close())
    afterAll(() => Promise.all([browser?.close(), running?.close()]))

    const ask = (page: Page): Promise<Session> => page.evaluate(() => window.signet.session())
    const heardBy = (page: Page, name?: string): Promise<[string, unknown][]> =>
      page.evaluate((only) => window.heard.filter(([one]) => only === undefined || one === only), name)
    const pass = (page: Page, seconds: number): Promise<void> => page.clock.runFor(seconds * 1_000)

    test('one tab asks and the other is told; both know when the session ends', async () => {
      const first = await tabs.openSignedIn()
      const second = await tabs.open()
      await ask(second)
      tabs.looks = []
      tabs.left = { idleSecondsLeft: 600 }
      const asked = await Promise.all([ask(first), ask(first), ask(first)])

      expect(tabs.looks).toEqual(['GET'])
      expect(asked[0]).toMatchObject({ authenticated: true, user: { name: 'Ada Lindqvist' } })
      await expect.poll(() => heardBy(second, 'session')).toHaveLength(2)
      expect(await heardBy(second, 'session')).toMatchObject([
        ['session', { authenticated: true }],
        ['session', { idleSecondsLeft: 600 }],
      ])
    })

    test('says a minute before the end that it comes, and that use would help; the person stays', async () => {
      const page = await tabs.openSignedIn()
      tabs.left = { idleSecondsLeft: 300 }
      await ask(page)
      await pass(page, 238)
      expect(tabs.looks).toHaveLength(1)
      tabs.left = { idleSecondsLeft: 60 }
      await pass(page, 4)
      await expect
        .poll(() => heardBy(page, 'expiring'))
        .toEqual([['expiring', { secondsLeft: 60, renewable: true }]])
      tabs.left = {}
      await page.evaluate(() => window.signet.renew())

      expect(tabs.looks).toEqual(['GET', 'GET', 'POST'])
      await pass(page, 120)
      expect(tabs.looks).toHaveLength(3)
      expect(await heardBy(page, 'signed-out')).toEqual([])
    })

    test('says that the end comes which no use moves, and once only', async () => {
      const page = await tabs.openSignedIn()
      tabs.left = { idleSecondsLeft: 900, secondsLeft: 30 }
      await ask(page)
      await ask(page)

      expect(await heardBy(page, 'expiring')).toEqual([['expiring', { secondsLeft: 30, renewable: false }]])
    })

    test('learns from its timer that the session has ended, and tells those that nobody sees', async () => {
      const page = await tabs.openSignedIn()
      const other = await tabs.open()
      tabs.left = { idleSecondsLeft: 20 }
      await ask(other)
      await other.evaluate(HIDE, true)
      await ask(page)
      await tabs.context.clearCookies({ name: '__Host-signet' })
      await pass(page, 22)

      await expect.poll(() => heardBy(page, 'signed-out')).toEqual([['signed-out', {}]])
      await expect.poll(() => heardBy(other, 'signed-out')).toEqual([['signed-out', {}]])
      expect(tabs.looks).toHaveLength(3)
      await pass(page, 3_600)
      expect(tabs.looks).toHaveLength(3)
    })

    test('asks nothing while nobody sees it, and catches up once it is seen', async () => {
      const page = await tabs.openSignedIn()
      tabs.left = { idleSecondsLeft: 70 }
      await ask(page)
      await page.evaluate(HIDE, true)
      await pass(page, 3_600)
      expect(tabs.looks).toHaveLength(1)

      await tabs.context.clearCookies({ name: '__Host-signet' })
      await page.evaluate(HIDE, false)
      await pass(page, 1)
      await expect.poll(() => heardBy(page, 'signed-out')).toEqual([['signed-out', {}]])
      expect(tabs.looks).toHaveLength(2)
    })

    test('signs out, and the other tabs see it', async () => {
      const page = await tabs.openSignedIn()
      const other = await tabs.open()
      await ask(other)
      await page.evaluate(() => window.signet.signOut())
      await page.waitForURL(`${running.origin}/auth/signed-out`)
      await pass(other, 2)

      await expect.poll(() => heardBy(other, 'signed-out')).toEqual([['signed-out', {}]])
    })

    test('looks again when the back button brings it back as it was left', async () => {
      const page = await tabs.openSignedIn()
      await ask(page)
      tabs.looks = []
      await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))

      await expect.poll(() => tabs.looks).toEqual(['GET'])
    })

    test('many calls that are refused for want of a session make one way into sign-in, and back to the address', async () => {
      const page = await tabs.open('/front-end/page?order=7#lines')
      const logins: string[] = []
      page.on('request', (request) => {
        if (request.isNavigationRequest() && request.url().includes('/auth/login')) logins.push(request.url())
      })
      await page.evaluate(() => {
        const calls = Array.from({ length: 8 }, (_, i) => window.signet.fetch(`/api/orders/${i}`))
        void Promise.race(calls).then(() => window.heard.push(['a call came back', undefined]))
      })
      await page.getByRole('button', { name: 'Ada Lindqvist' }).waitFor()
      expect(logins).toHaveLength(1)
      await choose(page, 'Ada Lindqvist')
      await page.waitForURL(`${running.origin}/front-end/page?order=7#lines`)
      await tabs.reopen(page)

      const loginUrl = `/auth/login?returnTo=${encodeURIComponent('/front-end/page?order=7#lines')}`
      expect(await heardBy(page)).toEqual([['signed-out', { loginUrl }]])
      expect(await ask(page)).toMatchObject({ authenticated: true })
    })

    test('a listener that says so keeps the window, and the calls get their 401', async () => {
      const page = await tabs.open()
      const statuses = await page.evaluate(async () => {
        window.signet.on('signed-out', () => false)
        const calls = [1, 2, 3].map((i) => window.signet.fetch(`/api/orders/${i}`))
        return (await Promise.all(calls)).map(({ status }) => status)
      })

      expect(statuses).toEqual([401, 401, 401])
      expect(page.url()).toBe(`${running.origin}/front-end/page`)
      expect(await heardBy(page, 'signed-out')).toHaveLength(1)
    })

    test('a call that was refused tells the other tabs of the end', async () => {
      const page = await tabs.openSignedIn()
      const other = await tabs.open()
      await ask(page)
      await ask(other)
      await tabs.context.clearCookies({ name: '__Host-signet' })
      await page.evaluate(() => {
        window.signet.on('signed-out', () => false)
        return window.signet.fetch('/api/orders/1')
      })

      await expect.poll(() => heardBy(other, 'signed-out')).toEqual([['signed-out', {}]])
      expect(await heardBy(page, 'signed-out')).toHaveLength(1)
    })

    test('a call that needs a step up lets the page store its state, steps up and succeeds', async () => {
      const page = await tabs.openSignedIn()
      await page.evaluate(() => {
        window.signet.on('step-up', async () => {
          await Promise.resolve()
          sessionStorage.draft = 'half an order'
        })
        void window.signet.fetch('/api/orders/challenge/c1')
      })
      await choose(page, 'Ada Lindqvist')
      await page.waitForURL(`${running.origin}/front-end/page`)
      await tabs.reopen(page)
      const [status, draft] = await page.evaluate(async () => {
        const answer = await window.signet.fetch('/api/orders/challenge/c1')
        return [answer.status, sessionStorage.draft]
      })

      expect([status, draft]).toEqual([200, 'half an order'])
      expect(await heardBy(page, 'step-up')).toMatchObject([
        ['step-up', { loginUrl: expect.stringContaining('claims=') }],
      ])
    })

    test('a 401 of somebody else is left as it is, and so is a call of another origin', async () => {
      const page = await tabs.open()
      await page.route('**/elsewhere', (route) =>
        route.fulfill({ status: 401, json: { loginUrl: 'https://evil.example/auth/login' } }),
      )
      await page.route('http://other.localhost/**', (route) => {
        const headers = { 'access-control-allow-origin': '*' }
        return route.fulfill({ status: 401, headers, json: { loginUrl: '/auth/login' } })
      })
      const sent = page.waitForRequest('http://other.localhost/x')
      const statuses = await page.evaluate(async () => [
        (await window.signet.fetch('/elsewhere')).status,
        (await window.signet.fetch(new Request('http://other.localhost/x'))).status,
      ])

      expect(statuses).toEqual([401, 401])
      expect(await (await sent).headerValue('x-csrf')).toBeNull()
      expect(await heardBy(page)).toEqual([])
    })

    test('goes to sign-in with what was asked for, as somebody’s way back', async () => {
      const page = await tabs.open('/front-end/page?x=1')
      const login = page.waitForRequest(/\/auth\/login/)
      await page.evaluate(() =>
        window.signet.signIn({
          claims: { id_token: { acrs: { essential: true } } },
          scope: 'openid',
          maxAge: 60,
        }),
      )

      expect(Object.fromEntries(new URL((await login).url()).searchParams)).toEqual({
        returnTo: '/front-end/page?x=1',
        claims: '{"id_token":{"acrs":{"essential":true}}}',
        scope: 'openid',
        maxAge: '60',
      })
    })

    test('finds Signet below the base path that the page names, and never at another host', async () => {
      const page = await tabs.open()
      const asked: string[] = []
      await page.route(/\/auth\/session/, (route) => {
        asked.push(new URL(route.request().url()).pathname)
        return route.fulfill({ json: { authenticated: false, loginUrl: '/auth/login' } })
      })
      for (const content of ['/api', '//evil.example', 'https://evil.example', '/a/../b?', ''])
        await page.evaluate((path) => {
          document.head.innerHTML = '<meta name="signet-base-path">'
          document.querySelector('meta')?.setAttribute('content', path)
          return window.signet.session()
        }, content)

      expect(asked).toEqual(['/api/auth/session', ...Array(4).fill('/auth/session')])
    })

    test('says why there is no answer, and tries again by itself later', async () => {
      const page = await tabs.openSignedIn()
      tabs.left = { idleSecondsLeft: 70 }
      await ask(page)
      const down = { code: 'session/store_unavailable', message: 'One moment', correlationId: 'c' }
      await page.route('**/auth/session', (route) => route.fulfill({ status: 503, json: down }))
      const fault = await page.evaluate(() =>
        window.signet.session().catch(({ message, cause }) => ({ message, cause })),
      )
      expect(fault).toEqual({ message: 'One moment', cause: down })
      // Its next try is counted from the answer, which may come when its clock has stopped already.
      const refused = page.waitForResponse((answer) => answer.status() === 503)
      await pass(page, 11)
      await (await refused).finished()
      await page.evaluate(() => undefined)
      await page.unroute('**/auth/session')
      tabs.looks = []
      await pass(page, 31)

      await expect.poll(() => tabs.looks).toEqual(['GET'])
      expect(await heardBy(page, 'signed-out')).toEqual([])
    })
  },
)
