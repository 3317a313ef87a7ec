/** What a stand-in was asked and how long it took over it, so that its time can be shown beside that of the app that waited for it. */

/** Over the requests since the last reset, by what was asked. */
export interface Metered {
  readonly requests: Readonly<Record<string, number>>
  /** From the last byte of each request to the last byte of its answer, in the order of the requests. Milliseconds. */
  readonly serviceMs: Readonly<Record<string, readonly number[]>>
}

/** How many times of one kind are kept; later ones are counted only. */
const MOST_TIMES = 20_000

export interface Meter {
  note(what: string, serviceMs: number): void
  /** What came since the last call of this. */
  take(): Metered
}

export function createMeter(): Meter {
  let requests = new Map<string, number>()
  let times = new Map<string, number[]>()
  return {
    note(what, serviceMs) {
      requests.set(what, (requests.get(what) ?? 0) + 1)
      const known = times.get(what) ?? []
      if (known.length < MOST_TIMES) known.push(serviceMs)
      times.set(what, known)
    },
    take() {
      const taken = { requests: Object.fromEntries(requests), serviceMs: Object.fromEntries(times) }
      requests = new Map()
      times = new Map()
      return taken
    },
  }
}
