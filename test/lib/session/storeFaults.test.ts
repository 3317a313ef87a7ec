import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { isStatus, isTableMissing, storeError } from '../../../lib/session/storeFaults.ts'
import { START_MS } from '../../support/heldEffects.ts'

const withStatus = (statusCode: number, message = 'text of the table service'): Error =>
  Object.assign(new Error(message), { name: 'RestError', statusCode })

describe('storeError', () => {
  it.each([
    [400, 'session/store_refused'],
    [401, 'session/store_refused'],
    [403, 'session/store_refused'],
    [404, 'session/store_refused'],
    [408, 'session/store_unavailable'],
    [409, 'session/store_unavailable'],
    [412, 'session/store_unavailable'],
    [429, 'session/store_unavailable'],
    [500, 'session/store_unavailable'],
    [503, 'session/store_unavailable'],
  ])('of status %i is %s', (status, code) => {
    const fault = storeError(withStatus(status), START_MS)

    expect(fault.code).toBe(code)
    expect(fault.context.detail).toBe(code === 'session/store_refused' ? `status ${status}` : 'RestError')
  })

  it('never means that there is no session, whatever was thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (fault) => {
        expect(storeError(fault, START_MS).code).toMatch(/^session\/store_(unavailable|refused)$/)
      }),
    )
  })

  it('keeps the name of the fault for the log, and not its text', () => {
    expect(
      storeError(Object.assign(new Error('https://tables.example/x'), { name: 'AbortError' }), START_MS)
        .message,
    ).toBe('session/store_unavailable: AbortError')
  })

  it.each([{}, { response: undefined }, { response: {} }, { response: { headers: {} } }])(
    'is one without a time where there was no answer to carry it: %j',
    (members) => {
      const { context } = storeError(Object.assign(withStatus(503), members), START_MS)
      expect(context).not.toHaveProperty('retryAfterSec')
    },
  )

  it('of what is no error at all is unknown', () => {
    expect(storeError('text', START_MS).context.detail).toBe('unknown')
  })

  it.each([
    ['12', 12],
    [new Date(START_MS + 12_000).toUTCString(), 12],
    ['soon', undefined],
  ])('says when to come back where the table did: %s', (header, seconds) => {
    const fault = Object.assign(withStatus(503), {
      response: { headers: new Headers({ 'retry-after': header }) },
    })

    expect(storeError(fault, START_MS).context.retryAfterSec).toBe(seconds)
  })

  it('leaves an AppError as it is', () => {
    const error = new AppError('bug/unexpected')

    expect(storeError(error, START_MS)).toBe(error)
  })
})

describe('isTableMissing', () => {
  it('tells a missing table from a missing row', () => {
    expect(isTableMissing(withStatus(404, 'TableNotFound: The table does not exist'))).toBe(true)
    expect(isTableMissing(withStatus(404, 'ResourceNotFound'))).toBe(false)
    expect(isTableMissing(withStatus(409, 'TableNotFound'))).toBe(false)
  })
})

describe('isStatus', () => {
  it.each([undefined, null, 404, '404', {}, { statusCode: '404' }])('of %j is false', (fault) => {
    expect(isStatus(fault, 404)).toBe(false)
  })
})
