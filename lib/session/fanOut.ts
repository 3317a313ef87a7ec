/**
 * Work on each of many sessions at once. Whoever has many costs as many calls of the table, so one request makes a few at a time, and all
 * requests of an instance together leave most of its places to everybody else: who waits here, or is turned away, is whoever asked for it.
 */
import type { Effects } from '../base/effects.ts'
import { inParallel } from '../base/inParallel.ts'
import { createQueue } from '../base/queue.ts'
import { AppError } from '../errors/appError.ts'

/** Of one request. */
const AT_ONCE = 16
/** Of all requests of an instance. There are two of these, one for looks and one for ends: together they fill no more than 80 of 100 places. */
const ALL_AT_ONCE = 40
const MOST_WAITING = 1_000
/** Milliseconds. */
const PLACE_MS = 20_000

/** Does `work` for each item. Throws the first fault, after what had begun has ended; one item that fails keeps no other from being tried. */
export type FanOut = <T>(items: readonly T[], work: (item: T) => Promise<void>) => Promise<void>

export function createFanOut(effects: Pick<Effects, 'sleep'>): FanOut {
  const queue = createQueue({
    mostUnderway: ALL_AT_ONCE,
    mostWaiting: MOST_WAITING,
    effects,
    refusal: (why) => new AppError('session/store_unavailable', { detail: `queue of many ${why}` }),
  })
  return (items, work) => inParallel(AT_ONCE, items, (item) => queue.run(() => work(item), PLACE_MS))
}
