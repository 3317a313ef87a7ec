/**
 * One mechanism for everything that is fetched, kept and renewed before it runs out: assertions, certificates, metadata, keys.
 * Promise: while a usable value exists nobody waits, at most one load runs at a time, a failed renewal harms nobody
 * until the value has really run out, and who was told to come back later is not asked again before, for a minute at most.
 */

export interface Lifetime<T> {
  readonly value: T
  /** Until then served without a second thought. Milliseconds since the epoch. */
  readonly freshUntilMs: number
  /** Until then still served, while a renewal runs in the background. */
  readonly usableUntilMs: number
}

export interface Refreshing<T> {
  /** The value; waits for a load only where no usable one exists. Throws what the load throws. */
  get(): Promise<T>
  /** Loads anew even where a fresh value exists; joins a load under way. */
  renew(): Promise<T>
  /** The value if one is usable now, without any I/O. */
  peek(): T | undefined
  /** Forgets the value: the next `get` waits for a new one. */
  discard(): void
}

/** The longest that a Retry-After is believed: another instance, or a person, may have set things right. */
const MOST_PAUSE_MS = 60_000

interface RefreshingOptions<T> {
  readonly load: () => Promise<Lifetime<T>>
  readonly now: () => number
  /** Called with the fault of a background renewal; the value stays in use. */
  readonly onBackgroundFault: (fault: unknown) => void
  /** After a failed background renewal none is tried for this long. */
  readonly holdOffMs?: number
}

export function createRefreshing<T>({
  load,
  now,
  onBackgroundFault,
  holdOffMs = 15_000,
}: RefreshingOptions<T>): Refreshing<T> {
  let held: Lifetime<T> | undefined
  let loading: Promise<T> | undefined
  let heldOffUntilMs = 0
  let told: { readonly fault: unknown; readonly untilMs: number } | undefined
  let generation = 0

  function renew(): Promise<T> {
    if (loading !== undefined) return loading
    const started = generation
    const mine = load()
      .then((loaded) => {
        if (started === generation) held = loaded
        return loaded.value
      })
      .catch((fault: unknown) => {
        told = pauseOf(fault, now())
        throw fault
      })
      .finally(() => {
        if (loading === mine) loading = undefined
      })
    loading = mine
    return mine
  }

  function renewInBackground(): void {
    if (loading !== undefined || now() < Math.max(heldOffUntilMs, told?.untilMs ?? 0)) return
    renew().catch((fault: unknown) => {
      heldOffUntilMs = now() + holdOffMs
      onBackgroundFault(fault)
    })
  }

  return {
    async get() {
      if (held !== undefined && now() < held.usableUntilMs) {
        if (now() >= held.freshUntilMs) renewInBackground()
        return held.value
      }
      if (told !== undefined && now() < told.untilMs) throw told.fault
      return renew()
    },
    renew,
    peek: () => (held !== undefined && now() < held.usableUntilMs ? held.value : undefined),
    discard() {
      held = undefined
      loading = undefined
      generation += 1
    },
  }
}

/** The pause that a fault asks for, if it names one. */
function pauseOf(fault: unknown, nowMs: number): { fault: unknown; untilMs: number } | undefined {
  const { retryAfterSec } = (fault as { context?: { retryAfterSec?: number } } | undefined)?.context ?? {}
  if (retryAfterSec === undefined) return undefined
  return { fault, untilMs: nowMs + Math.min(retryAfterSec * 1_000, MOST_PAUSE_MS) }
}
