import { createServer, type IncomingMessage } from 'node:http'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBrowser, launchBrowser } from '../../support/browser.ts'
import { clientId, endpoint, openBrowser, openWorld, type TestWorld } from './world.ts'

type Received = {
  readonly method: string | undefined
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: URLSearchParams
}

/** An application on another site than the look-alike: `localhost` against `127.0.0.1`. */
async function openApplication() {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { method, url = '/', headers } = request
    received.push({ method, path: url, headers, body: new URLSearchParams(body) })
    response.setHeader('content-type', 'text/html')
    if (method === 'POST') response.writeHead(303, { location: '/home' })
    response.end(`<title>${url.split('?')[0]}</title>`)
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { received, origin: `http://localhost:${port}`, close: () => server.close() }
}

describe.skipIf(findBrowser() === undefined)('in a real browser (needs Chromium)', () => {
  let world: TestWorld
  let application: Awaited<ReturnType<typeof openApplication>>
  let browser: Browser

  beforeAll(async () => {
    world = await openWorld()
    application = await openApplication()
    const { origin } = application
    world.entra.registerApplication({
      ...world.web,
      redirectUris: [`${origin}/callback`, `${origin}/signed-out`],
      logoutUrl: `${origin}/frontchannel`,
    })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser.close()
    application.close()
    await world.close()
  })

  /** A fresh browser profile on the sign-in page; fails on anything the pages' own policy forbids. */
  async function openSignIn(options: BrowserContextOptions = {}, parameters = {}) {
    const complaints: string[] = []
    const page = await (await browser.newContext(options)).newPage()
    page.on('console', (message) => complaints.push(message.text()))
    const redirect = { client_id: clientId, redirect_uri: `${application.origin}/callback` }
    await page.goto(openBrowser(world.entra).authorizeUrl({ ...redirect, ...parameters }))
    application.received.length = 0
    return { page, complaints }
  }

  const last = (path: string) => application.received.find((request) => request.path.startsWith(path))

  test('choosing a person posts the code across sites and ends where the application wants', async () => {
    const { page, complaints } = await openSignIn()
    await page.getByRole('button', { name: 'Ada Lindqvist' }).click()
    await page.waitForURL(`${application.origin}/home`)

    const callback = last('/callback')
    expect(callback?.method).toBe('POST')
    expect(callback?.headers).toMatchObject({ origin: world.entra.origin, 'sec-fetch-site': 'cross-site' })
    expect([...(callback?.body.keys() ?? [])]).toEqual(['code', 'session_state', 'state'])
    expect(complaints).toEqual([])
  })

  test('without scripts one more press does it', async () => {
    const { page } = await openSignIn({ javaScriptEnabled: false })
    await page.getByRole('button', { name: 'Bo Adeyemi' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL(`${application.origin}/home`)
    expect(last('/callback')?.body.get('state')).toBe('state-of-the-test')
  })

  test('the page can be used by keyboard alone', async () => {
    const { page } = await openSignIn()
    await page.keyboard.press('Tab')
    expect(await focused(page)).toContain('Ada Lindqvist')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${application.origin}/home`)
    expect(last('/callback')?.body.has('code')).toBe(true)
  })

  test('by query, the redirect leaves the page too', async () => {
    const { page, complaints } = await openSignIn({}, { response_mode: 'query' })
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.waitForURL(`${application.origin}/callback?*`)
    expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied')
    expect(complaints).toEqual([])
  })

  test('the second sign-in passes without a press', async () => {
    const { page } = await openSignIn()
    await page.getByRole('button', { name: 'Ada Lindqvist' }).click()
    await page.waitForURL(`${application.origin}/home`)
    await page.goto(
      openBrowser(world.entra).authorizeUrl({
        redirect_uri: `${application.origin}/callback`,
        prompt: 'none',
      }),
    )
    await page.waitForURL(`${application.origin}/home`)
    expect(application.received.filter(({ path }) => path === '/callback')).toHaveLength(2)
  })

  test('signing out calls the application in a frame with sid alone, then goes back to it', async () => {
    const { page } = await openSignIn()
    await page.getByRole('button', { name: 'Ada Lindqvist' }).click()
    await page.waitForURL(`${application.origin}/home`)
    const back = encodeURIComponent(`${application.origin}/signed-out`)
    await page.goto(`${endpoint(world.entra, 'logout')}?post_logout_redirect_uri=${back}`)
    await page.waitForURL(`${application.origin}/signed-out`)

    const told = last('/frontchannel')
    expect([...new URL(told?.path ?? '/', application.origin).searchParams.keys()]).toEqual(['sid'])
    expect(told?.headers['sec-fetch-dest']).toBe('iframe')
    const order = application.received.map(({ path }) => path.split('?')[0])
    expect(order.indexOf('/frontchannel')).toBeLessThan(order.indexOf('/signed-out'))
  })

  test('nothing sticks out on a narrow phone', async () => {
    const { page } = await openSignIn({ viewport: { width: 320, height: 640 } })
    await page.getByText('What the application asks for').click()
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0)
  })
})

async function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent ?? '')
}
