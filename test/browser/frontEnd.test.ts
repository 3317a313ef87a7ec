/** The desk's front end as a person meets it after `npm start`: the example, built, behind Signet. */
import axe from 'axe-core'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { choose } from '../support/atBrowser.ts'
import { findBrowser, launchBrowser } from '../support/browser.ts'
import { openStart, type Started } from '../support/openStart.ts'

const hasBrowser = findBrowser() !== undefined
// Each test is a journey of many pages.
vi.setConfig({ testTimeout: 60_000 })
const DESKTOP = { viewport: { width: 1280, height: 900 } }
const PHONE = { viewport: { width: 390, height: 844 } }

describe.skipIf(!hasBrowser)(
  `the front end of the desk${hasBrowser ? '' : ' (skipped: no Chromium found)'}`,
  () => {
    let browser: Browser
    let started: Started
    let origin: string
    const contexts: BrowserContext[] = []

    beforeAll(async () => {
      ;[browser, started] = await Promise.all([launchBrowser(), openStart()])
      origin = `http://localhost:${started.port}`
    })
    afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())))
    afterAll(() => Promise.all([browser?.close(), started?.close()]))

    async function open(options: BrowserContextOptions = DESKTOP): Promise<Page> {
      const context = await browser.newContext({ baseURL: origin, ...options })
      contexts.push(context)
      context.setDefaultTimeout(15_000)
      const page = await context.newPage()
      await page.goto('/')
      return page
    }

    async function openSignedIn(options?: BrowserContextOptions, person = 'Ada Lindqvist'): Promise<Page> {
      const page = await open(options)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await choose(page, person)
      await page.getByText('This one').waitFor()
      return page
    }

    /** What axe finds wrong, by rule. */
    async function findings(page: Page): Promise<unknown> {
      await page.evaluate(axe.source)
      const { violations, passes } = await page.evaluate(() =>
        (Reflect.get(window, 'axe') as typeof axe).run(document),
      )
      expect(passes.length).toBeGreaterThan(15)
      return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])
    }

    const button = (page: Page, name: string): Promise<void> =>
      page.getByRole('button', { name, exact: true }).click()

    test('signs a person in, calls both APIs as them, and says what came and how long it took', async () => {
      const page = await openSignedIn()
      await page.getByText('ada@contoso.example').waitFor()
      for (const [name, path] of [
        ['List orders: orders', 'GET /api/orders/list'],
        ['Read the report: reports', 'GET /api/reports/today'],
      ] as const) {
        await button(page, name)
        await expect.poll(() => page.locator('.outcome').innerText()).toMatch(/^200 OK\s/)
        expect(await page.locator('.outcome').innerText()).toMatch(new RegExp(`${path} \\d+ ms$`))
      }
      const tags = page.locator('#apis .tag')
      await expect.poll(() => tags.allInnerTexts()).toEqual(['ready', 'ready', '200 OK'])
      await button(page, 'Fails: orders')
      await page.getByText('500 Internal Server Error').waitFor()
    })

    test('shows how the sign-in was proven: vault, key, certificate, and what Entra wrote down', async () => {
      const page = await openSignedIn()
      const shown = await page.locator('#proof').innerText()

      expect(shown).toContain('signet-desk.vault.azure.net')
      expect(shown).toMatch(/signet-signing, version [0-9a-f]{32}/)
      expect(shown).toMatch(/[\w-]{43}/)
      expect(shown).toContain('azpacr = 2: a certificate, and no secret')
      await page.getByRole('link', { name: 'The whole proof' }).click()
      await page.waitForURL(`${origin}/auth`)
    })

    test('steps up for an order and keeps what was typed', async () => {
      const page = await openSignedIn()
      await page.getByLabel('Place an order').fill('Two lamps')
      await button(page, 'Order')
      await page.getByText('asks for stronger authentication').waitFor()
      await choose(page, 'Ada Lindqvist')
      await page.getByText('You are back from sign-in').waitFor()
      expect(await page.getByLabel('Place an order').inputValue()).toBe('Two lamps')
      await button(page, 'Order')
      await page.getByText('200 OK').waitFor()

      await expect.poll(() => page.locator('#apis .tag').first().innerText()).toBe('ready')
      expect(await page.locator('pre').innerText()).toContain('Two lamps')
      expect(await page.locator('#you').innerText()).toContain('c1')
      expect(await page.getByLabel('Place an order').inputValue()).toBe('')
    })

    test('says what came where the session could not be read, and that nothing was reached only then', async () => {
      const page = await open()
      await page.getByRole('button', { name: 'Sign in' }).waitFor()
      const answers = [
        [500, { message: 'The fault is on our side.', correlationId: 'c-1' }],
        [401, { message: 'Show the key.', correlationId: 'c-2', loginUrl: '/auth/login?prompt=login' }],
        [502, undefined],
        [undefined, undefined],
      ] as const
      const seen: unknown[] = []
      for (const [status, json] of answers) {
        await page.unroute('**/auth/session')
        await page.route('**/auth/session', (route) => {
          if (status === undefined) return route.abort()
          return route.fulfill(json === undefined ? { status, body: 'Bad gateway' } : { status, json })
        })
        await page.reload()
        const lede = page.locator('.lede')
        await page.getByRole('button', { name: 'Try again' }).waitFor()
        const [heading, sentence] = await Promise.all([page.locator('h1').boundingBox(), lede.boundingBox()])
        // One below the other, on a wide screen too.
        expect(sentence?.x).toBe(heading?.x)
        expect(sentence?.y).toBeGreaterThan((heading?.y ?? Infinity) + (heading?.height ?? 0) - 1)
        const way = page.getByRole('link', { name: 'Sign in', exact: true })
        const href = (await way.count()) === 0 ? undefined : await way.getAttribute('href')
        seen.push([await lede.innerText(), await page.locator('dd').allInnerTexts(), href])
      }

      expect(seen).toEqual([
        ['The fault is on our side.', ['c-1'], undefined],
        ['Show the key.', ['c-2'], '/auth/login?prompt=login&returnTo=%2F'],
        ['Something answered that is not the sign-in service. Nothing is lost.', [], undefined],
        ['The sign-in service cannot be reached. Nothing is lost.', [], undefined],
      ])
    })

    test('says that a session had ended elsewhere, and that the call which met it was not made', async () => {
      const page = await openSignedIn()
      const other = await openSignedIn()
      await button(other, 'End all others')
      await expect.poll(() => other.locator('#sessions li').count()).toBe(1)
      await button(page, 'List orders: orders')
      // Still signed in at Entra, the browser is back without a question.
      await page.getByText('Your session had ended, and the call was not made.').waitFor()

      await page.reload()
      await page.getByText('The answer of a call stands here.').waitFor()
    })

    test('takes nobody for signed in anew who turned back at Entra, and says what an API refused', async () => {
      const page = await openSignedIn(DESKTOP, 'Chen Rivera')
      await button(page, 'Needs a step-up: orders')
      await choose(page, 'Cancel')
      await page.getByText('If you were signed in before, you still are').waitFor()
      const ways = await page.locator('main a').allInnerTexts()
      expect(ways.slice(0, 2)).toEqual(['Back to where you were', 'Sign in'])
      await page.getByRole('link', { name: 'Back to where you were' }).click()
      await page.getByText('You turned back, and the call was not made.').waitFor()
      await button(page, 'Read the report: reports')
      await page.getByText('403 Forbidden').waitFor()
      await expect
        .poll(() => page.locator('#apis .tag').allInnerTexts())
        .not.toContain('its next call asks for access')
    })

    test('asks for consent at Entra, and comes back', async () => {
      const page = await openSignedIn()
      await button(page, 'Review consent')
      await page.getByRole('button', { name: 'Accept' }).click()
      await page.getByText('This one').waitFor()
    })

    test('shows the sessions of other devices, ends one, and signs out everywhere', async () => {
      const page = await openSignedIn()
      const phone = await openSignedIn(PHONE)
      await page.reload()
      const rows = page.locator('#sessions li')
      await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(2)
      const before = await rows.count()
      await rows.nth(1).getByRole('button', { name: 'End' }).click()
      await expect.poll(() => rows.count()).toBe(before - 1)
      await button(page, 'Sign out everywhere')
      await page.waitForURL(`${origin}/auth/signed-out`)

      for (const other of [page, phone]) {
        await other.goto('/')
        await other.getByRole('button', { name: 'Sign in' }).waitFor()
      }
    })

    test('shows in one tab that the other has signed out', async () => {
      const page = await openSignedIn()
      const other = await page.context().newPage()
      await other.goto('/')
      await button(other, 'Sign out')
      await other.waitForURL(`${origin}/auth/signed-out`)
      await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    })

    test.each([
      ['in light', DESKTOP],
      ['in the dark', { ...DESKTOP, colorScheme: 'dark' }],
      ['on a phone', PHONE],
    ] as const)('has nothing that axe finds, and scrolls no way but down, %s', async (_where, options) => {
      const page = await open(options)
      await page.getByRole('button', { name: 'Sign in' }).waitFor()
      expect(await findings(page)).toEqual([])
      await button(page, 'Sign in')
      await choose(page, 'Ada Lindqvist')
      await page.getByText('This one').waitFor()
      await button(page, 'List orders: orders')
      await page.getByText('200 OK').waitFor()

      expect(await findings(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(options.viewport.width)
    })

    test('works with the keyboard alone, and every stop can be seen', async () => {
      const page = await open()
      await page.getByRole('button', { name: 'Sign in' }).waitFor()
      const focused = (): Promise<string> =>
        page.evaluate(() => {
          const element = document.activeElement as HTMLElement
          const { outlineStyle } = getComputedStyle(element)
          return `${element.innerText || element.id}${outlineStyle === 'none' ? ' without outline' : ''}`
        })
      const stops: string[] = []
      for (let i = 0; i < 3; i += 1) {
        await page.keyboard.press('Tab')
        stops.push(await focused())
      }
      expect(stops).toEqual(['To the content', 'Orders', 'Sign in'])
      await page.keyboard.press('Enter')
      await choose(page, 'Ada Lindqvist')
      await page.getByText('This one').waitFor()
      await page.getByRole('button', { name: 'List orders: orders' }).focus()
      await page.keyboard.press('Space')
      await page.getByText('200 OK').waitFor()
      expect(await focused()).toBe('List orders')
    })

    test('comes as it was built: what has a hash in its name for ever, the page under a policy without inline scripts', async () => {
      const page = await open()
      const html = await fetch(`${origin}/`)
      const script = /src="(\/assets\/[^"]+\.js)"/.exec(await html.text())?.[1] ?? expect.fail('no script')
      const code = await fetch(`${origin}${script}`)

      expect(html.headers.get('content-security-policy')).toContain("default-src 'self'")
      expect(code.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect(await page.title()).toBe('Sign in · Orders')
    })
  },
)
