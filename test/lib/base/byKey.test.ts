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
