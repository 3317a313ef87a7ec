/** Every kind of page that a desk shows, as people see them who see little, see no colours, or have a narrow window. */
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createSwitchboard } from '../../local/switchboard/createSwitchboard.ts'
import { choose, signIn } from '../support/atBrowser.ts'
import { findBrowser, launchBrowser } from '../support/browser.ts'
import { openRunningApp, type RunningApp } from '../support/openRunningApp.ts'

const hasBrowser = findBrowser() !== undefined
const NARROW = { width: 320, height: 640 }
// Each test is a look at many pages.
vi.setConfig({ testTimeout: 90_000 })

describe.skipIf(!hasBrowser)(`the pages${hasBrowser ? '' : ' (skipped: no Chromium found)'}`, () => {
  let browser: Browser
  let running: RunningApp
  let page: Page

  beforeAll(async () => {
    ;[browser, running] = await Promise.all([launchBrowser(), openRunningApp()])
    const { desk } = running
    desk.entra.lodge(createSwitchboard({ desk, restartApp: () => running.crashAndRestart() }))
    const context = await browser.newContext({ baseURL: running.origin, viewport: NARROW })
    context.setDefaultTimeout(15_000)
    page = await context.newPage()
  })
  afterAll(() => Promise.all([browser?.close(), running?.close()]))

  /** What axe finds wrong, by rule; of the contrast alone, where that is all that is different. */
  async function axeFindings(options: axe.RunOptions = {}): Promise<readonly unknown[]> {
    // Anew each time: it keeps the colours that it has seen.
    await page.evaluate(axe.source)
    const { violations, passes } = await page.evaluate(
      (chosen) => (Reflect.get(window, 'axe') as typeof axe).run(document, chosen),
      options,
    )
    expect(passes.length).toBeGreaterThan(0)
    return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])
  }

  /** Nothing of axe's rules in light and dark, headings in order, and no need to scroll sideways. */
  /** Colours change gradually, and half way there they are nobody's. */
  const settled = (): Promise<unknown> =>
    page.evaluate(async () => {
      for (const animation of document.getAnimations()) animation.finish()
    })

  async function expectWell(name: string): Promise<void> {
    await settled()
    expect([name, await axeFindings()]).toEqual([name, []])
    await page.emulateMedia({ colorScheme: 'dark' })
    await settled()
    expect([name, await axeFindings({ runOnly: ['color-contrast'] })]).toEqual([name, []])
    await page.emulateMedia({ colorScheme: 'light' })

    const levels = await page
      .locator('h1, h2, h3, h4, h5, h6')
      .evaluateAll((all) => all.map(({ tagName }) => Number(tagName.at(1))))
    expect([name, levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1)]).toEqual([name, []])
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect([name, width]).toEqual([name, NARROW.width])
  }

  test('of the app are without an axe finding, in light and dark, and no wider than 320 pixels', async () => {
    for (const path of ['/', '/auth/signed-out', '/auth/login?prompt=nonsense', '/nowhere']) {
      await page.goto(path)
      await expectWell(path)
    }
    await signIn(page)
    await expectWell('/ signed in')
  })

  test('of the look-alike are, too', async () => {
    const { entra } = running.desk
    await page.context().clearCookies()
    await page.goto('/auth/login')
    await expectWell('who signs in')
    await page.goto(`${entra.origin}/${entra.tenantId}/oauth2/v2.0/authorize?client_id=nobody`)
    await expectWell('its error')
  })

  test('of the inspector are, and a forged ID token is a failure there, in words and not by colour alone', async () => {
    const { entra } = running.desk
    entra.switches.idToken.flaw = 'invalid-sig-rs256'
    await page.context().clearCookies()
    await page.goto('/auth/login')
    await choose(page, 'Bo Adeyemi')
    await page.getByRole('heading', { level: 1 }).waitFor()
    entra.switches.reset()

    await page.goto(`${entra.origin}/inspect`)
    await expectWell('the sign-ins')
    expect(await page.locator('.signins b').allInnerTexts()).toEqual(
      expect.arrayContaining(['✗ Bo Adeyemi got tokens, and no session', '✓ Ada Lindqvist signed in']),
    )
    await page.getByRole('link', { name: '✗ Bo Adeyemi' }).click()
    await page.getByText('This sign-in failed.').waitFor()
    await expectWell('a sign-in that failed')
    await page.goBack()
    await page.getByRole('link', { name: '✓ Ada Lindqvist' }).click()
    await expectWell('a sign-in')
  })

  test('of the inspector keep their lines where the colours are the reader’s own', async () => {
    await page.emulateMedia({ forcedColors: 'active' })
    const lines = await page.locator('.step .lane, .arrow').evaluateAll((all) =>
      all.map((element) => {
        const { backgroundImage, borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(element)
        const isArrow = element.classList.contains('arrow')
        return isArrow
          ? borderTopWidth !== '0px' && borderTopColor !== backgroundColor
          : backgroundImage !== 'none'
      }),
    )
    await page.emulateMedia({ forcedColors: 'none' })

    expect(lines.length).toBeGreaterThan(10)
    expect(new Set(lines)).toEqual(new Set([true]))
  })

  test('of the switchboard are, and begin with how things stand and the way back to it', async () => {
    await page.goto(`${running.desk.entra.origin}/desk`)
    const buttons = page.getByRole('button')
    expect(await buttons.first().innerText()).toBe('Everything as usual')
    await page.getByRole('form', { name: 'Key Vault' }).getByRole('button', { name: 'Forbids' }).click()
    await page.getByText('Not as usual:').waitFor()
    await expectWell('the switchboard')
    // A mark before the words, for whoever sees no colours; it is not read out.
    const mark = await page
      .getByRole('button', { name: 'Forbids', exact: true, pressed: true })
      .first()
      .evaluate((button) => getComputedStyle(button, '::before').content)
    expect(mark).toContain('✓')

    await buttons.first().click()
    await page.getByText('Every dial stands as usual.').waitFor()
  })
})
