/**
 * The promises of a refreshing value under random schedules of time, calls, failures and replacements. What must be is computed here from
 * what happened, step by step, without a look at the state machine.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  FRESH_MS,
  HOLD_OFF_MS,
  LAST_RESORT_MS,
  refreshingWorld,
  SHORT_HOLD_OFF_MS,
  toldToWait,
  USABLE_MS,
} from '../../support/refreshingWorld.ts'

type Ending =
  | { readonly kind: 'succeed' }
  | { readonly kind: 'fail'; readonly retryAfterSec: number | undefined }
type Step =
  | { readonly kind: 'tick'; readonly ms: number }
  | { readonly kind: 'get' | 'renew' | 'discard' }
  | Ending

const MOST_PAUSE_MS = 60_000

const shortTimes = [1, SHORT_HOLD_OFF_MS - 1, SHORT_HOLD_OFF_MS, HOLD_OFF_MS, FRESH_MS - 1, FRESH_MS]
const longTimes = [USABLE_MS - 1, USABLE_MS, LAST_RESORT_MS, MOST_PAUSE_MS - 1, MOST_PAUSE_MS]
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ kind: 'get' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'renew' }) },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'discard' }) },
  { weight: 3, arbitrary: fc.constant<Step>({ kind: 'succeed' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      retryAfterSec: fc.constantFrom(undefined, undefined, 0, 2, 59, 3_600),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('tick' as const),
      ms: fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...shortTimes) },
        { weight: 3, arbitrary: fc.constantFrom(...longTimes) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 * LAST_RESORT_MS }) },
      ),
    }),
  },
)

/** What is known of the resource from what happened to it. */
interface Known {
  /** What the last load brought, and when. */
  value: { readonly name: string; readonly atMs: number } | undefined
  /** The value was discarded, or came from a load during which something was. */
  isMarked: boolean
  wasDiscardedMeanwhile: boolean
  /** The last load, where it failed. */
  failure: { readonly fault: unknown; readonly atMs: number; readonly askedMs: number } | undefined
  failures: number
}

async function follow(steps: readonly Step[], lastResort: boolean): Promise<void> {
  const w = refreshingWorld({ lastResort })
  const known: Known = {
    value: undefined,
    isMarked: false,
    wasDiscardedMeanwhile: false,
    failure: undefined,
    failures: 0,
  }
  const age = (): number => (known.value === undefined ? Number.NaN : w.clock.now() - known.value.atMs)
  const isUsable = (): boolean => age() < USABLE_MS
  const isServing = (): boolean => age() < (lastResort ? LAST_RESORT_MS : USABLE_MS)
  const isResting = (): boolean => {
    if (known.failure === undefined) return false
    const { atMs, askedMs } = known.failure
    return w.clock.now() - atMs < Math.max(isServing() ? HOLD_OFF_MS : SHORT_HOLD_OFF_MS, askedMs)
  }

  /** What a call has come to without any load ending, or `waiting`. */
  async function outcomeOf(
    call: Promise<string>,
  ): Promise<{ value: string } | { fault: unknown } | 'waiting'> {
    let outcome: { value: string } | { fault: unknown } | 'waiting' = 'waiting'
    call.then(
      (value) => {
        outcome = { value }
      },
      (fault: unknown) => {
        outcome = { fault }
      },
    )
    await w.settle()
    return outcome
  }

  async function get(): Promise<void> {
    const loads = w.loads()
    const wasUnderWay = w.underWay() > 0
    const outcome = await outcomeOf(w.get())
    const began = w.loads() - loads
    if (isUsable()) {
      expect(outcome, 'a usable value is served at once').toEqual({ value: known.value?.name })
      const isOwed = known.isMarked || known.failure !== undefined || age() >= FRESH_MS
      expect(began, 'and renewed where it is stale').toBe(isOwed && !wasUnderWay && !isResting() ? 1 : 0)
    } else if (wasUnderWay) {
      expect([outcome, began], 'a load under way is joined').toEqual(['waiting', 0])
    } else if (isResting()) {
      const instead = isServing() ? { value: known.value?.name } : { fault: known.failure?.fault }
      expect([outcome, began], 'the source is left in peace').toEqual([instead, 0])
    } else {
      expect([outcome, began], 'what ran out is waited for').toEqual(['waiting', 1])
    }
  }

  async function renew(): Promise<void> {
    const loads = w.loads()
    const wasUnderWay = w.underWay() > 0
    const outcome = await outcomeOf(w.renew())
    const isRefused = !wasUnderWay && isResting()
    expect(outcome).toEqual(isRefused ? { fault: known.failure?.fault } : 'waiting')
    expect(w.loads() - loads).toBe(wasUnderWay || isRefused ? 0 : 1)
  }

  /** A load ends; everybody who waits for it hears what became of it. */
  async function end(step: Ending): Promise<void> {
    if (w.underWay() === 0) return
    const old = known.value
    const wasServing = isServing()
    const wasUsable = isUsable()
    const waiting = w.get()
    const renewing = w.renew()
    const outcomes = Promise.allSettled([waiting, renewing])
    if (step.kind === 'succeed') {
      known.value = { name: `v${w.loads()}`, atMs: w.clock.now() }
      known.isMarked = known.wasDiscardedMeanwhile
      known.failure = undefined
      await w.finish()
      const name = known.value.name
      expect(await waiting).toBe(wasUsable ? old?.name : name)
      expect(await renewing).toBe(name)
    } else {
      const { retryAfterSec } = step
      const fault = retryAfterSec === undefined ? { nth: known.failures } : toldToWait(retryAfterSec)
      const askedMs = Math.min((retryAfterSec ?? 0) * 1_000, MOST_PAUSE_MS)
      known.failure = { fault, atMs: w.clock.now(), askedMs }
      known.failures += 1
      await w.fail(fault)
      const [got, renewed] = await outcomes
      expect(got).toEqual(
        wasServing ? { status: 'fulfilled', value: old?.name } : { status: 'rejected', reason: fault },
      )
      expect(renewed).toEqual({ status: 'rejected', reason: fault })
    }
    known.wasDiscardedMeanwhile = false
  }

  for (const one of steps) {
    if (one.kind === 'tick') w.clock.advance(one.ms)
    if (one.kind === 'get') await get()
    if (one.kind === 'renew') await renew()
    if (one.kind === 'discard') {
      const loads = w.loads()
      w.discard()
      expect(w.loads(), 'a discard loads nothing by itself').toBe(loads)
      if (w.underWay() > 0) known.wasDiscardedMeanwhile = true
      else known.isMarked = true
    }
    if (one.kind === 'succeed' || one.kind === 'fail') await end(one)
    expect(w.underWay(), 'one load at a time').toBeLessThanOrEqual(1)
    expect(w.peek(), 'a look').toBe(isUsable() ? known.value?.name : undefined)
    expect(w.faults.length, 'each failed load is reported once').toBe(known.failures)
  }
}

it.each([
  ['without a last resort', false],
  ['with one', true],
])('a value %s keeps its promises whatever happens in whatever order', async (_name, lastResort) => {
  const unheard: unknown[] = []
  const note = (fault: unknown): void => void unheard.push(fault)
  process.on('unhandledRejection', note)
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 80, size: 'max' }), (steps) =>
      follow(steps, lastResort),
    ),
    { numRuns: 800 },
  )
  process.off('unhandledRejection', note)

  expect(unheard, 'a fault that nobody waited for').toEqual([])
})
