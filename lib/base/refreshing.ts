/**
 * One resource, many waiters: whatever is fetched, kept and renewed before it runs out (assertions, certificates, keys, tokens).
 * While a usable value exists nobody waits and nobody gets an error. At most one load runs at a time. After one that failed the source is
 * left in peace for a while, whoever asks.
 *
 * | state   | holds                     | `get`                                        | `renew`                  | `discard`                        |
 * |---------|---------------------------|----------------------------------------------|--------------------------|----------------------------------|
 * | empty   | nothing                   | loads and waits                              | loads and waits          | changes nothing                  |
 * | kept    | a value: fresh,           | serves it                                    | loads and waits          | makes it stale                   |
 * |         | stale,                    | serves it; loads in the background           | loads and waits          | changes nothing                  |
 * |         | or run out                | loads and waits                              | loads and waits          | changes nothing                  |
 * | loading | a load, the value before  | serves that while it is usable, else waits   | joins the load           | makes what the load brings stale |
 * | resting | a fault, the value before | serves that while it is usable, else throws  | throws the fault         | changes nothing                  |
 * |         | and the pause is over     | as a stale value, or one that ran out        | loads and waits          | changes nothing                  |
 *
 * A clock that was set back makes what was loaded after the time that it is now one that ran out.
 * Loading ends in kept or in resting. Where a value has a last resort, whoever waited for a load that failed gets the old value instead of
 * the fault, and so does whoever comes while the source rests.
 */

import { withoutRequestDeadline } from './requestTime.ts'
import { askedPauseMs } from './retryAfter.ts'

export interface Lifetime<T> {
  readonly value: T
  /** Until then served without a second thought. Milliseconds since the epoch, like all of them. */
  readonly freshUntilMs: number
  /** Until then still served, while a renewal runs in the background. */
  readonly usableUntilMs: number
  /** Until then served where a new value was waited for in vain. Absent: it has no last resort. */
  readonly lastResortUntilMs?: number
}

export interface Refreshing<T> {
  /** The value; waits for a load only where no usable one exists. Throws what the load threw. */
  get(): Promise<T>
  /**
   * Waits for a value that is loaded anew even where a fresh one exists. Joins a load under way; where that brings a value which is
   * not `isNew`, because it began before there was a reason to ask, one more follows. Throws what the load threw.
   */
  renew(isNew?: (value: T) => boolean): Promise<T>
  /** The value if one is usable now, without any I/O. */
  peek(): T | undefined
  /** Marks the value for replacement: it serves until the new one is there, which the next `get` begins to load. */
  discard(): void
}

/** A value that was loaded so much later than now was loaded by a clock that has been set right since: its times mean nothing. */
const SET_BACK_MS = 60_000
/** How long a source is left in peace after a load that failed, while an old value serves. */
const HOLD_OFF_MS = 15_000
/** The same where nothing can be served meanwhile: shorter than the screen asks people to wait. */
const HOLD_OFF_BARE_MS = 5_000

interface RefreshingOptions<T> {
  /** Has to settle: each call in it has a deadline of its own. */
  readonly load: () => Promise<Lifetime<T>>
  readonly now: () => number
  /** Called once for each load that failed, however many waited for it. */
  readonly onFault: (fault: unknown) => void
}

/** A value, and when it came. */
type Held<T> = Lifetime<T> & { readonly loadedAtMs: number }

type State<T> =
  | { readonly kind: 'empty'; readonly held?: undefined }
  | { readonly kind: 'kept'; readonly held: Held<T> }
  | {
      readonly kind: 'loading'
      readonly held: Held<T> | undefined
      readonly load: Promise<T>
      readonly isDiscarded: boolean
    }
  | {
      readonly kind: 'resting'
      readonly held: Held<T> | undefined
      readonly fault: unknown
      readonly sinceMs: number
    }

export function createRefreshing<T>(options: RefreshingOptions<T>): Refreshing<T> {
  const { load, now, onFault } = options
  let state: State<T> = { kind: 'empty' }

  function begin(): Promise<T> {
    // All callers share it, so it does not inherit the deadline of the first.
    const loading = withoutRequestDeadline(async () => load()).then(keep, rest)
    state = { kind: 'loading', held: state.held, load: loading, isDiscarded: false }
    return loading
  }

  function keep(loaded: Lifetime<T>): T {
    const isDiscarded = state.kind === 'loading' && state.isDiscarded
    const held = { ...loaded, loadedAtMs: now() }
    state = { kind: 'kept', held: isDiscarded ? stale(held) : held }
    return loaded.value
  }

  function rest(fault: unknown): never {
    state = { kind: 'resting', held: state.held, fault, sinceMs: now() }
    onFault(fault)
    throw fault
  }

  /** The load under way or a new one; the last fault again while the source is left in peace. */
  async function demand(): Promise<T> {
    if (state.kind === 'loading') return state.load
    if (state.kind === 'resting' && isWithinPause(state)) throw state.fault
    return begin()
  }

  function isWithinPause({ held, fault, sinceMs }: Extract<State<T>, { kind: 'resting' }>): boolean {
    const pauseMs = servable(held) === undefined ? HOLD_OFF_BARE_MS : HOLD_OFF_MS
    const restedMs = now() - sinceMs
    // A clock that was set back must not make a pause of it.
    return restedMs >= 0 && restedMs < Math.max(pauseMs, askedPauseMs(fault))
  }

  const usable = (held: Held<T> | undefined): Held<T> | undefined =>
    held !== undefined && now() < held.usableUntilMs && now() > held.loadedAtMs - SET_BACK_MS
      ? held
      : undefined

  /** Usable, or of use as a last resort. */
  const servable = (held: Held<T> | undefined): Held<T> | undefined =>
    held !== undefined && now() < (held.lastResortUntilMs ?? held.usableUntilMs) ? held : undefined

  return {
    async get() {
      const { kind, held } = state
      const served = usable(held)
      if (served !== undefined) {
        if (kind !== 'kept' || now() >= served.freshUntilMs) demand().catch(() => undefined)
        return served.value
      }
      try {
        return await demand()
      } catch (fault) {
        const last = servable(held)
        if (last === undefined) throw fault
        return last.value
      }
    },
    async renew(isNew = () => true) {
      const isJoining = state.kind === 'loading'
      const value = await demand()
      return isJoining && !isNew(value) ? demand() : value
    },
    peek: () => usable(state.held)?.value,
    discard() {
      if (state.kind === 'kept') state = { kind: 'kept', held: stale(state.held) }
      if (state.kind === 'loading') state = { ...state, isDiscarded: true }
    },
  }
}

function stale<T>(held: Held<T>): Held<T> {
  return { ...held, freshUntilMs: Number.NEGATIVE_INFINITY }
}
