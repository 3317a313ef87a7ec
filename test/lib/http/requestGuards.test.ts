import { describe, expect, it } from 'vitest'
import {
  isNavigation,
  refuseForeignReader,
  requireOwnCall,
  requireOwnFrontEnd,
  requireOwnPage,
  requireOwnScript,
} from '../../../lib/http/requestGuards.ts'
import { faultOf, outcomeOf } from '../../support/faultOf.ts'
import { signetRequestOf } from '../../support/signetRequestOf.ts'

const OWN = 'https://app.example'
const TICKET = 'A'.repeat(43)

function headers(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const present = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(present)
}

describe('a request of our own pages', () => {
  const sites = [undefined, 'same-origin', 'same-site', 'cross-site', 'none', 'SAME-ORIGIN', ''] as const
  const origins = [
    undefined,
    'null',
    OWN,
    'https://evil.example',
    'https://sibling.example',
    `${OWN}.evil.example`,
    `${OWN}:8443`,
    `${OWN}/`,
    'http://app.example',
    `${OWN}, null`,
    '',
  ] as const
  const cookies = [
    undefined,
    `__Host-signet=${TICKET}`,
    // Two values, of which none is believed: that it was sent at all is what counts.
    `__Host-signet=${TICKET}; __Host-signet=${'B'.repeat(43)}`,
    '__Host-signet-tx-abcdefghijkl=x',
  ] as const
  const isSession = (cookie: string | undefined): boolean => cookie?.startsWith('__Host-signet=') === true

  /** Sec-Fetch-Site and Origin that are accepted: always, or only with the session cookie. */
  const ACCEPTED: Readonly<Record<string, 'always' | 'with the cookie'>> = {
    [`same-origin ${OWN}`]: 'always',
    // What Chromium sends for a form on a page whose Referrer-Policy is no-referrer.
    'same-origin null': 'always',
    'same-origin undefined': 'always',
    [`undefined ${OWN}`]: 'always',
    // The same form in a browser without Fetch Metadata, and behind a proxy that takes the headers away.
    'undefined null': 'with the cookie',
    'undefined undefined': 'with the cookie',
  }
  const matrix = sites.flatMap((site) =>
    origins.flatMap((origin) => cookies.map((cookie) => ({ site, origin, cookie }))),
  )

  it.each(matrix)(
    'Sec-Fetch-Site $site, Origin $origin, Cookie $cookie',
    async ({ site, origin, cookie }) => {
      const request = signetRequestOf({
        method: 'POST',
        headers: headers({ 'sec-fetch-site': site, origin, cookie }),
      })
      const when = ACCEPTED[`${site} ${origin}`]
      const isOurs = when === 'always' || (when === 'with the cookie' && isSession(cookie))

      expect(await outcomeOf(() => requireOwnPage(request, OWN))).toBe(isOurs ? 'none' : 'http/cross_site')
    },
  )

  it('is not shown by Referer or Host', async () => {
    const request = signetRequestOf({ method: 'POST', headers: { referer: `${OWN}/`, host: 'app.example' } })

    expect(await outcomeOf(() => requireOwnPage(request, OWN))).toBe('http/cross_site')
  })
})

describe('a navigation', () => {
  const modes = [
    undefined,
    'navigate',
    'nested-navigate',
    'cors',
    'no-cors',
    'same-origin',
    'websocket',
    'webtransport',
    'NAVIGATE',
    '',
  ] as const
  const destinations = [
    undefined,
    'document',
    'empty',
    'iframe',
    'frame',
    'fencedframe',
    'embed',
    'object',
    'image',
    'script',
    'style',
    'worker',
    'serviceworker',
    'report',
    'DOCUMENT',
    '',
  ] as const
  const NAVIGATIONS = new Set([
    'navigate document',
    // A service worker that passes a navigation on: Chromium names no destination, WebKit sent no header for a while.
    'navigate empty',
    'navigate undefined',
    // Browsers without Fetch Metadata.
    'undefined undefined',
    'undefined document',
  ])
  const matrix = modes.flatMap((mode) => destinations.map((destination) => ({ mode, destination })))

  it.each(matrix)('Sec-Fetch-Mode $mode, Sec-Fetch-Dest $destination', ({ mode, destination }) => {
    const request = signetRequestOf({
      headers: headers({ 'sec-fetch-mode': mode, 'sec-fetch-dest': destination }),
    })

    expect(isNavigation(request)).toBe(NAVIGATIONS.has(`${mode} ${destination}`))
  })

  it.each([
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { 'sec-purpose': 'prefetch;anonymous-client-ip' },
    { 'sec-purpose': 'Prefetch' },
    { 'sec-purpose': 'prerender' },
    { purpose: 'prefetch' },
    { purpose: 'preview' },
    { 'x-purpose': 'preview' },
    { 'x-moz': 'prefetch' },
  ])('is no wish of the person with %o', (purpose) => {
    for (const destination of ['document', 'empty', undefined]) {
      const request = signetRequestOf({
        headers: headers({ 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': destination, ...purpose }),
      })
      expect(isNavigation(request)).toBe(false)
    }
    expect(isNavigation(signetRequestOf({ headers: headers(purpose) }))).toBe(false)
  })

  it.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none', 'sec-fetch-user': '?1' },
    { 'sec-purpose': '' },
    { 'x-requested-with': 'XMLHttpRequest' },
    { accept: '*/*' },
  ])('may come from anywhere, and with %o', (others) => {
    const request = signetRequestOf({
      headers: headers({ 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', ...others }),
    })

    expect(isNavigation(request)).toBe(true)
  })
})

describe('a foreign reader', () => {
  it.each([
    [undefined, 'none'],
    ['same-origin', 'none'],
    ['none', 'none'],
    ['same-site', 'http/cross_site'],
    ['cross-site', 'http/cross_site'],
  ])('is judged by Sec-Fetch-Site %s: %s', async (site, expected) => {
    const request = signetRequestOf({ headers: headers({ 'sec-fetch-site': site }) })

    expect(await outcomeOf(() => refuseForeignReader(request, OWN))).toBe(expected)
  })
})

describe('a reader that names its origin', () => {
  it.each([
    [OWN, undefined, 'none'],
    [OWN, 'same-origin', 'none'],
    ['null', 'same-origin', 'none'],
    ['null', undefined, 'http/cross_site'],
    ['null', 'none', 'http/cross_site'],
    ['', undefined, 'http/cross_site'],
    ['https://evil.example', undefined, 'http/cross_site'],
    ['https://evil.example', 'same-origin', 'http/cross_site'],
    [`${OWN}, ${OWN}`, undefined, 'http/cross_site'],
    [`${OWN}:8443`, undefined, 'http/cross_site'],
  ])(
    'is judged by Origin %j with Sec-Fetch-Site %s, also where it only reads: %s',
    async (origin, site, expected) => {
      const request = signetRequestOf({ headers: headers({ origin, 'sec-fetch-site': site }) })

      expect(await outcomeOf(() => refuseForeignReader(request, OWN))).toBe(expected)
      expect(await outcomeOf(() => requireOwnFrontEnd(request, OWN))).toBe(expected)
    },
  )
})

describe('a request of our own script', () => {
  it.each([
    ['1', 'none'],
    [undefined, 'http/csrf_header_required'],
    ['', 'http/csrf_header_required'],
    ['0', 'http/csrf_header_required'],
    ['true', 'http/csrf_header_required'],
    ['1, 1', 'http/csrf_header_required'],
  ])('is judged by X-CSRF %s: %s', async (value, expected) => {
    const request = signetRequestOf({ headers: headers({ 'x-csrf': value }) })

    expect(await outcomeOf(() => requireOwnScript(request))).toBe(expected)
  })
})

describe('data of the signed-in person', () => {
  const SCRIPT = { 'x-csrf': '1', 'sec-fetch-site': 'same-origin', origin: OWN }

  it.each([
    ['GET', {}, 'none'],
    ['HEAD', {}, 'none'],
    ['GET', { 'sec-fetch-site': 'cross-site' }, 'http/cross_site'],
    ['HEAD', { 'sec-fetch-site': 'same-site' }, 'http/cross_site'],
    ['POST', SCRIPT, 'none'],
    ['DELETE', SCRIPT, 'none'],
    ['POST', { ...SCRIPT, 'x-csrf': undefined }, 'http/csrf_header_required'],
    ['DELETE', { ...SCRIPT, 'x-csrf': undefined }, 'http/csrf_header_required'],
    ['DELETE', { ...SCRIPT, 'x-csrf': undefined, origin: undefined }, 'http/csrf_header_required'],
    ['DELETE', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 'http/cross_site'],
    ['POST', { origin: 'https://evil.example' }, 'http/cross_site'],
    ['POST', { origin: 'null' }, 'http/cross_site'],
    ['POST', { ...SCRIPT, origin: 'https://evil.example' }, 'http/cross_site'],
    ['DELETE', { ...SCRIPT, 'sec-fetch-site': undefined, origin: undefined }, 'http/cross_site'],
    ['PUT', {}, 'http/csrf_header_required'],
  ])('%s with %o: %s', async (method, values, expected) => {
    const request = signetRequestOf({ method, headers: headers(values) })

    expect(await outcomeOf(() => requireOwnFrontEnd(request, OWN))).toBe(expected)
  })
})

describe('a call of an API', () => {
  const FOREIGN = 'https://evil.example'

  it.each([
    [{}, 'http/csrf_header_required'],
    [{ 'sec-fetch-site': 'same-origin' }, 'http/csrf_header_required'],
    [{ 'sec-fetch-site': 'none' }, 'http/csrf_header_required'],
    [{ origin: OWN }, 'http/csrf_header_required'],
    [{ 'sec-fetch-site': 'cross-site' }, 'http/cross_site'],
    [{ 'sec-fetch-site': 'same-site' }, 'http/cross_site'],
    [{ origin: FOREIGN }, 'http/cross_site'],
    [{ origin: 'null' }, 'http/cross_site'],
  ])('without X-CSRF, and with %o, is told what it is: %s', async (values, expected) => {
    for (const method of ['GET', 'POST']) {
      const request = signetRequestOf({ method, headers: headers(values) })

      expect(await outcomeOf(() => requireOwnCall(request, OWN))).toBe(expected)
    }
  })

  it('without X-CSRF is told by name which header it lacks', async () => {
    const fault = await faultOf(() => requireOwnCall(signetRequestOf(), OWN))

    expect([fault.row.status, fault.row.kind]).toEqual([403, 'user'])
    expect(fault.userText).toContain('X-CSRF: 1')
  })
})
