/** People whose cookies get lost on the way, and people who are sent round in circles, in a real browser. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { choose, isSignedInAs, signIn } from '../support/atBrowser.ts'
import { findBrowser, launchBrowser } from '../support/browser.ts'
import { openRunningApp, type RunningApp } from '../support/openRunningApp.ts'

const hasBrowser = findBrowser() !== undefined

describe.skipIf(!hasBrowser)(
  `a person at a browser who${hasBrowser ? '' : ' (skipped: no Chromium found)'}`,
  () => {
    let browser: Browser
    let running: RunningApp
    let context: BrowserContext

    beforeAll(async () => {
      ;[browser, running] = await Promise.all([launchBrowser(), openRunningApp()])
    })
    afterEach(() => context?.close())
    afterAll(() => Promise.all([browser?.close(), running?.close()]))

    async function newPage(): Promise<Page> {
      context = await browser.newContext({ baseURL: running.origin })
      context.setDefaultTimeout(15_000)
      return context.newPage()
    }

    test('loses their cookies on the way and is signed in all the same, at the start page', async () => {
      const page = await newPage()
      await page.goto('/auth/login?returnTo=/?lost=1')
      await page.context().clearCookies({ name: /^__Host-signet/ })
      await choose(page, 'Ada Lindqvist')
      await page.waitForURL(`${running.origin}/`)
      await isSignedInAs(page, 'Ada Lindqvist')
    })

    test('keeps no cookies at all, is told so, and signs in from that screen once they do', async () => {
      const page = await newPage()
      let keepsNone = true
      await page.route('**/auth/callback', async (route) => {
        if (keepsNone) await context.clearCookies({ name: /^__Host-signet/ })
        await route.continue()
      })
      await page.goto('/auth/login')
      await choose(page, 'Ada Lindqvist')
      await page.getByText('Allow cookies for this site').waitFor()
      keepsNone = false
      await page.getByRole('link', { name: 'Sign in' }).click()
      await isSignedInAs(page, 'Ada Lindqvist')
    })

    test('is sent to sign in again and again by a front end, reads so, and gets out as somebody else', async () => {
      const signedIn = await newPage()
      await signIn(signedIn)
      // Of its own, and not looked into while it goes round: each look of a test counts in the browser as a gesture of a person's.
      const page = await signedIn.context().newPage()
      const answers: string[] = []
      page.on('request', (request) => {
        if (request.url() === `${running.origin}/auth/callback`) answers.push(request.method())
      })
      const refused = page.waitForResponse(
        (response) => response.url().startsWith(`${running.origin}/auth/login`) && response.status() !== 302,
      )
      // As a page that does not like who is signed in.
      await page.addInitScript(() => {
        const isWelcome = (): boolean => document.body.innerText.includes('Bo Adeyemi')
        const sendAway = (): void => window.location.assign('/auth/login?returnTo=/')
        if (window.location.pathname === '/') setTimeout(() => isWelcome() || sendAway(), 200)
      })
      await page.goto('/')
      await refused
      await page.getByRole('heading', { name: 'Going round in circles' }).waitFor()
      // The first of the three was the sign-in itself.
      expect(answers).toEqual(['POST', 'POST'])
      await page.getByRole('link', { name: 'Sign in' }).click()
      await choose(page, 'Bo Adeyemi')
      await isSignedInAs(page, 'Bo Adeyemi')
    })
  },
)
