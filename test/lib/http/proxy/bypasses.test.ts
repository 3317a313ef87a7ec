/** The corpus of what has led others past the path that they meant to serve, against the one rule that API and front end share. */
import { expect, test } from 'vitest'
import { readApiPath, requirePlain } from '../../../../lib/http/proxy/apiPath.ts'
import { isPlainPath } from '../../../../lib/http/proxy/plainPath.ts'
import { readCorpus } from '../../../support/corpus.ts'
import { faultOf } from '../../../support/faultOf.ts'

const LINES = readCorpus('api-path-bypasses.txt')

test('every line of the corpus is a path and says where it is known from, once', () => {
  for (const [path = '', source = '', ...more] of LINES)
    expect([path.startsWith('/'), source.length > 5, more], path).toEqual([true, true, []])
  expect(new Set(LINES.map(([path]) => path)).size).toBe(LINES.length)
  expect(LINES.length).toBeGreaterThan(100)
})

test.each(LINES)('%s is no path to pass on (%s)', async (rest = '') => {
  expect(isPlainPath(rest)).toBe(false)
  const read = readApiPath({ path: `/api/orders${rest}`, params: {} }, '')
  expect(read?.name).toBe('orders')
  expect((await faultOf(() => read && requirePlain(read))).code).toBe('api/invalid_path')
})

test.each([
  '/..a/b..',
  '/a.b/...c',
  '/caf%C3%A9/%E6%9D%B1%E4%BA%AC',
  '/%EF%BD%81bc',
  '/a%20b%3Fc%23d',
  '/x;v=1',
  '/%C2%BD%20price%20%C2%A5',
  '/%F0%9F%91%A9%E2%80%8D%F0%9F%9A%80',
])('%s is one all the same', (path) => {
  expect(isPlainPath(path)).toBe(true)
})
