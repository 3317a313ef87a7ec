import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { privateHeaders } from '../../../../lib/http/frontEnd/privateAnswer.ts'

const caching = (value: string): string | undefined =>
  privateHeaders({ 'cache-control': value }, 200)['cache-control']

describe('what is for one person', () => {
  it.each([
    ['public, max-age=31536000, immutable', 'max-age=31536000, immutable, private'],
    ['no-cache', 'no-cache, private'],
    ['no-store', 'no-store, private'],
    ['max-age=60, s-maxage=600', 'max-age=60, private'],
    ['Public , S-MaxAge=9,proxy-revalidate', 'private'],
    ['private="set-cookie, x", max-age=1', 'max-age=1, private'],
    ['no-cache="a, public", max-age=1', 'no-cache="a, public", max-age=1, private'],
    ['', 'private'],
    ['max-age=60 public', 'no-store, private'],
    ['public"', 'no-store, private'],
    ['max-age=60, , public', 'no-store, private'],
  ])('may be kept by a browser as before, and by nothing that others share: %s', (said, made) => {
    expect(caching(said)).toBe(made)
  })

  it('is private whatever the front end says, and says nothing to shared caches', () => {
    const word = fc.constantFrom(
      'public',
      's-maxage=9',
      'max-age=1',
      'private',
      '"',
      '=',
      ',',
      ' ',
      'PUBLIC',
      'x="public"',
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        const made = caching(words.join(','))?.replace(/"[^"]*"/g, '') ?? ''
        const names = made.split(',').map((one) => one.trim().split('=')[0]?.toLowerCase())
        expect(names).toContain('private')
        expect(names).not.toContain('public')
        expect(names).not.toContain('s-maxage')
      }),
    )
  })

  it('differs by cookie, and a CDN has no rule of its own for it', () => {
    expect(privateHeaders({ vary: 'Accept-Encoding', 'cdn-cache-control': 'max-age=9' }, 200)).toEqual({
      vary: 'Accept-Encoding, Cookie',
    })
    expect(privateHeaders({}, 200)).toEqual({ vary: 'Cookie' })
    expect(privateHeaders({ vary: '*' }, 200)).toEqual({ vary: '*' })
    expect(privateHeaders({ vary: 'cookie' }, 200)).toEqual({ vary: 'cookie' })
  })

  it('is changed by a 304 only in what that names', () => {
    expect(privateHeaders({ etag: '"1"' }, 304)).toEqual({ etag: '"1"' })
    expect(privateHeaders({ 'cache-control': 'public, max-age=9', vary: 'Accept' }, 304)).toEqual({
      'cache-control': 'max-age=9, private',
      vary: 'Accept, Cookie',
    })
  })
})
