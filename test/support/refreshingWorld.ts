/** A value that is loaded only when the test says so, on a clock in its hand. */
import { createRefreshing, type Lifetime } from '../../lib/base/refreshing.ts'
import { AppError } from '../../lib/errors/appError.ts'
import { heldEffects } from './heldEffects.ts'

export const FRESH_MS = 25_000
export const USABLE_MS = 75_000
export const LAST_RESORT_MS = 225_000
/** The pause after a load that failed. */
export const HOLD_OFF_MS = 15_000
/** Where nothing can be served meanwhile. */
export const SHORT_HOLD_OFF_MS = 5_000

/** The nth load gives `v1`, `v2`, …; with `lastResort`, a value has one. */
export function refreshingWorld({ lastResort = false }: { lastResort?: boolean } = {}) {
  const clock = heldEffects()
  const pending: { succeed(): void; fail(fault: unknown): void }[] = []
  const faults: unknown[] = []
  let loads = 0
  const refreshing = createRefreshing<string>({
    now: clock.now,
    onFault: (fault) => void faults.push(fault),
    load: () => {
      loads += 1
      const value = `v${loads}`
      return new Promise((resolve, reject) => {
        pending.push({ succeed: () => resolve(lifetimeOf(value, clock.now(), lastResort)), fail: reject })
      })
    },
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    ...refreshing,
    clock,
    /** Those that were reported, in order. */
    faults,
    settle,
    loads: () => loads,
    /** Loads that have begun and not ended. */
    underWay: () => pending.length,
    finish: async () => {
      pending.shift()?.succeed()
      await settle()
    },
    fail: async (fault: unknown) => {
      pending.shift()?.fail(fault)
      await settle()
    },
    /** A world whose first value is in place. */
    async loaded() {
      const first = refreshing.get()
      await this.finish()
      await first
      return this
    },
  }
}

export function lifetimeOf(value: string, nowMs: number, lastResort: boolean): Lifetime<string> {
  return {
    value,
    freshUntilMs: nowMs + FRESH_MS,
    usableUntilMs: nowMs + USABLE_MS,
    ...(lastResort ? { lastResortUntilMs: nowMs + LAST_RESORT_MS } : {}),
  }
}

/** A fault that says when to come back. */
export function toldToWait(retryAfterSec: number): AppError {
  return new AppError('vault/throttled', { retryAfterSec })
}
