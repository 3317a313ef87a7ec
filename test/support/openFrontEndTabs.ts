/** Tabs of a front end that uses `signet-entra/client`, as it is built, before a running app. */
import { readFileSync } from 'node:fs'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import type * as Client from '../../client/client.ts'
import { choose } from './atBrowser.ts'
import type { RunningApp } from './openRunningApp.ts'

/** What the page gives its tests. */
declare global {
  interface Window {
    signet: typeof Client
    heard: [name: string, event: unknown][]
  }
}

const PATH = '/front-end/page'
const PAGE = `<!doctype html><title>front end</title><script type="module">
import * as signet from '/front-end/client.js'
window.heard = JSON.parse(sessionStorage.heard ?? '[]')
for (const name of ['session', 'signed-out', 'expiring', 'step-up', 'silent-sign-in'])
  signet.on(name, (event) => { heard.push([name, event]); sessionStorage.heard = JSON.stringify(heard) })
window.signet = signet
</script>`

export interface FrontEndTabs {
  readonly context: BrowserContext
  /** Methods of the looks at the session that pages made. */
  looks: string[]
  /** The seconds that the next answers name, where they are to be others than the server's. */
  left: { idleSecondsLeft?: number; secondsLeft?: number }
  /** A tab on the front end's page, whose clock stands until it is moved. */
  open(path?: string): Promise<Page>
  /** One in which Ada has signed in. */
  openSignedIn(): Promise<Page>
  /** The front end's page, after a redirect has led a tab to its address: redirects pass the front end by. */
  reopen(page: Page, path?: string): Promise<Page>
  close(): Promise<void>
}

export async function openFrontEndTabs(browser: Browser, { origin }: RunningApp): Promise<FrontEndTabs> {
  const context = await browser.newContext({ baseURL: origin })
  context.setDefaultTimeout(15_000)
  const code = readFileSync('dist/library/client.js', 'utf8')
  await context.route('**/front-end/client.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: code }),
  )
  const isPage = ({ pathname }: URL): boolean => pathname === PATH
  await context.route(isPage, (route) => route.fulfill({ contentType: 'text/html', body: PAGE }))
  await context.route('**/auth/session', async (route) => {
    tabs.looks.push(route.request().method())
    const response = await route.fetch()
    const json = await response.json()
    await route.fulfill({ response, json: json.authenticated ? { ...json, ...tabs.left } : json })
  })
  const tabs: FrontEndTabs = {
    context,
    looks: [],
    left: {},
    async open(path = PATH) {
      const page = await context.newPage()
      await page.clock.install()
      return tabs.reopen(page, path)
    },
    async openSignedIn() {
      const page = await context.newPage()
      await page.clock.install()
      await page.goto('/auth/login')
      await choose(page, 'Ada Lindqvist')
      await page.waitForURL(`${origin}/`)
      return tabs.reopen(page)
    },
    async reopen(page, path = PATH) {
      await page.goto(path)
      await expect.poll(() => page.evaluate(() => window.signet !== undefined)).toBe(true)
      await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000))
      return page
    },
    async close() {
      // A look may be under way in a tab that closes.
      await context.unrouteAll({ behavior: 'ignoreErrors' })
      await context.close()
    },
  }
  return tabs
}
