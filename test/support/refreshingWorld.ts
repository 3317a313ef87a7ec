/** A value that is loaded only when the test says so. */
import { createRefreshing } from '../../lib/base/refreshing.ts'
import { heldEffects } from './heldEffects.ts'

export const FRESH_MS = 1_000
export const USABLE_MS = 3_000
export const HOLD_OFF_MS = 500

/** A value that is loaded only when the test says so; the nth load gives `v1`, `v2`, … */
export function refreshingWorld() {
  const clock = heldEffects()
  const pending: { finish(): void; fail(fault: unknown): void }[] = []
  const backgroundFaults: unknown[] = []
  let loads = 0
  const refreshing = createRefreshing<string>({
    now: clock.now,
    holdOffMs: HOLD_OFF_MS,
    onBackgroundFault: (fault) => void backgroundFaults.push(fault),
    load: () => {
      loads += 1
      const value = `v${loads}`
      return new Promise((resolve, reject) => {
        const nowMs = clock.now()
        const lifetime = { value, freshUntilMs: nowMs + FRESH_MS, usableUntilMs: nowMs + USABLE_MS }
        pending.push({ finish: () => resolve(lifetime), fail: reject })
      })
    },
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    ...refreshing,
    clock,
    backgroundFaults,
    settle,
    loads: () => loads,
    finish: async (which: 'oldest' | 'newest' = 'oldest') => {
      const load = which === 'oldest' ? pending.shift() : pending.pop()
      load?.finish()
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
