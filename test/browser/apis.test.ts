/** A person whose front end calls APIs for them, at a real browser: what only they can give, and sessions that end while a page is open. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Guid } from '../../lib/config/settingsReader.ts'
import { ORDERS } from '../../local/sampleApi/sampleApis.ts'
import { choose, signIn } from '../support/atBrowser.ts'
import { findBrowser, launchBrowser } from '../support/browser.ts'
import type { FrontEndServer } from '../support/openFrontEnd.ts'
import { openWorld, type World } from '../support/openWorld.ts'
import { load, openOrdersPage } from '../support/ordersPage.ts'
import { isSignedIn } from '../support/screens.ts'
import { ADA, newVisitor } from '../support/visitor.ts'

const hasBrowser = findBrowser() !== undefined
const ORDERS_PATH = '/orders?filter=open&page=2'
const FOR_ADA = `200 for ${ADA.person}`
const MINUTE_MS = 60_000
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'

describe.skipIf(!hasBrowser)(
  `APIs and sessions at a browser${hasBrowser ? '' : ' (skipped: no Chromium found)'}`,
  { timeout: 120_000 },
  () => {
    let browser: Browser
    let world: World
    let frontEnd: FrontEndServer
    const contexts: BrowserContext[] = []

    async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
      const context = await browser.newContext({ baseURL: world.origin, ...options })
      contexts.push(context)
      context.setDefaultTimeout(60_000)
      return context.newPage()
    }
    async function atOrders(options: BrowserContextOptions = {}): Promise<Page> {
      const page = await newPage(options)
      await signIn(page, 'Ada Lindqvist', '/auth')
      await page.goto(ORDERS_PATH)
      return page
    }
    const back = (page: Page): Promise<void> => page.waitForURL(`${world.origin}${ORDERS_PATH}`)
    const onward = (page: Page): Promise<void> => page.getByRole('link', { name: 'Continue' }).click()

    beforeAll(async () => {
      frontEnd = await openOrdersPage()
      const settings = { FRONT_END_URL: frontEnd.origin }
      ;[browser, world] = await Promise.all([launchBrowser(), openWorld({ settings })])
    })
    afterEach(async () => {
      const { entra, sampleApis } = world.desk
      entra.switches.reset()
      entra.forgetConsents(ORDERS.clientId)
      for (const { oid } of entra.people) entra.setDisabled(oid, false)
      sampleApis.orders.mood = { kind: 'well' }
      sampleApis.orders.calls.length = 0
      const { sessions } = world.app()
      const ada = { tid: entra.tenantId as Guid, oid: ADA.person }
      await sessions.endAllOf(ada, () => undefined)
      await Promise.all(contexts.splice(0).map((context) => context.close()))
    })
    afterAll(() => Promise.all([browser?.close(), world?.close(), frontEnd?.close()]))

    test('a step-up: the API demands it, Entra asks the person, who is back where they were, and the API answers', async () => {
      const { orders } = world.desk.sampleApis
      const page = await atOrders()
      orders.mood = { kind: 'challenge', authenticationContext: 'c1' }
      expect(await load(page)).toBe('401 entra/interaction_required')

      await onward(page)
      await page.getByText('asks for stronger authentication (c1)').waitFor()
      await choose(page, 'Ada Lindqvist')
      await back(page)

      expect(await load(page)).toBe(FOR_ADA)
      expect(orders.calls.map(({ status, objectId }) => [status, objectId])).toEqual([
        [401, undefined],
        [200, ADA.person],
      ])
    })

    test('consent: our page names the API that lacks it, Entra asks once, and from then on it is ready', async () => {
      const page = await atOrders()
      world.desk.entra.switches.consent.notGivenFor = [ORDERS.clientId]
      expect(await load(page)).toBe('401 entra/interaction_required')
      expect(world.desk.sampleApis.orders.calls).toEqual([])

      await page.goto('/auth')
      const row = page.getByRole('listitem').filter({ hasText: 'orders' })
      await row.getByText('Needs your consent').waitFor()
      await row.getByRole('link', { name: 'Continue with orders' }).click()
      await page.getByText(`api://${ORDERS.clientId}/Orders.Read`).waitFor()
      await choose(page, 'Accept')
      await page.waitForURL(`${world.origin}/auth#apis`)
      await page.goto(ORDERS_PATH)
      expect(await load(page)).toBe(FOR_ADA)
      await page.goto('/auth')
      await row.getByText('Ready').waitFor()
    })

    test('a session that was ended from another device: the open page learns of it at its next call, and comes back', async () => {
      const here = await atOrders()
      const phone = await newPage({ userAgent: IPHONE, viewport: { width: 390, height: 844 } })
      await signIn(phone, 'Ada Lindqvist', '/auth')
      expect(await load(here)).toBe(FOR_ADA)

      await phone.goto('/auth')
      const rows = phone.getByRole('region', { name: 'Your sessions' }).getByRole('listitem')
      await expect.poll(() => rows.count(), { timeout: 60_000 }).toBe(2)
      expect(await rows.first().innerText()).toMatch(/^Safari on iPhone\s+Since .*\s+This one$/)
      const other = rows.nth(1)
      expect(await other.innerText()).toMatch(/^Chrome on Linux\n/)
      await other.getByRole('button', { name: 'End' }).click()
      await phone.getByText('You are signed in nowhere else.').waitFor()
      expect(new URL(phone.url()).pathname).toBe('/auth')

      expect(await load(here)).toBe('401 session/required')
      await onward(here)
      // Entra still knows the person in this browser.
      await back(here)
      expect(await load(here)).toBe(FOR_ADA)
    })

    test('all others are ended without scripts, and this one goes on', async () => {
      const laptop = await atOrders()
      const elsewhere = newVisitor(world.origin)
      await elsewhere.signIn()
      const here = await newPage({ javaScriptEnabled: false })
      await here.goto('/auth')
      await here.getByRole('link', { name: 'Sign in' }).click()
      await choose(here, 'Ada Lindqvist')
      await here.getByRole('button', { name: 'Continue' }).click()
      await here.goto('/auth')
      await here.getByRole('button', { name: 'End all others' }).click()
      await here.getByText('You are signed in nowhere else.').waitFor()

      expect(await load(laptop)).toBe('401 session/required')
      expect(await isSignedIn(world, elsewhere)).toBe(false)
      await here.reload()
      await here.getByRole('heading', { name: 'You are signed in' }).waitFor()
    })

    test('a session that ran out while the page was open: one sign-in, and the page is where it was', async () => {
      const page = await atOrders()
      expect(await load(page)).toBe(FOR_ADA)
      world.advance(61 * MINUTE_MS)
      expect(await load(page)).toBe('401 session/required')
      await onward(page)
      await back(page)
      expect(await load(page)).toBe(FOR_ADA)
    })

    test('a person whose account is disabled is out at the next refresh, and Entra tells them why', async () => {
      const { entra } = world.desk
      entra.switches.token.accessTokenLifetimeSeconds = 10
      const page = await atOrders()
      expect(await load(page)).toBe(FOR_ADA)
      entra.setDisabled(ADA.person, true)

      expect(await load(page)).toBe('401 session/required')
      await onward(page)
      await choose(page, 'Ada Lindqvist')
      await page.getByRole('heading', { name: 'Your account is disabled' }).waitFor()
      await page.goto('/auth')
      await page.getByRole('link', { name: 'Sign in' }).waitFor()
      const cookies = await page.context().cookies(world.origin)
      expect(cookies.map(({ name }) => name)).not.toContain('__Host-signet')
    })
  },
)
