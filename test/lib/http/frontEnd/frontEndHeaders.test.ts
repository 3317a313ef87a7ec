import { describe, expect, it } from 'vitest'
import {
  ASKING_HEADERS,
  askedHeaders,
  FLOORS,
  passedHeaders,
  RETURNED_HEADERS,
} from '../../../../lib/http/frontEnd/frontEndHeaders.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { signetRequestOf } from '../../../support/signetRequestOf.ts'

const asked = (headers: Readonly<Record<string, string>>) => askedHeaders(signetRequestOf({ headers }))
const ASKED = { url: 'https://static.example/site/a', base: 'https://static.example/site', own: '' }
const POLICY = "default-src 'self'"
const passed = (headers: Readonly<Record<string, string>>, status = 200) =>
  passedHeaders({ status, headers: new Headers(headers) }, ASKED, POLICY)
const ALWAYS = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
}

describe('what the front end is told', () => {
  it('is which answer is wanted, and that it was asked by us; nothing that says who asks', () => {
    const wanted = Object.fromEntries(ASKING_HEADERS.map((name) => [name, `"${name}"`]))
    const others = {
      cookie: '__Host-signet=abc',
      authorization: 'Bearer x',
      referer: 'https://app.example/',
      'user-agent': 'x',
      'x-forwarded-for': '192.0.2.1',
      'x-csrf': '1',
    }

    expect(asked({ ...wanted, ...others })).toEqual({ ...wanted, 'cdn-loop': 'signet' })
    expect(asked(others)).toEqual({ 'cdn-loop': 'signet' })
  })

  it('is who else has passed the request on, with us behind them', () => {
    expect(asked({ 'cdn-loop': 'one; v=1 , two' })['cdn-loop']).toBe('one; v=1, two, signet')
  })

  it.each(['signet', 'one, signet', 'signet ,one'])(
    'is nothing where it is us that asked: %j goes round in a circle',
    async (mark) => {
      const { code, context } = await faultOf(() => asked({ 'cdn-loop': mark }))

      expect([code, context]).toEqual(['frontend/misaddressed', { detail: 'loop' }])
    },
  )

  it.each(['signet2', 'not-signet', 'signet; v=1'])('is asked for where another is called %j', (mark) => {
    expect(asked({ 'cdn-loop': mark })['cdn-loop']).toBe(`${mark}, signet`)
  })
})

describe('what comes back', () => {
  it('of an answer without headers is the floor and the policy of the setting', () => {
    expect(passed({})).toEqual({ ...FLOORS, ...ALWAYS, 'content-security-policy': POLICY })
  })

  it('is what the answer is and how it may be kept, in its own words where it has some', () => {
    const told = Object.fromEntries(
      [...RETURNED_HEADERS, ...Object.keys(FLOORS)].map((name) => [name, `told-${name}`]),
    )

    expect(passed(told)).toEqual({ ...told, ...ALWAYS })
  })

  it('is no cookie, no word about our origin and nothing that is not listed', () => {
    const others = {
      'set-cookie': 'a=b',
      'clear-site-data': '"*"',
      'strict-transport-security': 'max-age=0',
      'x-content-type-options': 'other',
      'www-authenticate': 'Basic',
      'access-control-allow-origin': '*',
      server: 'x',
    }

    expect(passed(others)).toEqual(passed({}))
  })

  it('of an answer that nothing has changed has no floor', () => {
    expect(passed({ etag: '"1"' }, 304)).toEqual({ etag: '"1"', ...ALWAYS })
    expect(passed({ 'x-frame-options': 'SAMEORIGIN' }, 304)).toMatchObject({
      'x-frame-options': 'SAMEORIGIN',
    })
  })

  it.each([
    ['location', 'https://static.example/site/b?c=d', '/b?c=d'],
    ['location', 'b', '/b'],
    ['location', 'https://evil.example/', undefined],
    ['link', '</site/style.css>; rel=preload', '</style.css>; rel="preload"'],
    ['link', '<https://evil.example/x>; rel=preload', undefined],
  ])('has %s %s as %s', (name, value, own) => {
    expect(passed({ [name]: value })[name]).toBe(own)
  })

  it.each(['etag', 'location', 'link', 'x-frame-options'])(
    'is refused where no host could send %s on',
    async (name) => {
      const { code, context } = await faultOf(() => passed({ [name]: 'caf\u00e9' }))

      expect([code, context.detail]).toEqual(['frontend/malformed_response', `header ${name}`])
    },
  )
})
