/** What a host below the same domain can do with cookies in a real browser: set any name that does not begin like ours. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { findBrowser, launchBrowser } from '../support/browser.ts'
import { openRunningApp, type RunningApp } from '../support/openRunningApp.ts'
import { newVisitor } from '../support/visitor.ts'

const hasBrowser = findBrowser() !== undefined
/** Both resolve to this machine, and browsers trust them as they trust https. */
const [OURS, SIBLING, DOMAIN] = ['signin.contoso.localhost', 'evil.contoso.localhost', 'contoso.localhost']

describe.skipIf(!hasBrowser)(
  `a sibling host in a browser${hasBrowser ? '' : ' (skipped: no Chromium found)'}`,
  () => {
    let browser: Browser
    let running: RunningApp
    let context: BrowserContext
    let home: string

    beforeAll(async () => {
      ;[browser, running] = await Promise.all([launchBrowser(), openRunningApp()])
      home = `http://${OURS}:${new URL(running.origin).port}`
    })
    afterEach(() => context?.close())
    afterAll(() => Promise.all([browser?.close(), running?.close()]))

    /** A page of the sibling host in a fresh browser; what it says stays on this machine. */
    async function openSibling(body = ''): Promise<Page> {
      context = await browser.newContext()
      context.setDefaultTimeout(15_000)
      await context.route(`http://${SIBLING}/**`, (route) =>
        route.fulfill({ contentType: 'text/html', body: `<!doctype html><meta charset="utf-8">${body}` }),
      )
      const page = await context.newPage()
      await page.goto(`http://${SIBLING}/`)
      return page
    }

    /** Sets a cookie for the whole domain, and says under which names the browser keeps it for our host. */
    async function plant(page: Page, name: string, value: string): Promise<string[]> {
      await page.evaluate(
        ([cookie = '']) => {
          Reflect.set(document, 'cookie', cookie)
        },
        [`${name}=${value}; domain=${DOMAIN}; path=/; secure`],
      )
      return (await context.cookies(home)).map((cookie) => cookie.name)
    }

    async function expectNobodySignedIn(page: Page): Promise<void> {
      await page.goto(home)
      await page.getByRole('link', { name: 'Sign in' }).waitFor()
      expect(await page.locator('body').innerText()).not.toContain('Ada Lindqvist')
    }

    test('cannot set our name: that is what the __Host- prefix is for', async () => {
      const page = await openSibling()
      expect(await plant(page, '__Host-signet', 'x')).toEqual([])
    })

    test('plants a session of its own behind U+00A0, which the browser sends, and nobody is signed in as its owner', async () => {
      const attacker = newVisitor(running.origin)
      await attacker.signIn()
      const session = attacker.appCookies.get('__Host-signet')?.value ?? ''
      const page = await openSibling()
      expect(await plant(page, '\u00a0__Host-signet', session)).toEqual(['\u00a0__Host-signet'])
      const sent = page.waitForRequest(`${home}/`)
      await expectNobodySignedIn(page)
      expect((await (await sent).allHeaders()).cookie).toContain(`__Host-signet=${session}`)
    })

    test('plants a session of its own behind a comma in a value, and nobody is signed in as its owner', async () => {
      const attacker = newVisitor(running.origin)
      await attacker.signIn()
      const session = attacker.appCookies.get('__Host-signet')?.value ?? ''
      const page = await openSibling()
      expect(await plant(page, 'theme', `dark,__Host-signet=${session}`)).toEqual(['theme'])
      await expectNobodySignedIn(page)
    })

    test('plants the cookie of a sign-in it began and posts its answer, and nobody is signed in by it', async () => {
      const attacker = newVisitor(running.origin)
      const { fields } = await attacker.toCallback()
      const [[name, { value }] = ['', { value: '' }]] = [...attacker.appCookies]
      const inputs = [...fields].map(
        ([field, text]) => `<input type="hidden" name="${field}" value="${text}">`,
      )
      const page = await openSibling(
        `<form method="post" action="${home}/auth/callback">${inputs.join('')}<button>Win</button></form>`,
      )
      expect(await plant(page, `\u00a0${name}`, value)).toHaveLength(1)
      const answered = page.waitForResponse(`${home}/auth/callback`)
      await page.getByRole('button', { name: 'Win' }).click()
      expect((await (await answered).allHeaders())['set-cookie'] ?? '').not.toMatch(/__Host-signet=\S/)
      await expectNobodySignedIn(page)
    })
  },
)
