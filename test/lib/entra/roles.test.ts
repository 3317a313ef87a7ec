import { expect, it } from 'vitest'
import { hasRole } from '../../../lib/entra/roles.ts'

it.each([
  ['everybody, where none is asked for', {}, [], true],
  ['whoever has one of several', { roles: ['Reader'] }, ['Admin', 'Reader'], true],
  ['whoever has more than one', { roles: ['Other', 'Reader'] }, ['Reader'], true],
  ['nobody without a role, where one is asked for', {}, ['Reader'], false],
  [
    'nobody with another one, whatever it begins with',
    { roles: ['Reader.All', 'reader'] },
    ['Reader'],
    false,
  ],
])('a role is had by %s', (_who, person, anyOf, expected) => {
  expect(hasRole(person, anyOf)).toBe(expected)
})
