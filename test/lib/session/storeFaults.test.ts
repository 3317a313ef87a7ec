import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { isAnswer, mayPass, storeError, TableRefusal } from '../../../lib/session/storeFaults.ts'
import { START_MS } from '../../support/heldEffects.ts'

const refusal = (status: number, text = '', retryAfter?: string): TableRefusal =>
  new TableRefusal({ status, text, header: (name) => (name === 'retry-after' ? retryAfter : undefined) })
const body = (code: string): string =>
  JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: 'text of the table service' } } })

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
    const fault = storeError(refusal(status, body('Whatever')), START_MS)

    expect([fault.code, fault.context.detail]).toEqual([code, `status ${status}`])
  })

  it('never means that there is no session, whatever was thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (fault) => {
        expect(storeError(fault, START_MS).code).toMatch(/^session\/store_(unavailable|refused)$/)
      }),
    )
  })

  it('keeps the name of the fault for the log, and not its text', () => {
    const fault = Object.assign(new Error('https://tables.example/x'), { name: 'AbortError' })

    expect(storeError(fault, START_MS).message).toBe('session/store_unavailable: AbortError')
    expect(refusal(503, body('ServerBusy')).message).toBe('status 503')
  })

  it('is one without a time where there was no answer to carry it', () => {
    expect(storeError(new TypeError('no network'), START_MS).context).not.toHaveProperty('retryAfterSec')
    expect(storeError(refusal(503), START_MS).context).not.toHaveProperty('retryAfterSec')
  })

  it.each([
    ['12', 12],
    [new Date(START_MS + 12_000).toUTCString(), 12],
    ['0', 1],
    ['soon', undefined],
  ])('says when to come back where the table did: %s', (header, seconds) => {
    expect(storeError(refusal(503, '', header), START_MS).context.retryAfterSec).toBe(seconds)
  })

  it('leaves an AppError as it is', () => {
    const error = new AppError('bug/unexpected')

    expect(storeError(error, START_MS)).toBe(error)
  })
})

describe('a status that may be an answer', () => {
  it('is one about a row, and not about a table that is missing', () => {
    expect(isAnswer(refusal(404, body('ResourceNotFound')), [404])).toBe(true)
    expect(isAnswer(refusal(404, body('TableNotFound')), [404])).toBe(false)
    expect(isAnswer(refusal(409), [404, 412])).toBe(false)
  })

  it.each([undefined, null, 404, '404', {}, { status: 404 }])('is none where there was none: %j', (fault) => {
    expect(isAnswer(fault, [404])).toBe(false)
  })
})

describe('what may pass', () => {
  it.each([408, 429, 500, 502, 503, 504])('is tried again: %i', (status) => {
    expect(mayPass(refusal(status))).toBe(true)
  })

  it.each([400, 401, 403, 404, 409, 412])('is none of these: %i', (status) => {
    expect(mayPass(refusal(status))).toBe(false)
  })

  it('is a call without an answer, and no fault that has a code already', () => {
    expect(mayPass(new TypeError('socket hang up'))).toBe(true)
    expect(mayPass(new AppError('identity/unavailable'))).toBe(false)
  })
})
