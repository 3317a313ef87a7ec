import { afterEach, expect, it, vi } from 'vitest'
import { withinDeadline } from '../../../lib/base/deadline.ts'

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
