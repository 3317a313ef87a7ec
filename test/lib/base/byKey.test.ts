import { expect, it } from 'vitest'
import { byKey } from '../../../lib/base/byKey.ts'

it('makes one value for each key, once', () => {
  const made: string[] = []
  const values = byKey((key: string) => {
    made.push(key)
    return { key }
  })

  expect(values('a')).toBe(values('a'))
  expect(values('b')).toEqual({ key: 'b' })
  expect(made).toEqual(['a', 'b'])
})

it('takes keys for the same that have the same name', () => {
  const values = byKey((key: { id: number }) => ({ ...key }), JSON.stringify)

  expect(values({ id: 1 })).toBe(values({ id: 1 }))
  expect(values({ id: 2 })).not.toBe(values({ id: 1 }))
})

it('keeps a thousand, whoever names the keys: the one used longest ago is made anew', () => {
  const values = byKey((key: number) => ({ key }))
  const [first, second] = [values(0), values(1)]
  for (let key = 2; key < 1_000; key += 1) values(key)

  expect(values(0), 'a thousand are kept').toBe(first)
  values(1_000)
  expect(values(0), 'used since').toBe(first)
  expect(values(1), 'used longest ago').not.toBe(second)
})
