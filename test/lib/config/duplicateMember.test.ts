import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasDuplicateMember } from '../../../lib/config/duplicateMember.ts'

describe('a member that is named twice', () => {
  it.each([
    ['{"a": 1, "a": 2}', true],
    ['{"a": {"b": 1, "b": 2}}', true],
    ['[{"a": 1, "\\u0061": 2}]', true],
    ['{"a": {"x": 1}, "b": {"x": 1}}', false],
    ['[{"a": 1}, {"a": 1}]', false],
    ['{"a": "a", "b": ["a", "a", "a"]}', false],
    ['{"a": "\\"b\\": {", "b": 1}', false],
    ['{"a": {}, "b": [], "c": "{[", "d": 1}', false],
    ['{"__proto__": 1, "__proto__": 2}', true],
  ])('in %s is found: %s', (json, expected) => {
    expect(hasDuplicateMember(json)).toBe(expected)
  })

  it('is in nothing that was written by a serializer', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(hasDuplicateMember(json)).toBe(false)
      }),
    )
  })
})
