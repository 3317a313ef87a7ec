/** What the boundary makes of one request: how long it may wait, and by what words and id it is answered and logged. */
import { describe, expect, it } from 'vitest'
import { timeLeft } from '../../../lib/base/requestTime.ts'
import { AppError } from '../../../lib/errors/appError.ts'
import type { Handle } from '../../../lib/http/route.ts'
import { type Asked, ask, replying, throwing } from '../../support/throughBoundary.ts'

describe('a request', () => {
  it('may wait twenty seconds in all, counted from when it came, and its line says how long it took', async () => {
    const left: number[] = []
    const { logs } = await ask(async ({ effects }) => {
      left.push(timeLeft(effects.now()))
      await effects.sleep(5_000)
      left.push(timeLeft(effects.now()))
      return { status: 204 }
    })

    expect(left).toEqual([20_000, 15_000])
    expect(logs[0]?.facts.durationMs).toBe(5_000)
  })

  it('that went well is logged as `ok`, or by what the handler says of it', async () => {
    const outcomes = [{ status: 204 }, { status: 204, outcome: 'nothing_to_do' }].map(async (reply) => {
      const { logs } = await ask(replying(reply))
      return logs[0]?.facts.outcome
    })

    expect(await Promise.all(outcomes)).toEqual(['ok', 'nothing_to_do'])
  })

  it('that cannot be read is answered as JSON, by the id that its line has', async () => {
    const { headers, reply, logs } = await ask(replying({ status: 200 }), { target: ':::' })
    const { correlationId } = JSON.parse(String(reply.body))

    expect(correlationId).toBe(headers['x-correlation-id'])
    expect(logs[0]?.facts.correlationId).toBe(correlationId)
  })

  it.each<[string, Handle, Asked]>([
    ['the boundary', replying({ status: 200 }), { method: 'DELETE' }],
    ['the handler', throwing(new AppError('vault/timeout')), {}],
  ])(
    'that %s refuses gets a page where a person waits for one, with the same id',
    async (_who, handle, asked) => {
      const { headers, reply } = await ask(handle, { ...asked, headers: { accept: 'text/html' } })

      expect(headers['content-type']).toBe('text/html; charset=utf-8')
      expect(reply.body).toContain(headers['x-correlation-id'])
    },
  )
})
