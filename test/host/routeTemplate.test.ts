import { describe, expect, it } from 'vitest'
import { parseRouteTemplate } from '../../local/host/routeTemplate.ts'

describe('a malformed route is refused', () => {
  it.each([
    ['a//b', /empty segment/],
    ['{*rest}/more', /follows the catch-all/],
    ['a{b', /not understood/],
    ['a}', /not understood/],
    ['{}', /no name/],
    ['x{id?}', /neither optional nor catch-all/],
    ['{id:nosuch}', /"nosuch" is unknown/],
  ])('%s', (template, reason) => {
    expect(() => parseRouteTemplate(template)).toThrow(reason)
  })
})

describe('a well-formed one gives its values', () => {
  it.each([
    ['/', '/', {}],
    ['a/{b?}', '/A', { b: undefined }],
    ['{**all}', '/x/y', { all: 'x/y' }],
    ['{*all=home}', '/', { all: 'home' }],
    ['v{major:int}.{minor:int}', '/v1.2', { major: '1', minor: '2' }],
    ['{id:regex(^\\d{{3}}$)}', '/123', { id: '123' }],
    ['{id:regex(^[a=]$)=a}', '/', { id: 'a' }],
    ['{id:length(2,3):alpha}', '/abcd', undefined],
    ['{id:min(5):max(7)}', '/8', undefined],
    ['{id:maxlength(2)}', '/abc', undefined],
    ['{id:long}', '/9223372036854775808', undefined],
  ])('%s of %s', (template, path, values) => {
    expect(parseRouteTemplate(template)(path)).toEqual(values)
  })
})
