// What can go wrong between the product and a service, as switches that a test or a person flips while it runs.

/**
 * - `throttle` 429, with `Retry-After` only when told; `empty` 429 without a body;
 * - `forbid` 403 in the service's own words; `html` 403 from something that stands in front of it;
 * - `unavailable` 503, `broken` 500; `answer` anything else;
 * - `slow` answers properly after `ms`; `stall` not before `clear()`;
 * - `drop` cuts the connection and does nothing; `lose` does what was asked and cuts the connection instead of answering.
 */
export type Fault =
  | { readonly kind: 'throttle'; readonly retryAfterSec?: number }
  | { readonly kind: 'empty' | 'forbid' | 'html' | 'unavailable' | 'broken' | 'stall' | 'drop' | 'lose' }
  | { readonly kind: 'slow'; readonly ms: number }
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly body: object
      readonly headers?: Readonly<Record<string, string>>
    }

/** The switches of one stand-in. `only` restricts a fault to one operation. */
export type FaultSwitches<Operation extends string> = {
  /** The next `count` matching requests meet the fault; several calls queue up. */
  next(count: number, fault: Fault, only?: Operation): void
  /** Every matching request meets the fault until `clear()`; what `next` queued comes first. */
  always(fault: Fault, only?: Operation): void
  /** Ends all faults and lets stalled requests go on. */
  clear(): void
  /** The fault that a request for this operation has to meet now; counted ones are used up. */
  take(operation: Operation): Fault | undefined
  /** Settles at the next `clear()`. */
  cleared(): Promise<void>
}

type Planned<Operation> = { readonly fault: Fault; readonly only: Operation | undefined; remaining: number }

/** A set of switches, all off. */
export function createFaults<Operation extends string>(): FaultSwitches<Operation> {
  let queued: Planned<Operation>[] = []
  let standing: Planned<Operation>[] = []
  let release = Promise.withResolvers<void>()

  return {
    next(count, fault, only) {
      queued.push({ fault, only, remaining: count })
    },
    always(fault, only) {
      standing.unshift({ fault, only, remaining: Number.POSITIVE_INFINITY })
    },
    clear() {
      queued = []
      standing = []
      release.resolve()
      release = Promise.withResolvers<void>()
    },
    take(operation) {
      const planned = [...queued, ...standing].find(
        ({ only, remaining }) => remaining > 0 && (only === undefined || only === operation),
      )
      if (planned === undefined) return undefined
      planned.remaining -= 1
      queued = queued.filter(({ remaining }) => remaining > 0)
      return planned.fault
    },
    cleared: () => release.promise,
  }
}
