import { describe, expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { sessionCookie } from '../../../lib/http/cookies.ts'
import { json, page, type Reply, redirect } from '../../../lib/http/reply.ts'
import type { Handle } from '../../../lib/http/route.ts'
import { frontEnd } from '../../../lib/http/routes/frontEnd.ts'
import { type Asked, ask, replying, throwing } from '../../support/throughBoundary.ts'

const SECRET = 'S'.repeat(43)
const somePage = {
  html: '<!doctype html>',
  contentSecurityPolicy: "default-src 'none'; style-src 'sha256-x'",
}

const REPLIES: Record<string, [Handle, Asked?]> = {
  'a page': [replying(page(200, somePage))],
  JSON: [replying(json(200, { a: 1 }))],
  'a redirect to Entra': [replying(redirect(302, 'https://login.example/authorize'))],
  'a redirect home': [replying(redirect(303, '/'))],
  nothing: [replying({ status: 204 })],
  'a frame': [replying({ status: 200, body: { kind: 'frame', frameAncestor: 'https://login.example' } })],
  '404 as a page': [frontEnd, { headers: { accept: 'text/html' } }],
  '404 as JSON': [frontEnd],
  '405': [replying({ status: 200 }), { method: 'DELETE' }],
  '500 as a page': [throwing(new Error('x')), { headers: { accept: 'text/html' } }],
  '500 as JSON': [throwing(new Error('x'))],
  '503': [throwing(new AppError('vault/unavailable'))],
  'a request that is none': [replying({ status: 200 }), { target: ':::' }],
}

describe('every reply', () => {
  it.each(Object.entries(REPLIES))('carries the security headers: %s', async (_name, [handle, asked]) => {
    const { headers } = await ask(handle, asked)

    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
      'content-security-policy': expect.stringMatching(/^default-src 'none'/),
    })
    expect(headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/)
    const [, seconds] =
      headers['strict-transport-security']?.match(/^max-age=(\d+); includeSubDomains$/) ?? []
    expect(Number(seconds)).toBeGreaterThanOrEqual(31_536_000)
  })

  it.each(Object.entries(REPLIES))(
    'approves no other origin and names no software: %s',
    async (_name, [handle, asked]) => {
      const { headers } = await ask(handle, {
        ...asked,
        headers: { ...asked?.headers, origin: 'https://evil.example' },
      })

      for (const name of Object.keys(headers))
        expect(name).not.toMatch(/^access-control-|^server$|^x-powered-by$/)
    },
  )

  it('may be framed by nobody, except where Entra has to', async () => {
    for (const [name, [handle, asked]] of Object.entries(REPLIES)) {
      const { headers } = await ask(handle, asked)
      const policy = headers['content-security-policy'] ?? ''
      if (name === 'a frame') {
        expect(policy).toBe("default-src 'none'; frame-ancestors https://login.example")
        expect(headers['cross-origin-resource-policy']).toBe('cross-origin')
      } else {
        expect(headers['cross-origin-resource-policy']).toBe('same-origin')
        if (name !== 'a page') expect(policy).toContain("frame-ancestors 'none'")
      }
    }
  })

  it('is logged in one line, with outcome and without a word of the request', async () => {
    for (const [, [handle, asked]] of Object.entries(REPLIES)) {
      const cookie = `__Host-signet=${SECRET}`
      const { logs, headers } = await ask(handle, {
        target: '/auth/callback?code=the-code&state=the-state&loginHint=alice@contoso.com',
        ...asked,
        headers: { ...asked?.headers, cookie, authorization: 'Bearer the-token' },
      })
      expect(logs).toHaveLength(1)
      expect(logs[0]).toMatchObject({
        event: 'request',
        facts: { route: 'test', correlationId: headers['x-correlation-id'], durationMs: 0 },
      })
      const line = JSON.stringify(logs)
      for (const secret of [SECRET, 'the-code', 'the-state', 'alice', 'the-token'])
        expect(line).not.toContain(secret)
    }
  })
})

describe('the body', () => {
  it('is left out of an answer to HEAD, and its headers stay', async () => {
    for (const reply of [page(200, somePage), json(200, { a: 1 })]) {
      const toGet = await ask(replying(reply))
      const toHead = await ask(replying(reply), { method: 'HEAD' })
      expect(toGet.reply.body).toBeDefined()
      expect(toHead.reply).not.toHaveProperty('body')
      expect(toHead.headers['content-type']).toBe(toGet.headers['content-type'])
    }
  })

  it('of a redirect is empty (CVE-2024-43796)', async () => {
    const { reply, headers } = await ask(replying(redirect(303, '/orders?q=<script>')))

    expect(reply).not.toHaveProperty('body')
    expect(headers.location).toBe('/orders?q=<script>')
  })

  it('of JSON is JSON that no browser takes for a page', async () => {
    const { reply, headers } = await ask(replying(json(200, { text: '</script>' })))

    expect(JSON.parse(String(reply.body))).toEqual({ text: '</script>' })
    expect(headers['content-type']).toBe('application/json; charset=utf-8')
    expect(headers['content-security-policy']).toContain('sandbox')
  })
})

describe('a reply that cannot be sent', () => {
  it.each<[string, Reply]>([
    ['a header that no host sends on', { status: 200, headers: { 'content-disposition': 'caf\u00e9' } }],
    ['a header that ends early', { status: 200, headers: { location: '/\r\nset-cookie: a=1' } }],
    ['a status that HTTP does not have', { status: 999 }],
    ['JSON that goes round in a circle', json(200, Object.assign([], { toJSON: () => 1n }))],
    ['a cookie with more in it', { status: 200, cookies: [{ ...sessionCookie('a; domain=x'), maxAge: 1 }] }],
  ])('is answered and logged as the bug it is, never as ok: %s', async (_name, broken) => {
    const { reply, headers, logs } = await ask(replying(broken))

    expect([reply.status, JSON.parse(String(reply.body)).code]).toEqual([500, 'bug/unexpected'])
    expect(reply.cookies).toEqual([])
    expect(Object.keys(headers)).not.toContain('location')
    expect(logs).toHaveLength(1)
    expect(logs[0]).toMatchObject({
      level: 'error',
      facts: { status: 500, outcome: 'bug/unexpected', correlationId: headers['x-correlation-id'] },
    })
    expect(JSON.stringify(logs)).not.toMatch(/set-cookie|domain=x|caf/)
  })
})

describe('cookies', () => {
  it('travel only as cookies, never as a header, where all but one would be lost', async () => {
    const cookies = [sessionCookie(SECRET), { ...sessionCookie(''), maxAge: 0 }]
    const { reply, headers } = await ask(replying(redirect(303, '/', cookies)))

    expect(reply.cookies).toEqual(cookies)
    expect(headers).not.toHaveProperty('set-cookie')
  })
})

describe('a method', () => {
  it('that is not allowed never reaches the handler, and hears which are', async () => {
    let isReached = false
    const handle: Handle = async () => {
      isReached = true
      return { status: 200 }
    }
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'get']) {
      const { reply, headers, logs } = await ask(handle, { method, methods: ['POST'] })
      expect([reply.status, headers.allow]).toEqual([405, 'POST'])
      expect(logs[0]?.facts.outcome).toBe('http/method_not_allowed')
    }
    expect(isReached).toBe(false)
  })
})

describe('a handler that throws', () => {
  it.each<[string, unknown]>([
    ['an Error', new Error('text-of-it')],
    ['a TypeError', new TypeError('text-of-it')],
    ['text', 'text-of-it'],
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['a symbol', Symbol('text-of-it')],
    [
      'an object that cannot be shown',
      {
        toString: () => {
          throw new Error('text-of-it')
        },
      },
    ],
  ])('%s is answered all the same', async (_name, thrown) => {
    const { reply, logs } = await ask(throwing(thrown))

    expect(reply.status).toBe(500)
    expect(JSON.parse(String(reply.body))).toMatchObject({ code: 'bug/unexpected' })
    expect(logs[0]).toMatchObject({ level: 'error', facts: { outcome: 'bug/unexpected', kind: 'bug' } })
    expect(JSON.stringify([reply, logs])).not.toContain('text-of-it')
  })

  it('leaves in the log the places that the bug passed, and none in the answer', async () => {
    const { reply, logs } = await ask(throwing(new TypeError('text-of-it')))

    expect(logs[0]?.facts.frames).toContainEqual(expect.stringMatching(/boundary\.test\.ts:\d+:\d+/))
    expect(JSON.stringify(reply)).not.toMatch(/:\d+:\d+|frames/)
  })

  it('before its first await is answered, too', async () => {
    const handle: Handle = () => {
      throw new Error('text-of-it')
    }

    expect((await ask(handle)).reply.status).toBe(500)
  })

  it('leaves code, detail and the name of the cause in the log, and none of them in the answer', async () => {
    const cause = new RangeError('text-of-it')
    const { reply, logs } = await ask(
      throwing(new AppError('entra/client_rejected', { cause, detail: 'invalid_client' })),
    )

    expect(logs[0]?.facts).toMatchObject({
      outcome: 'entra/client_rejected',
      kind: 'setup',
      detail: 'invalid_client',
      cause: 'RangeError',
      status: 500,
    })
    expect(JSON.stringify(reply)).not.toMatch(/invalid_client|RangeError/)
    expect(JSON.stringify(logs)).not.toContain('text-of-it')
  })

  it.each([
    ['entra/cancelled', 'info'],
    ['http/not_found', 'info'],
    ['callback/state_mismatch', 'warn'],
    ['vault/throttled', 'warn'],
    ['vault/forbidden', 'error'],
    ['bug/unexpected', 'error'],
  ] as const)('%s is logged as %s', async (code, level) => {
    expect((await ask(throwing(new AppError(code)))).logs[0]?.level).toBe(level)
  })
})
