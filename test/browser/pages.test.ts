/** Pages around sign-in at a real browser: a front end with a service worker, a portal of somebody else, a window left open. */
import { once } from 'node:events'
import http from 'node:http'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { findBrowser, launchBrowser } from '../support/browser.ts'
import { openRunningApp, type RunningApp } from '../support/openRunningApp.ts'

const hasBrowser = findBrowser() !== undefined

/** A worker that sits between page and network, as one that works offline does. */
const WORKER = `self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => event.respondWith(fetch(event.request)))`

const FRONT_END = `<script>navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready)
.then(() => { document.title = 'ready' })</script>`

/** Pages of others under any host of this machine, and whatever else is asked of them from the app: a front end on the app's site. */
async function openPages(app: RunningApp): Promise<{ port: number; seen: Seen[]; close(): void }> {
  const seen: Seen[] = []
  const pages: Readonly<Record<string, readonly [type: string, text: string]>> = {
    '/worker.js': ['text/javascript', WORKER],
    '/front-end': ['text/html', FRONT_END],
    '/portal': ['text/html', portal(app)],
  }
  const server = http.createServer((request, response) => {
    const page = pages[request.url ?? '']
    if (page !== undefined) return void response.writeHead(200, { 'content-type': page[0] }).end(page[1])
    seen.push({ path: request.url ?? '', destination: request.headers['sec-fetch-dest'] })
    const { method, url, headers } = request
    const onward = http.request(new URL(url ?? '/', app.origin), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    request.pipe(onward)
  })
  await once(server.listen(0), 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    seen,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

interface Seen {
  readonly path: string
  readonly destination: string | string[] | undefined
}

function portal({ desk, origin }: RunningApp): string {
  const fields = {
    iss: desk.entra.issuer,
    login_hint: 'bo@contoso.example',
    target_link_uri: `${origin}/?from=portal`,
  }
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
  )
  return `<form method="post" action="${origin}/auth/login">${inputs.join('')}<button>Open</button></form>`
}

describe.skipIf(!hasBrowser)(
  `pages around sign-in${hasBrowser ? '' : ' (skipped: no Chromium found)'}`,
  () => {
    let browser: Browser
    let running: RunningApp
    let pages: Awaited<ReturnType<typeof openPages>>
    const contexts: BrowserContext[] = []

    async function newPage(): Promise<Page> {
      const context = await browser.newContext({ baseURL: running.origin })
      contexts.push(context)
      context.setDefaultTimeout(15_000)
      return context.newPage()
    }

    async function signIn(page: Page, name: string, path = '/auth/login'): Promise<void> {
      await page.goto(path)
      await page.getByRole('button', { name }).click()
      await page.getByText(name, { exact: true }).first().waitFor()
    }

    beforeAll(async () => {
      ;[browser, running] = await Promise.all([launchBrowser(), openRunningApp()])
      pages = await openPages(running)
    })
    afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())))
    afterAll(async () => {
      pages?.close()
      await Promise.all([browser?.close(), running?.close()])
    })

    test('a service worker that passes navigations on does not stand between the person and sign-in', async () => {
      const page = await newPage()
      await page.goto(`http://localhost:${pages.port}/front-end`)
      await page.waitForFunction(() => document.title === 'ready')
      await page.goto(`http://localhost:${pages.port}/auth/login?returnTo=/?worker=1`)
      expect(pages.seen.findLast(({ path }) => path.startsWith('/auth/login'))?.destination).toBe('empty')
      await page.getByRole('button', { name: 'Ada Lindqvist' }).click()
      await page.waitForURL(`${running.origin}/?worker=1`)
      await page.getByRole('button', { name: 'Sign out' }).waitFor()
    })

    test('a portal of another site begins a sign-in by a form, and the session that was there is replaced', async () => {
      const page = await newPage()
      await signIn(page, 'Ada Lindqvist')
      const cookie = async () =>
        (await page.context().cookies(running.origin)).find(({ name }) => name === '__Host-signet')
      const before = await cookie()
      await page.goto(`http://127.0.0.1:${pages.port}/portal`)
      await page.getByRole('button', { name: 'Open' }).click()
      // Entra knows somebody, but not the one it was told to expect.
      await page.getByRole('button', { name: 'Bo Adeyemi' }).click()
      await page.waitForURL(`${running.origin}/?from=portal`)
      await page.getByText('Bo Adeyemi', { exact: true }).first().waitFor()
      const after = await cookie()
      expect(after?.value).not.toBe(before?.value)
      if (before !== undefined) await page.context().addCookies([before])
      await page.goto('/')
      await page.getByRole('link', { name: 'Sign in' }).waitFor()
    })

    test('a person is brought to the address that they had typed', async () => {
      const page = await newPage()
      await page.goto(
        `/auth/login?returnTo=${encodeURIComponent(`${running.origin.toUpperCase()}/?suche=ä b#größe`)}`,
      )
      await page.getByRole('button', { name: 'Ada Lindqvist' }).click()
      await page.waitForURL(`${running.origin}/?suche=%C3%A4%20b#gr%C3%B6%C3%9Fe`)
    })

    test('a window whose session has ended elsewhere still signs out, at Entra too', async () => {
      const page = await newPage()
      await signIn(page, 'Ada Lindqvist')
      const other = await page.context().newPage()
      await other.goto('/')
      await page.context().clearCookies({ name: '__Host-signet' })
      await other.getByRole('button', { name: 'Sign out' }).click()
      await other.waitForURL(`${running.origin}/auth/signed-out`)
      // Entra asks who it is.
      await other.goto('/auth/login')
      await other.getByRole('button', { name: 'Ada Lindqvist' }).waitFor()
    })

    test('a script of ours looks at the session and says that the person is still here; it has to name itself for the second', async () => {
      const page = await newPage()
      await signIn(page, 'Ada Lindqvist')
      // Pages of ours run no script, but for this test.
      await page.route('**/probe', (route) => route.fulfill({ contentType: 'text/html', body: 'probe' }))
      await page.goto('/probe')
      const answers = await page.evaluate(async () => {
        const asked = [{}, { method: 'POST', headers: { 'x-csrf': '1' } }, { method: 'POST' }].map((init) =>
          fetch('/auth/session', init).then(async (answer) => [answer.status, await answer.json()] as const),
        )
        return Promise.all(asked)
      })
      const signedIn = {
        authenticated: true,
        idleSecondsLeft: expect.any(Number),
        secondsLeft: expect.any(Number),
      }
      expect(answers).toMatchObject([
        [200, signedIn],
        [200, signedIn],
        [403, { code: 'http/csrf_header_required' }],
      ])
    })
  },
)
