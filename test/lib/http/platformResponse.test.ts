import { HttpResponse } from '@azure/functions'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { ERRORS, type ErrorCode } from '../../../lib/errors/table.ts'
import { expiredCookie, sessionCookie } from '../../../lib/http/cookies.ts'
import { errorReply } from '../../../lib/http/errorReply.ts'
import { platformResponse } from '../../../lib/http/platformResponse.ts'
import { json, type Reply } from '../../../lib/http/reply.ts'
import { requireAscii } from '../../../local/host/requireAscii.ts'
import { faultOf } from '../../support/faultOf.ts'

const sent = (reply: Reply, method = 'GET') => platformResponse(reply, { correlationId: 'id', method })
const header = (name: string, value: unknown): Reply => ({
  status: 200,
  headers: { [name]: value as string },
})
const cookie = (changes: object): Reply => ({ status: 200, cookies: [{ ...sessionCookie('A'), ...changes }] })

describe('a reply that could not be sent is a bug, told before anything is logged', () => {
  const circle: { self?: unknown } = {}
  circle.self = circle

  it.each<[string, Reply, string]>([
    ['a status below 200', { status: 199 }, 'status'],
    ['a status above 599', { status: 600 }, 'status'],
    ['a status that is no number', { status: Number.NaN }, 'status'],
    ['half a status', { status: 200.5 }, 'status'],
    ['a value with a line break', header('location', '/a\r\nset-cookie: b=1'), 'header location'],
    ['a value with a line feed', header('etag', 'a\nb'), 'header etag'],
    ['a value with a NUL', header('etag', 'a\0b'), 'header etag'],
    ['a value beyond ASCII', header('etag', 'caf\u00e9'), 'header etag'],
    ['a value beyond Latin-1', header('etag', '\u4e2d'), 'header etag'],
    ['a value that is none', header('etag', undefined), 'header etag'],
    ['a value that is a number', header('retry-after', 10), 'header retry-after'],
    ['a name with a space', header('a b', 'x'), 'the name of a header'],
    ['no name', header('', 'x'), 'the name of a header'],
    ['a name beyond ASCII', header('\u00e9', 'x'), 'the name of a header'],
    ['a cookie among the headers', header('Set-Cookie', 'a=1'), 'the name of a header'],
    ['a length of its own', header('content-length', '1'), 'the name of a header'],
    ['an encoding of the transfer', header('Transfer-Encoding', 'chunked'), 'the name of a header'],
    ['an option of the connection', header('connection', 'close'), 'the name of a header'],
    ['a cookie whose value has a semicolon', cookie({ value: 'a; path=/x' }), 'cookie __Host-signet'],
    ['a cookie whose value needs an encoding', cookie({ value: 'a b' }), 'cookie __Host-signet'],
    ['a cookie whose name is none', cookie({ name: 'a b' }), 'the name of a cookie'],
    ['a cookie without a name', cookie({ name: '' }), 'the name of a cookie'],
    ['a cookie that lasts half a second', cookie({ maxAge: 0.5 }), 'cookie __Host-signet'],
  ])('%s, and the log learns which part', async (_what, reply, part) => {
    const fault = await faultOf(() => sent(reply))

    expect([fault.code, fault.context.detail]).toEqual([
      'bug/unexpected',
      `a reply that cannot be sent: ${part}`,
    ])
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
  ])('JSON of %s', async (_what, value) => {
    const { code, context } = await faultOf(() => sent(json(200, value)))

    expect([code, context.detail]).toEqual(['bug/unexpected', 'a reply that cannot be sent: JSON'])
  })

  it.each<[string, unknown]>([
    ['a circle', circle],
    ['a bigint', 1n],
  ])('JSON of %s throws', (_what, value) => {
    expect(() => sent(json(200, value))).toThrow(TypeError)
  })
})

describe('a reply that passes', () => {
  it('is one that the worker and the host take, whatever was in it', () => {
    const text = fc.string({ unit: 'binary', maxLength: 8 })
    const name = fc.oneof(text, fc.constantFrom('etag', 'location', 'x-a', 'Set-Cookie'))
    const reply = fc.record({
      status: fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.constantFrom(200, 204, 205, 304, 503)),
      headers: fc.dictionary(name, text, { maxKeys: 3 }),
      body: fc.oneof(
        fc.constant(undefined),
        fc.record({ kind: fc.constant('json' as const), value: fc.jsonValue() }),
        fc.record({ kind: fc.constant('bytes' as const), bytes: fc.uint8Array({ maxLength: 8 }) }),
      ),
    })
    let passed = 0
    fc.assert(
      fc.property(reply, fc.constantFrom('GET', 'HEAD', 'POST'), (made, method) => {
        const { body, ...rest } = made
        const whole = body === undefined ? rest : { ...rest, body }
        try {
          const response = sent(whole, method)
          passed += 1
          requireAscii(Object.values(response.headers as Record<string, string>))
          expect(new HttpResponse(response).status).toBe(made.status)
        } catch (fault) {
          if (!(fault instanceof AppError)) throw fault
        }
      }),
      { numRuns: 2_000 },
    )
    expect(passed).toBeGreaterThan(200)
  })

  it.each(Object.keys(ERRORS) as ErrorCode[])('is every reply to a fault: %s', (code) => {
    for (const wantsPage of [true, false]) {
      const error = new AppError(code, { detail: 'GET, HEAD', returnTo: '/a?b=\u4e2d', retryAfterSec: 7 })
      expect(sent(errorReply(error, { wantsPage, correlationId: 'id' }, '/auth/login')).status).toBe(
        ERRORS[code].status,
      )
    }
  })

  it.each([200, 599])('has any status of HTTP that ends a request: %i', (status) => {
    expect(sent({ status }).status).toBe(status)
  })

  it.each([204, 205, 304])('with status %i has no body', (status) => {
    for (const body of [
      { kind: 'bytes', bytes: Uint8Array.of(1) },
      { kind: 'json', value: 1 },
    ] as const)
      expect(sent({ status, body })).not.toHaveProperty('body')
  })

  it('hands bytes on as bytes, in a box that no script gets out of', () => {
    const bytes = Uint8Array.of(0, 255)
    const response = sent({
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: { kind: 'bytes', bytes },
    })

    expect(response.body).toBe(bytes)
    expect(response.headers).toMatchObject({
      'content-type': 'text/html',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    })
  })

  it('hands an answer of the front end on with the headers that it has, and no others but the id', () => {
    const bytes = Uint8Array.of(0, 255)
    const headers = { 'content-type': 'text/html', 'content-security-policy': "default-src 'self'" }
    const response = sent({ status: 200, headers, body: { kind: 'passed', bytes } })

    expect(response.body).toBe(bytes)
    expect(response.headers).toEqual({ ...headers, 'x-correlation-id': 'id' })
  })

  it('to be framed by Entra is an empty page', () => {
    const response = sent({ status: 200, body: { kind: 'frame', frameAncestor: 'https://login.example' } })

    expect(response.body).toBe('')
    expect(response.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8' })
  })

  it('without cookies sets none', () => {
    expect(sent({ status: 204 }).cookies).toEqual([])
  })

  it('has its cookies in the array, as they are', () => {
    const cookies = [sessionCookie('A'.repeat(43)), expiredCookie('__Host-signet')]

    expect(sent({ status: 303, cookies }).cookies).toEqual(cookies)
  })
})
