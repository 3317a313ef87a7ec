import { describe, expect, it } from 'vitest'
import { AppError, withFacts } from '../../../lib/errors/appError.ts'
import { faultFacts } from '../../../lib/errors/faultFacts.ts'

describe('what a fault says in a log line', () => {
  it('is code, kind, detail, the class of what lay underneath and the facts of its place', () => {
    const cause = new RangeError('text-of-it')
    const fault = new AppError('entra/client_rejected', { cause, detail: 'invalid_client', facts: { a: 1 } })

    expect(faultFacts(withFacts(fault, { b: 2 }))).toEqual({
      a: 1,
      b: 2,
      fault: 'entra/client_rejected',
      kind: 'setup',
      detail: 'invalid_client',
      cause: 'RangeError',
    })
  })

  it('is never overwritten by a fact of the same name', () => {
    const facts = { fault: 'x', kind: 'x', detail: 'x' }

    expect(faultFacts(new AppError('http/not_found', { facts }))).toMatchObject({
      fault: 'http/not_found',
      kind: 'user',
    })
  })

  it('holds the way that a bug took through our code, and nothing of its message', () => {
    const bug = new TypeError('text-of-it')
    const { frames, ...facts } = faultFacts(bug)

    expect(facts).toEqual({ fault: 'bug/unexpected', kind: 'bug', detail: 'TypeError', cause: 'TypeError' })
    expect(frames).toContainEqual(expect.stringMatching(/^lib\/errors\/faultFacts\.test\.ts:\d+:\d+/))
    expect(JSON.stringify(frames)).not.toContain('text-of-it')
    expect(faultFacts(new AppError('bug/unexpected')).frames).not.toEqual([])
  })

  it('holds no frames for what is no bug', () => {
    expect(faultFacts(new AppError('vault/timeout', { cause: new Error('x') })).frames).toBeUndefined()
  })

  it('says nothing of a class whose name is none', () => {
    const odd = Object.assign(new Error('x'), { name: 'alice@contoso.com' })

    expect(JSON.stringify(faultFacts(odd))).not.toContain('alice')
    expect(JSON.stringify(faultFacts(new AppError('vault/timeout', { cause: odd })))).not.toContain('alice')
  })

  it.each([undefined, null, 7, 'text', Symbol('text'), { toString: null }])(
    'is there for whatever is thrown: %o',
    (thrown) => {
      expect(faultFacts(thrown)).toMatchObject({ fault: 'bug/unexpected', detail: typeof thrown })
    },
  )
})
