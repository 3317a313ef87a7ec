import { describe, expect, it } from 'vitest'
import { API_CODES } from '../../../../lib/http/proxy/apiAnswer.ts'
import { readAnswer } from '../../../../lib/http/proxy/wholeAnswer.ts'
import { faultOf } from '../../../support/faultOf.ts'

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
    const whole = await readAnswer(pieces(10).answer, 100, calm, API_CODES)

    expect(Buffer.from(whole).toString()).toBe('a'.repeat(100))
    expect((await faultOf(() => readAnswer(pieces(10).answer, 99, calm, API_CODES))).code).toBe(
      'api/response_too_large',
    )
  })

  it.each([
    ['to the byte', '100'],
    ['too short', '7'],
    ['too long', '101'],
    ['as nothing', '0'],
    ['as less than nothing', '-5'],
    ['in words', 'many'],
    ['by half a byte', '99.5'],
    ['twice', '100, 100'],
  ])('that is announced %s has the bytes that came', async (_how, length) => {
    const whole = await readAnswer(pieces(10, { 'content-length': length }).answer, 1_000, calm, API_CODES)

    expect(Buffer.from(whole).toString()).toBe('a'.repeat(100))
  })

  it('that was announced to the byte has no room to spare, so that nobody needs to copy it', async () => {
    const { buffer } = await readAnswer(pieces(10, { 'content-length': '100' }).answer, 100, calm, API_CODES)

    expect(buffer.byteLength).toBe(100)
  })

  it('that has no end is left as soon as it is too large', async () => {
    const { answer, taken } = pieces(Number.POSITIVE_INFINITY)

    expect((await faultOf(() => readAnswer(answer, 100, calm, API_CODES))).code).toBe(
      'api/response_too_large',
    )
    expect([taken.pieces, taken.isCancelled]).toEqual([11, true])
  })

  it('that is announced too large is not read at all', async () => {
    const { answer, taken } = pieces(1, { 'content-length': '101' })

    expect((await faultOf(() => readAnswer(answer, 100, calm, API_CODES))).code).toBe(
      'api/response_too_large',
    )
    expect(taken.pieces).toBe(0)
  })

  it('that is not there may be announced as large as it likes, as to HEAD', async () => {
    const answer = new Response(null, { headers: { 'content-length': '1000' } })

    expect(await readAnswer(answer, 100, calm, API_CODES)).toHaveLength(0)
  })

  it('that breaks off is a fault that names no text of the cause', async () => {
    const { answer } = pieces(3, {}, new TypeError('text-of-it'))
    const fault = await faultOf(() => readAnswer(answer, 100, calm, API_CODES))

    expect([fault.code, fault.context.detail]).toEqual(['api/unavailable', 'broken off'])
    expect(fault.message).not.toContain('text-of-it')
  })
})

it('a body that is cut off by the deadline says so to the log', async () => {
  const { answer } = pieces(3, {}, new TypeError('text-of-it'))
  const fault = await faultOf(() => readAnswer(answer, 100, AbortSignal.abort(), API_CODES))

  expect([fault.code, fault.context.detail]).toEqual(['api/unavailable', 'deadline'])
})
