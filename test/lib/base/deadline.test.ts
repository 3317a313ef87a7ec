import { afterEach, describe, expect, it, vi } from 'vitest'
import { withinDeadline, withinTime } from '../../../lib/base/deadline.ts'
import { shortenDeadline } from '../../support/shortenDeadline.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

function heldDeadline() {
  const controller = new AbortController()
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(controller.signal)
  return { timeout, pass: () => controller.abort() }
}

it('gives what comes in time, and leaves no rejection behind when the time is over', async () => {
  const unheard: unknown[] = []
  const note = (fault: unknown): void => void unheard.push(fault)
  process.on('unhandledRejection', note)
  const { timeout, pass } = heldDeadline()

  expect(await withinDeadline(70, Promise.resolve('done'), () => new Error('late'))).toBe('done')
  pass()
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', note)

  expect(timeout).toHaveBeenCalledWith(70)
  expect(unheard).toEqual([])
})

it('throws what `late` makes once the time is over; the work goes on', async () => {
  const { pass } = heldDeadline()
  const work = Promise.withResolvers<string>()
  const waiting = withinDeadline(70, work.promise, () => new RangeError('late'))
  pass()

  await expect(waiting).rejects.toThrow('late')
  work.resolve('done')
  expect(await work.promise).toBe('done')
})

it('throws what the work throws', async () => {
  await expect(
    withinDeadline(70, Promise.reject(new TypeError('broken')), () => new Error('late')),
  ).rejects.toThrow('broken')
})

/** Work that goes on until it is called off. */
const endless = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

describe('work within its time', () => {
  it('is called off when the time is over', async () => {
    shortenDeadline(70, 1)

    await expect(withinTime(70, endless)).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('is called off with the work that it is made for, also where that has ended before', async () => {
    const outer = new AbortController()
    const waiting = withinTime(60_000, endless, outer.signal)
    outer.abort()
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })

    const seen = withinTime(60_000, async (signal) => signal.aborted, outer.signal)
    expect(await seen).toBe(true)
  })

  it('gives what it comes to, lets go of what it did not read, and leaves no clock behind', async () => {
    const [set, cleared] = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'clearTimeout')]
    const outer = new AbortController()
    const removed = vi.spyOn(outer.signal, 'removeEventListener')
    const signal = await withinTime(60_000, async (one) => one, outer.signal)

    expect(signal.aborted).toBe(true)
    expect(cleared.mock.calls).toEqual(set.mock.results.map(({ value }) => [value]))
    expect(removed).toHaveBeenCalledOnce()
  })

  it('that fails fails as it did', async () => {
    await expect(withinTime(70, () => Promise.reject(new TypeError('broken')))).rejects.toThrow('broken')
  })
})
