import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asLocalPath, HOME, LONGEST_RETURN_TO, parseReturnTo } from '../../../lib/http/returnTo.ts'
import { anyText as codeUnits } from '../../support/anyText.ts'
import { readCorpus } from '../../support/corpus.ts'

const OWN = 'https://app.example'

const openRedirects = readCorpus('open-redirects.txt').map(([text = '']) => text)
const ownAddresses = readCorpus('own-addresses.txt')

const parse = (text: string) => parseReturnTo(text, { origin: OWN, basePath: '' })

/** Where a browser that is at `OWN` goes when it is sent to `location`. */
function landsAt(location: string): URL {
  return new URL(location, `${OWN}/auth/callback`)
}

/** A path as whoever serves it reads it: octets decoded once, what is no UTF-8 left as it is, wide forms folded. */
function decodedOnce(path: string): string {
  const octets = path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(octets, 'latin1').toString('utf8').normalize('NFKC')
}

/** Text made of the pieces that such checks stumble over. */
const trickyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('/', '\\', '.', '..', '//', '@', ':', '?', '#', '%2f', '%5C', '%2e', '%00', '%', ' '),
      fc.constantFrom('\t', '\n', '\r', '\0', '\u00a0', '\u3002', '\uff0f', '\ud800', 'auth', 'AUTH', 'a'),
      fc.constantFrom('https:', 'javascript:', 'evil.example', 'app.example', '%61uth', '%25', ';', '%c0%af'),
      fc.constantFrom(
        '\u00e4',
        '\uff3c',
        '\uff0e',
        '\u2025',
        '%u002f',
        '%e9',
        OWN,
        '443',
        '+',
        "'",
        '"',
        '|',
      ),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''))

const anyText = fc.oneof(
  trickyText,
  trickyText.map((text) => `/${text}`),
  trickyText.map((text) => `${OWN}${text}`),
  codeUnits(),
  codeUnits().map((text) => `/${text}`),
  codeUnits().map((text) => `${OWN}/${text}`),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
)

/** Whatever the text: what holds of the path that it comes to, and how many came to one. */
function ofEveryPath(holds: (path: string, text: string) => void, numRuns = 10_000): void {
  let accepted = 0
  fc.assert(
    fc.property(anyText, (text) => {
      const path = parse(text)
      if (path === undefined) return
      accepted += 1
      holds(path, text)
    }),
    { numRuns },
  )
  expect(accepted).toBeGreaterThan(numRuns / 20)
}

describe('an address of our own', () => {
  it.each(ownAddresses.map(([text = '', path = '']) => [JSON.stringify(text), path, text]))(
    '%s is %s',
    (_shown, path, text) => {
      expect(parse(text)).toBe(path)
      expect(landsAt(path).origin).toBe(OWN)
      expect(asLocalPath(path)).toBe(path)
    },
  )

  it('is what the address bar makes of it: the canonical path is that of the URL parser, a backslash behind the path excepted', () => {
    for (const [text = '', path = ''] of ownAddresses) {
      expect(new URL(text, OWN).href.replaceAll('\\', '%5C')).toBe(OWN + path)
    }
  })

  it('has 2,048 characters at most, once it is canonical', () => {
    const longest = `/${'a'.repeat(LONGEST_RETURN_TO - 1)}`
    const umlauts = `/${'ä'.repeat(341)}`

    expect([parse(longest), parse(`${longest}a`)]).toEqual([longest, undefined])
    expect([parse(`${OWN}:443${longest}`), parse(`${OWN}:443${longest}a`)]).toEqual([longest, undefined])
    // Six characters each.
    expect([parse(umlauts)?.length, parse(`${umlauts}ä`)]).toEqual([2_047, undefined])
  })

  it.each([
    ['http://localhost:7071', 'http://LOCALHOST:7071/orders'],
    ['http://localhost:7071', '/orders'],
    ['http://127.0.0.1:7071', 'http://127.1:7071/orders'],
    ['http://[::1]:7071', 'http://[0:0::1]:7071/orders'],
    ['http://localhost', 'http://localhost:80/orders'],
    ['https://xn--bcher-kva.example', 'https://bücher.example/orders'],
  ])('under %s may be written %s', (own, text) => {
    expect(parseReturnTo(text, { origin: own, basePath: '' })).toBe('/orders')
  })

  it.each([
    ['http://localhost:7071', 'http://localhost/orders'],
    ['http://localhost:7071', 'https://localhost:7071/orders'],
    ['http://localhost:7071', 'http://127.0.0.1:7071/orders'],
    ['https://xn--bcher-kva.example', 'https://bucher.example/orders'],
  ])('under %s is not %s', (own, text) => {
    expect(parseReturnTo(text, { origin: own, basePath: '' })).toBeUndefined()
  })
})

describe('what is no address of our own', () => {
  it('fills a corpus of more than 250 lines', () => {
    expect(new Set(openRedirects).size).toBe(openRedirects.length)
    expect(openRedirects.length).toBeGreaterThan(250)
  })

  it.each(openRedirects.map((text) => [JSON.stringify(text), text]))('%s is refused', (_shown, text) => {
    expect(parse(text)).toBeUndefined()
    expect(asLocalPath(text)).toBeUndefined()
  })

  it.each(['orders', './orders', '../orders', '?tab=2', '#top', '', ' ', 'app.example/orders', '&x', '*'])(
    'a relative reference has no page to be relative to: %j',
    (text) => {
      expect(parse(text)).toBeUndefined()
    },
  )
})

describe('whatever the text', () => {
  it('the person stays on this site (CVE-2022-31093: nothing is thrown)', () => {
    ofEveryPath((path) => {
      expect(landsAt(path).origin).toBe(OWN)
      // The browser asks for the very path that was judged: it has nothing left to repair.
      expect(landsAt(path).href).toBe(OWN + path)
    }, 30_000)
  })

  it('a path is the address that the text means to a browser', () => {
    ofEveryPath((path, text) => {
      expect(landsAt(path).href).toBe(new URL(text, OWN).href.replaceAll('\\', '%5C'))
    })
  })

  it('a path parsed again is the same, and is known for a path that was parsed', () => {
    ofEveryPath((path) => {
      expect([parse(path), asLocalPath(path)]).toEqual([path, path])
    })
  })

  it('a path is ASCII, as a Location has to be, and has the characters of RFC 3986 behind its path', () => {
    ofEveryPath((path) => {
      expect(path).toMatch(/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/)
      expect(path.length).toBeLessThanOrEqual(LONGEST_RETURN_TO)
    })
  })

  it('the person stays out of our own endpoints, however the path is written', () => {
    ofEveryPath((path) => {
      expect(decodedOnce(landsAt(path).pathname).toLowerCase()).not.toMatch(/^\/auth\//)
    })
  })

  it('nothing hides behind one layer of encoding', () => {
    ofEveryPath((path) => {
      const read = decodedOnce(landsAt(path).pathname)
      expect(read).not.toMatch(/[\\\x00-\x1f\x7f]|^\/\/|\/\.{1,2}(\/|$)/)
      expect(new URL(encodeURI(read.toWellFormed()), OWN).origin).toBe(OWN)
    })
  })
})

describe('asLocalPath', () => {
  it('takes a canonical path and nothing else', () => {
    expect(asLocalPath(HOME)).toBe(HOME)
    expect(asLocalPath('/orders?tab=2#top')).toBe('/orders?tab=2#top')
    for (const text of [
      '/a b',
      '/caf\u00e9',
      '/orders ',
      `${OWN}/orders`,
      'https://signet.invalid/orders',
      '',
    ]) {
      expect(asLocalPath(text), text).toBeUndefined()
    }
  })
})

describe('below a base path', () => {
  const below = (text: string) => parseReturnTo(text, { origin: OWN, basePath: '/api' })

  it.each(['/api/auth/login', '/API/Auth/logout', '/%61pi/auth/callback', '/api/auth/'])(
    'our own endpoints lie there: %s is refused',
    (text) => {
      expect(below(text)).toBeUndefined()
    },
  )

  it.each(['/auth/login', '/api/auth', '/api/orders', '/apis/auth/x'])('%s is nobody’s or a page', (text) => {
    expect(below(text)).toBe(text)
  })
})
