/** Sign-in without a question at a real browser: a small window tells the front end's page how it ended, and closes. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Session } from '../../client/client.ts'
import { choose } from '../support/atBrowser.ts'
import { findBrowser, launchBrowser } from '../support/browser.ts'
import { type FrontEndTabs, openFrontEndTabs } from '../support/openFrontEndTabs.ts'
import { openRunningApp, type RunningApp } from '../support/openRunningApp.ts'

const hasBrowser = findBrowser() !== undefined

describe.skipIf(!hasBrowser)(
  `a front end and sign-in without a question${hasBrowser ? '' : ' (skipped: no Chromium found)'}`,
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
    const heardBy = (page: Page, name: string): Promise<[string, unknown][]> =>
      page.evaluate((only) => window.heard.filter(([one]) => one === only), name)

    test('hears how a sign-in without a question in a small window ended, which closes itself', async () => {
      const page = await tabs.open()
      await ask(page)
      const openWindow = async () => {
        const opened = page.waitForEvent('popup')
        await page.evaluate(() => void open('/auth/login?prompt=none', '', 'popup,width=320,height=240'))
        const small = await opened
        if (!small.isClosed()) await small.waitForEvent('close')
      }
      await openWindow()
      await expect
        .poll(() => heardBy(page, 'silent-sign-in'))
        .toEqual([['silent-sign-in', { outcome: 'sign-in-needed', code: 'login_required' }]])
      expect(await ask(page)).toMatchObject({ authenticated: false })

      await tabs.openSignedIn()
      await tabs.context.clearCookies({ name: '__Host-signet' })
      await openWindow()
      await expect
        .poll(() => heardBy(page, 'silent-sign-in'))
        .toMatchObject([{}, ['silent-sign-in', { outcome: 'signed-in' }]])
      await page.clock.runFor(1_000)
      await expect
        .poll(() => heardBy(page, 'session'))
        .toContainEqual(['session', expect.objectContaining({ authenticated: true })])
    })

    test('a silent sign-in in a window that cannot close goes on, or offers sign-in', async () => {
      const page = await tabs.openSignedIn()
      await page.clock.resume()
      await page.goto('/auth/login?prompt=none&returnTo=%2Ffront-end%2Fpage')
      await page.waitForURL(`${running.origin}/front-end/page`)

      await tabs.context.clearCookies()
      await page.goto('/auth/login?prompt=none&returnTo=%2Ffront-end%2Fpage')
      await page.getByRole('link', { name: 'Sign in', exact: true }).click()
      await choose(page, 'Ada Lindqvist')
      await page.waitForURL(`${running.origin}/front-end/page`)
    })
  },
)
