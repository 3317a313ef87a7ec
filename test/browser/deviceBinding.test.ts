/** Sessions bound to a real browser: it registers, renews, holds requests back and forgets by itself; the app's clock is the test's. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { COOKIE_MS } from '../../lib/device/boundCookie.ts'
import { createAuthority } from '../../local/pki.ts'
import { isSignedInAs, signIn } from '../support/atBrowser.ts'
import { findBindingBrowser, launchBindingBrowser, launchBindingProfile } from '../support/browser.ts'
import { expectInvariants } from '../support/expectInvariants.ts'
import { openWorld, type World } from '../support/openWorld.ts'

const hasBrowser = findBindingBrowser() !== undefined
// Each test is a journey of many pages.
vi.setConfig({ testTimeout: 90_000 })
const DEVICE_COOKIE = '__Host-signet-device'
const REFRESH = '/auth/device/refresh'

describe.skipIf(!hasBrowser)(
  `a browser that binds its sessions${hasBrowser ? '' : ' (skipped: no Chromium found)'}`,
  () => {
    const certificate = createAuthority().issueServer({ names: ['localhost'] })
    const folders: string[] = []
    let browser: Browser
    const open = new Set<BrowserContext>()
    let world: World

    beforeAll(async () => {
      ;[browser, world] = await Promise.all([
        launchBindingBrowser(certificate.certPem),
        openWorld({ tls: certificate }),
      ])
    }, 60_000)
    afterEach(async () => {
      await Promise.all([...open].map((context) => context.close()))
      open.clear()
      expectInvariants(world)
    })
    afterAll(async () => {
      await Promise.all([browser?.close(), world?.close()])
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 })))
    })

    async function newProfile(): Promise<string> {
      const folder = await mkdtemp(join(tmpdir(), 'signet-profile-'))
      folders.push(folder)
      return folder
    }

    /** A browser that knows nothing yet, as contexts of one that runs are to each other; with a folder, the one whose profile lies there. */
    async function launch(folder?: string): Promise<{ context: BrowserContext; page: Page }> {
      // Our own pages let no script ask for anything; the tests' may.
      const options = { baseURL: world.origin, bypassCSP: true }
      const context =
        folder === undefined
          ? await browser.newContext(options)
          : await launchBindingProfile(folder, certificate.certPem, options)
      open.add(context)
      context.setDefaultTimeout(30_000)
      return { context, page: context.pages()[0] ?? (await context.newPage()) }
    }

    const registrations = () => world.logs.filter(({ event }) => event === 'device.registered')
    /** Statuses of the answers to requests for this path, since there were so many answers. */
    const answers = (path: string, since = 0): number[] =>
      world.replies.slice(since).flatMap((reply) => (reply.path === path ? [reply.status] : []))

    /** Signed in, bound, and the page says so. */
    async function signInBound(page: Page): Promise<void> {
      const before = registrations().length
      await signIn(page)
      await expect.poll(() => registrations().length, { timeout: 30_000 }).toBe(before + 1)
      await page.reload()
      await page.getByText('Bound to this device').waitFor()
    }

    /** What the end of its time is to the browser: it has the bound cookie no more. */
    const runOut = (context: BrowserContext): Promise<void> => context.clearCookies({ name: DEVICE_COOKIE })

    test('signs in over TLS, is bound within seconds and goes on by itself when its cookie runs out', async () => {
      const { context, page } = await launch()
      await signInBound(page)
      expect(registrations().at(-1)?.facts.afterMs).toBeLessThan(10_000)
      const since = world.replies.length
      await runOut(context)
      await page.reload()
      await page.getByText('Bound to this device').waitFor()
      expect(answers(REFRESH, since)).toEqual([200])
      expect(answers('/auth/device', since)).toEqual([])
    })

    test('holds back what many tabs and scripts ask at once, renews one time, and all of it arrives', async () => {
      const { context, page } = await launch()
      await signInBound(page)
      const tabs = [page, await context.newPage(), await context.newPage()]
      const since = world.replies.length
      await runOut(context)
      await Promise.all(tabs.map((tab) => tab.goto(`${world.origin}/auth`)))
      await Promise.all(tabs.map((tab) => isSignedInAs(tab, 'Ada Lindqvist')))
      expect(answers(REFRESH, since)).toEqual([200])
      await runOut(context)
      const statuses = await page.evaluate(() =>
        Promise.all([...Array(8)].map(async () => (await fetch('/auth/session')).status)),
      )
      expect(statuses).toEqual(Array(8).fill(200))
      expect(answers(REFRESH, since)).toEqual([200, 200])
    })

    test('arrives by a link from another site, which starts no renewal, at the second try of the page itself', async () => {
      const { context, page } = await launch()
      await signInBound(page)
      const elsewhere = createServer((_request, response) =>
        response.setHeader('content-type', 'text/html').end(`<a href="${world.origin}/auth">There</a>`),
      ).listen(0, '127.0.0.1')
      await once(elsewhere, 'listening')
      await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`)
      const since = world.replies.length
      await runOut(context)
      await page.getByRole('link', { name: 'There' }).click()
      await page.getByText('Bound to this device').waitFor()
      elsewhere.close()
      expect(answers('/auth', since)).toEqual([401, 200])
      expect(answers(REFRESH, since)).toEqual([200])
    })

    test('loses nothing by an app that ends in the middle of a renewal, after it was written', async () => {
      const { context, page } = await launch()
      await signInBound(page)
      await runOut(context)
      world.loseNextAnswer(REFRESH)
      world.replaceInstance()
      const since = world.replies.length
      await page.goto(`${world.origin}/auth`)
      await page.getByText('Bound to this device').waitFor()
      expect(answers(REFRESH, since).at(-1)).toBe(200)
    })

    test('is bound although the answer to its registration got lost', async () => {
      const { page } = await launch()
      world.loseNextAnswer('/auth/device')
      const before = registrations().length
      await signIn(page)
      await expect.poll(() => registrations().length, { timeout: 30_000 }).toBe(before + 1)
      world.replaceInstance()
      world.advance(11_000)
      await page.reload()
      await expect.poll(() => registrations().length, { timeout: 30_000 }).toBe(before + 2)
      await page.reload()
      await page.getByText('Bound to this device').waitFor()
    })

    test('whose cookies are copied into another browser goes on, and the copy is dead after ten minutes', async () => {
      const [first, second] = [await launch(), await launch()]
      await signInBound(first.page)
      await second.context.addCookies(await first.context.cookies(world.origin))
      await second.page.goto(`${world.origin}/auth`)
      await isSignedInAs(second.page, 'Ada Lindqvist')

      world.advance(COOKIE_MS)
      const dead = await second.page.goto(`${world.origin}/auth`)
      expect(dead?.status()).toBe(401)
      await second.page.getByText('Your browser has to show').waitFor()
      const statuses = await second.page.evaluate(async () => (await fetch('/auth/session')).status)
      expect(statuses).toBe(401)

      await runOut(first.context)
      await first.page.goto(`${world.origin}/auth`)
      await first.page.getByText('Bound to this device').waitFor()
      expect((await second.page.goto(`${world.origin}/auth`))?.status()).toBe(401)
    })

    test('is signed out by Entra in a frame that waits for no renewal, and forgets its key', async () => {
      const { context, page } = await launch()
      await signInBound(page)
      await runOut(context)
      const since = world.replies.length
      const { entra } = world.desk
      await page.goto(`${entra.origin}/${entra.tenantId}/oauth2/v2.0/logout`)
      await expect.poll(() => answers('/auth/frontchannel-logout', since), { timeout: 30_000 }).toEqual([200])
      expect(answers(REFRESH, since)).toEqual([])
      await page.goto(`${world.origin}/auth`)
      await page.getByRole('link', { name: 'Sign in' }).first().waitFor()
      expect(answers(REFRESH, since)).toEqual([401])
      await page.reload()
      expect(answers(REFRESH, since)).toEqual([401])
    })

    test('is closed and opened again: the session cookie went with it, and the next sign-in is bound by a key of its own', async () => {
      const folder = await newProfile()
      const { context, page } = await launch(folder)
      await signInBound(page)
      await context.close()
      open.delete(context)
      const again = await launch(folder)
      const since = world.replies.length
      await signInBound(again.page)
      expect(answers('/auth/device', since)).toEqual([200])
      expect(answers(REFRESH, since).every((status) => status !== 200)).toBe(true)
    })
  },
)
