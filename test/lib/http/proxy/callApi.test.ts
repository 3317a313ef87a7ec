import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Effects } from '../../../../lib/base/effects.ts'
import { AppError, asAppError } from '../../../../lib/errors/appError.ts'
import { callApi } from '../../../../lib/http/proxy/callApi.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { heldEffects } from '../../../support/heldEffects.ts'
import { ASKED } from './askedApi.ts'

const CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
const CHALLENGE = `Bearer error="insufficient_claims", claims="${Buffer.from(CLAIMS).toString('base64')}"`

/** A call that the API answers with this, and how often it was asked. */
function world({
  status,
  challenge,
  areOfPerson,
}: {
  status: number
  challenge: string
  areOfPerson: boolean
}) {
  const asked = { calls: 0, others: 0 }
  const fetch = async (): Promise<Response> => {
    asked.calls += 1
    return new Response('{}', { status, headers: { 'www-authenticate': challenge } })
  }
  const tokens = {
    areOfPerson,
    get: async () => 'first',
    async another() {
      asked.others += 1
      return 'second'
    },
  }
  const call = { asked: ASKED, tokens, method: 'GET', headers: {}, body: Buffer.alloc(0), correlationId: 'c' }
  return { asked, call: () => callApi({ effects: { ...heldEffects(), fetch } }, call) }
}

describe('a claims challenge of the API', () => {
  it('to the person becomes a sign-in with these claims, and no other token is asked for', async () => {
    const { asked, call } = world({ status: 401, challenge: CHALLENGE, areOfPerson: true })
    const { code, context } = await faultOf(call)

    expect([code, context.claims, context.detail]).toEqual([
      'entra/interaction_required',
      CLAIMS,
      'insufficient_claims',
    ])
    expect(asked).toEqual({ calls: 1, others: 0 })
  })

  it('to the app itself is no step up of the person, who has nothing to do: its token is replaced, and then refused', async () => {
    const { asked, call } = world({ status: 401, challenge: CHALLENGE, areOfPerson: false })
    const { code, context } = await faultOf(call)

    expect([code, context.claims]).toEqual(['api/refused_token', undefined])
    expect(asked).toEqual({ calls: 2, others: 1 })
  })

  it('counts with status 401 only', async () => {
    expect((await world({ status: 403, challenge: CHALLENGE, areOfPerson: true }).call()).status).toBe(403)
  })

  it('of another kind has the token replaced once, and then the API has refused it', async () => {
    const { asked, call } = world({
      status: 401,
      challenge: 'Bearer error="invalid_token"',
      areOfPerson: true,
    })

    expect((await faultOf(call)).code).toBe('api/refused_token')
    expect(asked).toEqual({ calls: 2, others: 1 })
  })
})

describe('an API that', () => {
  const tokens = { areOfPerson: true, get: async () => 'first', another: async () => undefined }
  /** A call that is answered so, and what went out. */
  function calling(answer: () => Promise<Response>, body = '', api = ASKED.api) {
    const requests: (RequestInit | undefined)[] = []
    const fetch: typeof globalThis.fetch = async (_url, init) => {
      requests.push(init)
      return answer()
    }
    const asked = { ...ASKED, api }
    const call = { asked, tokens, method: 'POST', headers: {}, body: Buffer.from(body), correlationId: 'c' }
    return { requests, call: () => callApi({ effects: { ...heldEffects(), fetch } }, call) }
  }

  it('cannot be reached is unavailable, and the log says whether it was the network or the deadline', async () => {
    const cause = new TypeError('fetch failed')
    const down = await faultOf(calling(() => Promise.reject(cause)).call)
    const stalling = () => new Promise<never>((_, reject) => setTimeout(reject, 20, cause))
    const slow = await faultOf(calling(stalling, '', { ...ASKED.api, timeoutMs: 1 }).call)

    expect([down.code, down.context.detail, down.cause]).toEqual(['api/unavailable', 'network', cause])
    expect([slow.code, slow.context.detail]).toEqual(['api/unavailable', 'deadline'])
  })

  it('leads elsewhere is not followed, and its answer passes only where it leads to the API itself', async () => {
    const moved = (location?: string) =>
      calling(
        async () => new Response(null, { status: 303, headers: location === undefined ? {} : { location } }),
      )
    const own = moved('https://orders.example/v1/list/8')
    const { status, headers } = await own.call()

    expect([status, headers?.location, own.requests.map((one) => one?.redirect)]).toEqual([
      303,
      '/api/orders/list/8',
      ['manual'],
    ])
    for (const location of ['https://evil.example/', undefined])
      expect((await faultOf(moved(location).call)).code).toMatch(/^api\//)
  })

  it('is sent a body gets it, and none where there is none', async () => {
    const [without, having] = ['', 'a=1'].map((body) => calling(async () => new Response('{}'), body))
    await without?.call()
    await having?.call()

    expect(without?.requests[0]).not.toHaveProperty('body')
    expect(String(having?.requests[0]?.body)).toBe('a=1')
  })
})

describe('an answer in a content coding', () => {
  const answered = (coding: string, { status = 200, method = 'GET' } = {}) => {
    const fetch = async (): Promise<Response> =>
      new Response(method === 'HEAD' || status === 304 ? null : '(\xb5/\xfd', {
        status,
        headers: { 'content-encoding': coding, 'content-type': 'application/json' },
      })
    const tokens = { areOfPerson: false, get: async () => 't', another: async () => undefined }
    const call = { asked: ASKED, tokens, method, headers: {}, body: Buffer.alloc(0), correlationId: 'c' }
    return () => callApi({ effects: { ...heldEffects(), fetch } }, call)
  }

  it.each([
    ['zstd', 200],
    ['zstd', 404],
    ['dcb', 500],
    ['gzip, zstd', 200],
  ])(
    'that cannot be taken off never reaches the browser as if it were plain: %s with %i',
    async (coding, status) => {
      const { code, context } = await faultOf(answered(coding, { status }))

      expect([code, context.detail]).toEqual(['api/malformed_response', 'header content-encoding'])
    },
  )

  it('is passed on where there is nothing to take it off, or it is none', async () => {
    expect((await answered('zstd', { method: 'HEAD' })()).status).toBe(200)
    expect((await answered('zstd', { status: 304 })()).status).toBe(304)
    expect((await answered('identity')()).status).toBe(200)
  })
})

describe('the time that an API has', () => {
  const TIMEOUT_MS = 1_000
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** A call whose tokens and whose answers, by status, take so long; when it ended, and with what. */
  async function timed({
    tokenMs,
    answers,
  }: {
    readonly tokenMs: number
    readonly answers: readonly (readonly [status: number, ms: number])[]
  }) {
    const startedMs = Date.now()
    const left = [...answers]
    const fetch: Effects['fetch'] = async (_url, ask) => {
      const [status, ms] = left.shift() ?? expect.fail('there was no further call')
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      setTimeout(resolve, ms)
      ask?.signal?.addEventListener('abort', () => reject(ask.signal?.reason))
      await promise
      return new Response('{}', { status })
    }
    const token = async () => {
      await new Promise((done) => setTimeout(done, tokenMs))
      return 'token'
    }
    const api = { ...ASKED.api, timeoutMs: TIMEOUT_MS }
    const call = {
      asked: { ...ASKED, api },
      tokens: { areOfPerson: true, get: token, another: token },
      method: 'GET',
      headers: {},
      body: Buffer.alloc(0),
      correlationId: 'c',
    }
    const outcome = callApi({ effects: { ...heldEffects(), now: Date.now, fetch } }, call).then(
      ({ status }) => [status, Date.now() - startedMs],
      (fault: unknown) => [asAppError(fault).code, Date.now() - startedMs],
    )
    await vi.advanceTimersByTimeAsync(60_000)
    return [...(await outcome), left.length]
  }

  it('is all its own, however long the token took', async () => {
    expect(await timed({ tokenMs: 5_000, answers: [[200, 999]] })).toEqual([200, 5_999, 0])
    expect(await timed({ tokenMs: 5_000, answers: [[200, 1_001]] })).toEqual(['api/unavailable', 6_000, 0])
  })

  it('is one for both tries, and the second token takes nothing of it', async () => {
    const answers = (ms: number) => [[401, 600] as const, [200, ms] as const]

    expect(await timed({ tokenMs: 3_000, answers: answers(399) })).toEqual([200, 6_999, 0])
    expect(await timed({ tokenMs: 3_000, answers: answers(401) })).toEqual(['api/unavailable', 7_000, 0])
  })

  it('does not begin where no token was to be had: the fault is that of the token, and the API is not asked', async () => {
    let calls = 0
    const fetch = async () => {
      calls += 1
      return new Response('{}')
    }
    const get = () => Promise.reject(new AppError('vault/timeout'))
    const tokens = { areOfPerson: true, get, another: async () => undefined }
    const call = {
      asked: ASKED,
      tokens,
      method: 'GET',
      headers: {},
      body: Buffer.alloc(0),
      correlationId: 'c',
    }

    expect((await faultOf(() => callApi({ effects: { ...heldEffects(), fetch } }, call))).code).toBe(
      'vault/timeout',
    )
    expect(calls).toBe(0)
  })
})
