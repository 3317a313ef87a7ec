/** `npm start -- --vite`: Vite's own server before Signet, with a front end of somebody's own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { choose } from '../support/atBrowser.ts'
import { findBrowser, launchBrowser } from '../support/browser.ts'
import { openStart, type Started } from '../support/openStart.ts'

const hasBrowser = findBrowser() !== undefined
const code = (greeting: string): string => `const answer = await fetch('/auth/session')
const { authenticated, user } = await answer.json()
document.body.textContent = authenticated ? '${greeting} ' + user.name : 'Nobody'
import.meta.hot?.accept()
`

describe.skipIf(!hasBrowser)(
  `a front end under Vite${hasBrowser ? '' : ' (skipped: no Chromium found)'}`,
  () => {
    let folder: string
    let started: Started
    let browser: Browser
    let origin: string

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'signet-vite-'))
      await writeFile(join(folder, 'index.html'), '<body><script type="module" src="/main.js"></script>')
      await writeFile(join(folder, 'main.js'), code('Hello'))
      ;[browser, started] = await Promise.all([launchBrowser(), openStart(['--vite', folder])])
      origin = `http://localhost:${started.port}`
    })
    afterAll(async () => {
      await Promise.all([browser?.close(), started?.close()])
      await rm(folder, { recursive: true, force: true })
    })

    test('signs in through it, and shows a change at once without losing the page', async () => {
      expect(started.lines.at(-1)).toBe(`Signet is ready: ${origin}`)
      const page = await browser.newPage({ baseURL: origin })
      page.setDefaultTimeout(15_000)
      await page.goto('/')
      await page.getByText('Nobody').waitFor()
      await page.goto('/auth/login?returnTo=/?kept')
      await choose(page, 'Ada Lindqvist')
      await page.waitForURL(`${origin}/?kept`)
      await page.getByText('Hello Ada Lindqvist').waitFor()
      await page.evaluate(() => Reflect.set(window, 'isSamePage', true))
      await writeFile(join(folder, 'main.js'), code('Welcome'))
      await page.getByText('Welcome Ada Lindqvist').waitFor()

      expect(await page.evaluate(() => Reflect.get(window, 'isSamePage'))).toBe(true)
    })

    test('passes on what is Signet’s and nothing that only begins like it', async () => {
      const asked = async (path: string): Promise<string | null> =>
        (await fetch(`${origin}${path}`)).headers.get('x-correlation-id')

      for (const path of ['/auth/session', '/auth', '/api/orders/list', '/health/live'])
        expect(await asked(path), path).toMatch(/^[0-9a-f-]{36}$/)
      for (const path of ['/', '/main.js', '/authors', '/apidocs']) expect(await asked(path), path).toBeNull()
    })
  },
)
