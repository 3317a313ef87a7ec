import { describe, expect, it } from 'vitest'
import {
  readParameters,
  refuseForeignReader,
  requireNavigation,
  requireOwnScript,
  requireSameOrigin,
} from '../../../lib/http/requestGuards.ts'
import { faultOf, outcomeOf } from '../../support/faultOf.ts'
import { signetRequestOf } from '../../support/signetRequestOf.ts'

const OWN = 'https://app.example'

function headers(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const present = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(present)
}

describe('requireSameOrigin', () => {
  const sites = [undefined, 'same-origin', 'same-site', 'cross-site', 'none', 'SAME-ORIGIN', ''] as const
  const origins = [
    undefined,
    OWN,
    'null',
    'https://evil.example',
    `${OWN}.evil.example`,
    `${OWN}:8443`,
  ] as const
  const accepted = new Set([
    `undefined ${OWN}`,
    'same-origin undefined',
    // What Chromium sends for a form on a page whose Referrer-Policy is no-referrer.
    'same-origin null',
    `same-origin ${OWN}`,
  ])
  const matrix = sites.flatMap((site) => origins.map((origin) => ({ site, origin })))

  it.each(matrix)('judges Sec-Fetch-Site $site with Origin $origin', async ({ site, origin }) => {
    const request = signetRequestOf({ method: 'POST', headers: headers({ 'sec-fetch-site': site, origin }) })

    const outcome = await outcomeOf(() => requireSameOrigin(request, OWN))

    expect(outcome).toBe(accepted.has(`${site} ${origin}`) ? 'none' : 'http/cross_site')
  })

  it('believes neither Referer nor Host', async () => {
    const request = signetRequestOf({ method: 'POST', headers: { referer: `${OWN}/`, host: 'app.example' } })

    expect(await outcomeOf(() => requireSameOrigin(request, OWN))).toBe('http/cross_site')
  })
})

describe('requireNavigation', () => {
  const modes = [undefined, 'navigate', 'cors', 'no-cors', 'same-origin', 'websocket'] as const
  const destinations = [undefined, 'document', 'iframe', 'frame', 'empty', 'image', 'script'] as const
  const matrix = modes.flatMap((mode) => destinations.map((destination) => ({ mode, destination })))

  it.each(matrix)('judges Sec-Fetch-Mode $mode with Sec-Fetch-Dest $destination', async (row) => {
    const { mode, destination } = row
    const request = signetRequestOf({
      headers: headers({ 'sec-fetch-mode': mode, 'sec-fetch-dest': destination }),
    })
    const isNavigation =
      [undefined, 'navigate'].includes(mode) && [undefined, 'document'].includes(destination)

    const outcome = await outcomeOf(() => requireNavigation(request))

    expect(outcome).toBe(isNavigation ? 'none' : 'login/not_a_navigation')
  })

  it.each([
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { 'sec-purpose': 'Prefetch' },
    { purpose: 'prefetch' },
  ])('takes %o for no wish of the person', async (purpose) => {
    const request = signetRequestOf({
      headers: headers({ 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', ...purpose }),
    })

    expect(await outcomeOf(() => requireNavigation(request))).toBe('login/not_a_navigation')
  })
})

describe('refuseForeignReader', () => {
  it.each([
    [undefined, 'none'],
    ['same-origin', 'none'],
    ['none', 'none'],
    ['same-site', 'http/cross_site'],
    ['cross-site', 'http/cross_site'],
  ])('judges Sec-Fetch-Site %s as %s', async (site, expected) => {
    const request = signetRequestOf({ headers: headers({ 'sec-fetch-site': site }) })

    expect(await outcomeOf(() => refuseForeignReader(request))).toBe(expected)
  })
})

describe('requireOwnScript', () => {
  it.each([
    ['1', 'none'],
    [undefined, 'http/cross_site'],
    ['', 'http/cross_site'],
    ['0', 'http/cross_site'],
    ['true', 'http/cross_site'],
    ['1, 1', 'http/cross_site'],
  ])('judges X-CSRF %s as %s', async (value, expected) => {
    const request = signetRequestOf({ headers: headers({ 'x-csrf': value }) })

    expect(await outcomeOf(() => requireOwnScript(request))).toBe(expected)
  })
})

describe('readParameters', () => {
  const limits = { returnTo: 8, prompt: 4 } as const
  const read = (query: string) =>
    readParameters(new URLSearchParams(query), limits, 'login/invalid_parameter')

  it('gives the parameters it knows', () => {
    expect(read('returnTo=%2Fhere&prompt=none')).toEqual({ returnTo: '/here', prompt: 'none' })
    expect(read('')).toEqual({})
  })

  it('accepts a value as long as its limit and refuses one character more', async () => {
    expect(read('prompt=1234')).toEqual({ prompt: '1234' })
    expect((await faultOf(() => read('prompt=12345'))).context.detail).toBe('prompt too long')
  })

  it.each(['returnTo=%2Fa&returnTo=%2Fa', 'returnTo=&returnTo=%2Fa'])(
    'refuses a duplicate: %s',
    async (query) => {
      const fault = await faultOf(() => read(query))

      expect(fault.code).toBe('login/invalid_parameter')
      expect(fault.context.detail).toBe('returnTo twice')
    },
  )

  it.each(['redirect_uri', 'RETURNTO', '__proto__', 'constructor', 'toString', 'alice%40contoso.com'])(
    'refuses %s and does not repeat its name',
    async (name) => {
      const fault = await faultOf(() => read(`${name}=x`))

      expect(fault.code).toBe('login/invalid_parameter')
      expect(fault.context.detail).toBe('unknown parameter')
    },
  )
})
