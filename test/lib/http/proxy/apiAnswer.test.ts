import { describe, expect, it } from 'vitest'
import { readAnswer, requirePassable } from '../../../../lib/http/proxy/apiAnswer.ts'
import { faultOf, outcomeOf } from '../../../support/faultOf.ts'

const calm = new AbortController().signal

/** An answer whose body comes in pieces of ten bytes, and how many were taken. */
function pieces(count: number, headers: Record<string, string> = {}, then?: Error) {
  const taken = { pieces: 0, isCancelled: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (taken.pieces < count) controller.enqueue(new Uint8Array(10).fill(97))
        else if (then === undefined) controller.close()
        else controller.error(then)
        taken.pieces += 1
      },
      cancel() {
        taken.isCancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { answer: new Response(body, { headers }), taken }
}

describe('the body of an answer', () => {
  it('is read whole, up to its limit and not a byte beyond', async () => {
    expect((await readAnswer(pieces(10).answer, 100, calm)).toString()).toBe('a'.repeat(100))
    expect((await faultOf(() => readAnswer(pieces(10).answer, 99, calm))).code).toBe('api/response_too_large')
  })

  it('that has no end is left as soon as it is too large', async () => {
    const { answer, taken } = pieces(Number.POSITIVE_INFINITY)

    expect((await faultOf(() => readAnswer(answer, 100, calm))).code).toBe('api/response_too_large')
    expect([taken.pieces, taken.isCancelled]).toEqual([11, true])
  })

  it('that is announced too large is not read at all', async () => {
    const { answer, taken } = pieces(1, { 'content-length': '101' })

    expect((await faultOf(() => readAnswer(answer, 100, calm))).code).toBe('api/response_too_large')
    expect(taken.pieces).toBe(0)
  })

  it('that is not there may be announced as large as it likes, as to HEAD', async () => {
    const answer = new Response(null, { headers: { 'content-length': '1000' } })

    expect(await readAnswer(answer, 100, calm)).toHaveLength(0)
  })

  it('that breaks off is a fault that names no text of the cause', async () => {
    const { answer } = pieces(3, {}, new TypeError('text-of-it'))
    const fault = await faultOf(() => readAnswer(answer, 100, calm))

    expect([fault.code, fault.context.detail]).toEqual(['api/unavailable', 'broken off'])
    expect(fault.message).not.toContain('text-of-it')
  })
})

it('a body that is cut off by the deadline says so to the log', async () => {
  const { answer } = pieces(3, {}, new TypeError('text-of-it'))
  const fault = await faultOf(() => readAnswer(answer, 100, AbortSignal.abort()))

  expect([fault.code, fault.context.detail]).toEqual(['api/unavailable', 'deadline'])
})

describe('a status', () => {
  it.each([200, 201, 202, 204, 206, 304, 400, 403, 404, 409, 429, 500, 503, 599])(
    '%i is passed on',
    async (status) => {
      expect(await outcomeOf(() => requirePassable(status, false))).toBe('none')
    },
  )

  it.each([301, 302, 303, 307, 308])(
    '%i is passed on where it stays under the API, and only there',
    async (status) => {
      expect(await outcomeOf(() => requirePassable(status, true))).toBe('none')
      expect(await outcomeOf(() => requirePassable(status, false))).toBe('api/unavailable')
    },
  )

  it('401 speaks of our token and never is', async () => {
    expect(await outcomeOf(() => requirePassable(401, false))).toBe('api/refused_token')
  })

  it.each([300, 305, 306, 399, 407])('%i never is', async (status) => {
    expect(await outcomeOf(() => requirePassable(status, true))).toBe('api/unavailable')
  })

  it.each([0, 99, 100, 199, 600, 999, Number.NaN])('%d is none of HTTP', async (status) => {
    expect(await outcomeOf(() => requirePassable(status, false))).toBe('api/malformed_response')
  })
})
