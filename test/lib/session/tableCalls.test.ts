/** How patient the table's calls are: retries, pauses, what a request has left, and how many go at once. */
import { describe, expect, it, vi } from 'vitest'
import type { Effects } from '../../../lib/base/effects.ts'
import type { Exchange, Exchanged } from '../../../lib/base/exchange.ts'
import { untilTime } from '../../../lib/base/requestTime.ts'
import type { SharedIdentity } from '../../../lib/credential/sharedIdentity.ts'
import { createTableCalls } from '../../../lib/session/tableCalls.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'

const identity: SharedIdentity = {
  getToken: async () => ({ token: 't', expiresOnTimestamp: 0 }),
  ready: async () => undefined,
  renew: async () => undefined,
  isAwaited: () => false,
}
const REQUEST = { method: 'GET', path: '/rows', headers: {} } as const
const answer = (status: number, retryAfter?: string): Exchanged => ({
  status,
  text: '',
  header: (name) => (name === 'retry-after' ? retryAfter : undefined),
})

const NEVER: Effects['sleep'] = (_ms, signal) =>
  new Promise((_, reject) => signal?.addEventListener('abort', reject))

function callsWith(exchange: Exchange, replaced: Partial<Effects> = {}) {
  const effects = heldEffects({ exchange, ...replaced })
  return { effects, ...createTableCalls('https://tables.example/', identity, effects) }
}
/** Answers in order, the last one for good. */
function answering(...outcomes: (Exchanged | Error)[]) {
  let asked = 0
  const made = callsWith(async () => {
    const outcome = outcomes[Math.min(asked++, outcomes.length - 1)]
    if (outcome instanceof Error) throw outcome
    return outcome ?? answer(200)
  })
  return { ...made, asked: () => asked }
}

describe('a call that fails', () => {
  it.each([
    ['a status that may pass', answer(503)],
    ['no answer', new TypeError('socket hang up')],
  ])('by %s is made twice more, after pauses that grow', async (_what, outcome) => {
    const { call, asked, effects } = answering(outcome)
    await expect(call(REQUEST)).rejects.toBeDefined()

    expect(asked()).toBe(3)
    const [first = 0, second = 0] = effects.pauses
    expect(effects.pauses).toHaveLength(2)
    expect([first >= 50 && first <= 150, second >= 100 && second <= 300]).toEqual([true, true])
  })

  it('for good is made once', async () => {
    const { call, asked, effects } = answering(answer(403))
    await expect(call(REQUEST)).rejects.toMatchObject({ status: 403 })

    expect([asked(), effects.pauses]).toEqual([1, []])
  })

  it('waits longer or shorter by chance, so that those who failed together do not come back together', async () => {
    const pausesAt = async (byte: number) => {
      const { call, effects } = callsWith(async () => answer(503), { random: () => new Uint8Array([byte]) })
      await expect(call(REQUEST)).rejects.toBeDefined()
      return effects.pauses
    }

    expect(await pausesAt(0)).toEqual([50, 100])
    expect((await pausesAt(255)).map(Math.round)).toEqual([100, 200])
  })

  it.each([408, 500])('by %i is not asked when to come back, whatever it says', async (status) => {
    const { call, effects } = answering(answer(status, '1'), answer(200))
    await call(REQUEST)

    expect(effects.pauses).toHaveLength(1)
    expect(effects.pauses[0]).toBeLessThan(200)
  })

  it.each([200, 204, 299])('is none with status %i', async (status) => {
    expect((await answering(answer(status)).call(REQUEST)).status).toBe(status)
  })

  it.each([199, 300, 304])('is one with status %i, which no call here expects', async (status) => {
    await expect(answering(answer(status)).call(REQUEST)).rejects.toMatchObject({ status })
  })

  it.each(['1', '0', '-1', '0.3', new Date(0).toUTCString()])(
    'and says when to come back is made again then, where that is soon, and never at once: %s',
    async (header) => {
      const { call, effects } = answering(answer(429, header), answer(429, header), answer(200))
      expect((await call(REQUEST)).status).toBe(200)

      expect(effects.pauses).toEqual([1_000, 1_000])
    },
  )

  it.each([
    [429, '2', 2],
    [503, '3600', 3_600],
    [503, '99999999999', 86_400],
    [503, new Date(START_MS + 60_000).toUTCString(), 60],
  ])('%i for %s: longer than a call may take is told at once, with the time', async (status, header, sec) => {
    const { call, asked } = answering(answer(status, header))
    const { code, context } = await faultOf(() => call(REQUEST))

    expect([code, context.detail, context.retryAfterSec]).toEqual([
      'session/store_unavailable',
      `status ${status}`,
      sec,
    ])
    expect(asked()).toBe(1)
  })
})

describe('the time of a call', () => {
  it.each([
    ['four seconds, where nobody waits for it', Number.POSITIVE_INFINITY, 4_000],
    ['four seconds, where its request has more than that', 19_000, 4_000],
    ['what its request has left', 3_000, 3_000],
    ['two seconds, however long its request has waited already', -5_000, 2_000],
  ])('is %s', async (_what, leftMs, expected) => {
    const timeout = vi.spyOn(globalThis, 'setTimeout')
    const { call } = answering(answer(200))
    await untilTime(START_MS + leftMs, () => call(REQUEST))

    expect(timeout.mock.calls.map(([, ms]) => ms)).toEqual([expected])
    timeout.mockRestore()
  })
})

it('a call ends with the work that it is made for, which has a time of its own', async () => {
  const { promise: sent, resolve: send } = Promise.withResolvers<AbortSignal | undefined>()
  const { call } = callsWith((_url, { signal }) => {
    send(signal)
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  })
  const work = new AbortController()
  const calling = call(REQUEST, work.signal)
  expect((await sent)?.aborted).toBe(false)
  work.abort()

  await expect(calling).rejects.toThrow()
})

describe('a burst', () => {
  it.each([
    ['what its request has left', 3_000, 3_000],
    ['twenty seconds at most', Number.POSITIVE_INFINITY, 20_000],
    ['two seconds at least', -5_000, 2_000],
  ])('has each wait for a place for %s', async (_what, leftMs, expected) => {
    const waits: number[] = []
    const { promise, resolve } = Promise.withResolvers<Exchanged>()
    const { call } = callsWith(() => promise, {
      sleep: (ms, signal) => {
        waits.push(ms)
        return NEVER(ms, signal)
      },
    })
    const calls = Array.from({ length: 101 }, () => untilTime(START_MS + leftMs, () => call(REQUEST)))
    await expect.poll(() => waits).toEqual([expected])
    resolve(answer(200))

    expect(await Promise.all(calls)).toHaveLength(101)
  })

  it('goes a hundred at a time, and everybody gets an answer', async () => {
    let [underway, most] = [0, 0]
    const { call } = callsWith(
      async () => {
        most = Math.max(most, ++underway)
        await new Promise((resolve) => setImmediate(resolve))
        underway -= 1
        return answer(200)
      },
      { sleep: NEVER },
    )
    const statuses = await Promise.all(Array.from({ length: 1_500 }, () => call(REQUEST)))

    expect(statuses.every(({ status }) => status === 200)).toBe(true)
    expect(most).toBe(100)
  })

  it('with more waiting than there is room for is refused at once: busy, and not signed out', async () => {
    const { promise, resolve } = Promise.withResolvers<Exchanged>()
    const made = callsWith(() => promise, { sleep: NEVER })
    const waiting = Array.from({ length: 2_100 }, () => made.call(REQUEST))
    const fault = await faultOf(() => made.call(REQUEST))

    expect([fault.code, fault.context.detail]).toEqual(['session/store_unavailable', 'queue full'])
    resolve(answer(200))
    await Promise.all(waiting)
  })
})
