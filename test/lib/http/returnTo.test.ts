import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOME, parseReturnTo } from '../../../lib/http/returnTo.ts'
import { anyText as codeUnits } from '../../support/anyText.ts'

const OWN = 'https://app.example'

/** One value a line; a line in double quotes is JSON. */
const openRedirects = readFileSync(new URL('../../corpus/open-redirects.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('# '))
  .map((line): string => (line.startsWith('"') ? JSON.parse(line) : line))

/** Where a browser that is at `OWN` goes when it is sent to `location`. */
function landsAt(location: string): URL {
  return new URL(location, `${OWN}/auth/callback`)
}

/** Text made of the pieces that such checks stumble over. */
const trickyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('/', '\\', '.', '..', '//', '@', ':', '?', '#', '%2f', '%5C', '%2e', '%00', '%', ' '),
      fc.constantFrom('\t', '\n', '\r', '\0', '\u00a0', '\u3002', '\uff0f', '\ud800', 'auth', 'AUTH', 'a'),
      fc.constantFrom('https:', 'javascript:', 'evil.example', 'app.example', '%61uth', '%25', ';', '%c0%af'),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''))

const anyText = fc.oneof(
  trickyText,
  trickyText.map((text) => `/${text}`),
  codeUnits(),
  codeUnits().map((text) => `/${text}`),
)

describe('parseReturnTo', () => {
  it.each([
    '/',
    '/orders',
    '/orders/',
    '/orders/42?tab=items&sort=-date#top',
    '/orders?next=https://elsewhere.example//x',
    '/orders#//x',
    '/search?q=a%20b%5Cc%0A',
    '/Jane%20Doe',
    '/caf%C3%A9',
    '/a%2Fb',
    '/.well-known/thing',
    '/..data/...',
    '/a.b/c..d',
    "/-._~!$&'()*+,;=:@",
    '/authors',
    '/auth-help',
    '/x/auth/login',
    '/%252e%252e/x',
  ])('accepts %s and leaves it as it is', (text) => {
    expect(parseReturnTo(text)).toBe(text)
    expect(landsAt(text).origin).toBe(OWN)
  })

  it('has a corpus of more than 120 open redirects to refuse', () => {
    expect(new Set(openRedirects).size).toBe(openRedirects.length)
    expect(openRedirects.length).toBeGreaterThan(120)
  })

  it.each(openRedirects.map((text) => [JSON.stringify(text), text]))('refuses %s', (_shown, text) => {
    expect(parseReturnTo(text)).toBeUndefined()
  })

  it('accepts 1,024 characters and refuses one more', () => {
    const longest = `/${'a'.repeat(1_023)}`

    expect(parseReturnTo(longest)).toBe(longest)
    expect(parseReturnTo(`${longest}a`)).toBeUndefined()
  })

  it('accepts the home page', () => {
    expect(parseReturnTo(HOME)).toBe(HOME)
  })

  it('keeps the person on this site, whatever the text (CVE-2022-31093: it never throws)', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const path = parseReturnTo(text)
        if (path === undefined) return
        expect(path).toBe(text)
        expect(landsAt(path).origin).toBe(OWN)
        // No segment was resolved away: the browser asks for the very path that was judged.
        expect(landsAt(path).pathname.split('/')).toHaveLength(
          (path.split(/[?#]/)[0] ?? '').split('/').length,
        )
      }),
      { numRuns: 20_000 },
    )
  })

  it('keeps the person out of our own endpoints, however the path is written', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const path = parseReturnTo(text)
        if (path === undefined) return
        expect(decodeURIComponent(landsAt(path).pathname).toLowerCase()).not.toMatch(/^\/auth(\/|$)/)
      }),
      { numRuns: 5_000 },
    )
  })

  it('judges an accepted path and its own decoded form alike: nothing hides behind one layer of encoding', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const path = parseReturnTo(text)
        if (path === undefined) return
        const decoded = decodeURIComponent(landsAt(path).pathname)
        expect(new URL(decoded, OWN).origin).toBe(OWN)
      }),
      { numRuns: 5_000 },
    )
  })
})
