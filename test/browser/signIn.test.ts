/** A person at a real browser, under our host; the sign-in itself also under the real Functions host. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createSwitchboard } from '../../local/switchboard/createSwitchboard.ts'
import { choose, isSignedInAs, signIn } from '../support/atBrowser.ts'
import { findBrowser, launchBrowser } from '../support/browser.ts'
import { openRunningApp, type RunningApp } from '../support/openRunningApp.ts'
import { describeUnderRealHost } from '../support/realHost.ts'

const hasBrowser = findBrowser() !== undefined
const isCi = process.env.CI !== undefined && process.env.CI !== ''

let browser: Browser
let running: RunningApp
const contexts: BrowserContext[] = []

async function newPage(app: RunningApp, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ baseURL: app.origin, ...options })
  contexts.push(context)
  context.setDefaultTimeout(15_000)
  return context.newPage()
}

test.runIf(isCi)('CI has a browser', () => {
  expect(hasBrowser).toBe(true)
})

describe.skipIf(!hasBrowser)(
  `a person at a browser${hasBrowser ? '' : ' (skipped: no Chromium found)'}`,
  () => {
    beforeAll(async () => {
      ;[browser, running] = await Promise.all([launchBrowser(), openRunningApp()])
    })
    afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())))
    afterAll(() => Promise.all([browser?.close(), running?.close()]))

    test('signs in and reads who they are and how the sign-in was proven', async () => {
      const page = await newPage(running)
      await signIn(page)
      await isSignedInAs(page, 'Ada Lindqvist')
      const text = await page.locator('main').innerText()
      for (const fact of ['PS256', 'x5t#S256', running.desk.vault.certificate().version, 'azpacr']) {
        expect(text).toContain(fact)
      }
      const cookies = await page.context().cookies(running.origin)
      const shown = cookies.map(({ name, secure, httpOnly, sameSite, path }) => ({
        name: name.replace(/-tx-[\w-]{12}$/, '-tx-{h}'),
        ...{ secure, httpOnly, sameSite, path },
      }))
      const always = { secure: true, httpOnly: true, path: '/' }
      expect(shown.sort((a, b) => a.name.localeCompare(b.name))).toEqual([
        { name: '__Host-signet', sameSite: 'Lax', ...always },
        { name: '__Host-signet-tx-{h}', sameSite: 'None', ...always },
      ])
    })

    test('is brought to the deep link they came for', async () => {
      const page = await newPage(running)
      await page.goto('/auth/login?returnTo=%2F%3Freport%3D7%23totals')
      await choose(page, 'Bo Adeyemi')
      await page.waitForURL(`${running.origin}/?report=7#totals`)
      await isSignedInAs(page, 'Bo Adeyemi')
    })

    test('cancels, reads that nothing has changed, and signs in after all', async () => {
      const page = await newPage(running)
      await page.goto('/auth/login')
      await choose(page, 'Cancel')
      await page.getByText('Nothing has changed here').waitFor()
      expect(
        await page
          .context()
          .cookies(running.origin)
          .then((all) => all.map(({ name }) => name)),
      ).not.toContain('__Host-signet')
      await page.getByRole('link', { name: 'Sign in' }).click()
      await choose(page, 'Ada Lindqvist')
      await isSignedInAs(page, 'Ada Lindqvist')
    })

    test('is told by a screen, not by a stack trace, that their account is blocked', async () => {
      const page = await newPage(running)
      await page.goto('/auth/login')
      await choose(page, 'Blocked')
      expect(await page.locator('h1').innerText()).toBe('No access')
      expect(await page.locator('main').innerText()).toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-4/)
    })

    test('signs in within two tabs at once, and each ends where it was going', async () => {
      const first = await newPage(running)
      const second = await first.context().newPage()
      await first.goto('/auth/login?returnTo=/?tab=1')
      await second.goto('/auth/login?returnTo=/?tab=2')
      await choose(second, 'Ada Lindqvist')
      await second.waitForURL(`${running.origin}/?tab=2`)
      await choose(first, 'Ada Lindqvist')
      await first.waitForURL(`${running.origin}/?tab=1`)
      await second.reload()
      await isSignedInAs(second, 'Ada Lindqvist')
    })

    test('goes back to the page that posts the answer and stays signed in', async () => {
      const page = await newPage(running)
      await signIn(page)
      const tokenRequests = running.desk.entra.log.filter(({ kind }) => kind === 'token').length
      await page.goBack()
      await page.waitForURL((url) => url.origin === running.origin || url.hostname === '127.0.0.1')
      await page.goto('/')
      await isSignedInAs(page, 'Ada Lindqvist')
      expect(running.desk.entra.log.filter(({ kind }) => kind === 'token').length).toBe(tokenRequests)
    })

    test('presses twice without scripts: the answer that was cut off costs one more press', async () => {
      const page = await newPage(running, { javaScriptEnabled: false })
      const { faults } = running.desk.entra.switches
      const mayAnswer = Promise.withResolvers<void>()
      await page.goto('/auth/login?returnTo=/?twice=1')
      await choose(page, 'Ada Lindqvist')
      const state = await page.locator('input[name=state]').getAttribute('value')
      const button = page.getByRole('button', { name: 'Continue' })
      const { x, y } = (await button.boundingBox()) ?? expect.fail('no button')
      // The mouse, for a person does not wait until the page has gone.
      const press = (): Promise<void> => page.mouse.click(x + 5, y + 5)
      faults.token = { kind: 'hold', until: mayAnswer.promise, times: 1 }
      await press()
      await expect.poll(() => faults.token?.times).toBe(0)
      await press()
      await page.locator(`input[name=state]:not([value="${state}"])`).waitFor({ state: 'attached' })
      mayAnswer.resolve()
      await button.click()
      await page.waitForURL(`${running.origin}/?twice=1`)
      await isSignedInAs(page, 'Ada Lindqvist')
    })

    test('goes back and presses again without scripts, and is where they were, signed in', async () => {
      const page = await newPage(running, { javaScriptEnabled: false })
      const button = page.getByRole('button', { name: 'Continue' })
      await page.goto('/auth/login')
      await choose(page, 'Ada Lindqvist')
      await button.click()
      await isSignedInAs(page, 'Ada Lindqvist')
      const tokenRequests = (): number => running.desk.entra.log.filter(({ kind }) => kind === 'token').length
      // Entra knows the person now, so its page that posts the answer is one to go back to.
      await page.goto('/auth/login?returnTo=/?again=1')
      await button.click()
      await page.waitForURL(`${running.origin}/?again=1`)
      const before = tokenRequests()
      await page.goBack()
      await button.click()
      await page.waitForURL(`${running.origin}/?again=1`)
      await isSignedInAs(page, 'Ada Lindqvist')
      expect(tokenRequests()).toBe(before)
    })

    test('signs out here and at Entra, and in again as somebody else', async () => {
      const page = await newPage(running)
      await signIn(page)
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.waitForURL(`${running.origin}/auth/signed-out`)
      expect(await page.context().cookies(running.origin)).toEqual([])
      await page.goBack()
      await page.goto('/')
      await page.getByRole('link', { name: 'Sign in' }).click()
      await choose(page, 'Bo Adeyemi')
      await isSignedInAs(page, 'Bo Adeyemi')
    })

    test('signs out at Entra, which ends the session here through its hidden frame', async () => {
      const page = await newPage(running)
      await signIn(page)
      await page.goto(`${running.desk.entra.origin}/${running.desk.entra.tenantId}/oauth2/v2.0/logout`)
      await page.waitForLoadState('networkidle')
      await page.goto('/')
      await page.getByRole('link', { name: 'Sign in' }).waitFor()
    })

    test('notices nothing of an app that is killed between login and callback', async () => {
      const page = await newPage(running)
      await page.goto('/auth/login?returnTo=/?after=crash')
      await running.crashAndRestart()
      await choose(page, 'Ada Lindqvist')
      await page.waitForURL(`${running.origin}/?after=crash`)
      await isSignedInAs(page, 'Ada Lindqvist')
    })

    test('breaks the vault at the switchboard, sees what a person sees, and mends it', async () => {
      const { entra } = running.desk
      const restartApp = () => running.crashAndRestart()
      entra.lodge(createSwitchboard({ desk: running.desk, restartApp }))
      const page = await newPage(running, { javaScriptEnabled: false })
      const switchboard = `${entra.origin}/desk`
      const vault = page.getByRole('form', { name: 'Key Vault' })
      await page.goto(switchboard)
      await vault.getByRole('button', { name: 'Throttles' }).click()
      await vault.getByRole('button', { name: 'Throttles', pressed: true }).waitFor()
      await page.getByRole('button', { name: 'Restart the app' }).click()
      await page.goto('/auth/login')
      await choose(page, 'Ada Lindqvist')
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByRole('heading', { name: 'One moment, please' }).waitFor()

      await page.goto(switchboard)
      await page.getByRole('button', { name: 'Everything as usual' }).click()
      await vault.getByRole('button', { name: 'As usual', pressed: true }).waitFor()
      await page.getByRole('button', { name: 'Restart the app' }).click()
      await page.goto('/auth/login')
      await page.getByRole('button', { name: 'Continue' }).click()
      await isSignedInAs(page, 'Ada Lindqvist')
    })

    test('reads every page on a phone without scrolling sideways', async () => {
      const page = await newPage(running, { viewport: { width: 390, height: 844 } })
      const widest = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth)
      for (const path of ['/', '/auth/signed-out', '/auth/login?prompt=nonsense', '/nowhere']) {
        await page.goto(path)
        expect([path, await widest()]).toEqual([path, 390])
      }
      await signIn(page)
      expect(await widest()).toBe(390)
    })

    describeUnderRealHost('under the real Functions host', (program) => {
      let real: RunningApp
      beforeAll(async () => {
        real = await openRunningApp({ program })
      })
      afterAll(() => real?.close())

      test('signs in, signs out and is asked again', async () => {
        const page = await newPage(real)
        await signIn(page)
        await isSignedInAs(page, 'Ada Lindqvist')
        await page.getByRole('button', { name: 'Sign out' }).click()
        await page.waitForURL(`${real.origin}/auth/signed-out`)
        await page.goto('/')
        await page.getByRole('link', { name: 'Sign in' }).waitFor()
      })
    })
  },
)
