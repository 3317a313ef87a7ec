/**
 * Every call that the app makes to the outside, in the order of its beginning, and a fault for exactly one of them: vault, identity and table
 * at their stand-ins, Entra and the APIs at the app's own `fetch`.
 */
import type { Fault } from '../../local/faults.ts'
import type { World } from './openWorld.ts'

export type FaultKind = 'broken' | 'drop' | 'lose' | 'stall'

export const STUBS = ['vault', 'identity', 'tables'] as const
type Place = (typeof STUBS)[number] | 'fetch'

/** The nth call to one place. */
export interface Call {
  readonly place: Place
  readonly nth: number
  readonly what: string
}

export interface OutboundFetch {
  readonly fetch: typeof globalThis.fetch
  /** Calls since the last `arm`. */
  readonly seen: string[]
  arm(nth: number, kind: FaultKind): void
  disarm(): void
  /** True once the armed call was met. */
  isMet(): boolean
}

/** A `fetch` whose nth call can be made to fail. */
export function createOutboundFetch(): OutboundFetch {
  const seen: string[] = []
  let armed: { readonly nth: number; readonly kind: FaultKind } | undefined
  let released = Promise.withResolvers<void>()
  let met = false
  return {
    seen,
    arm(nth, kind) {
      seen.length = 0
      met = false
      armed = { nth, kind }
    },
    disarm() {
      armed = undefined
      seen.length = 0
      released.resolve()
      released = Promise.withResolvers<void>()
    },
    isMet: () => met,
    async fetch(input, init) {
      const url = new URL(input instanceof Request ? input.url : String(input))
      seen.push(`${init?.method ?? 'GET'} ${url.pathname.replace(/[0-9a-f-]{36}/g, '{id}')}`)
      if (armed?.nth !== seen.length) return fetch(input, init)
      met = true
      const { kind } = armed
      if (kind === 'broken') return new Response('broken', { status: 500 })
      if (kind === 'lose') await (await fetch(input, init)).arrayBuffer()
      if (kind === 'stall') {
        // Its time may be over before it has begun, on a busy machine.
        init?.signal?.throwIfAborted()
        const aborted = new Promise<never>((_resolve, reject) =>
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
        )
        await Promise.race([released.promise, aborted])
        return fetch(input, init)
      }
      throw new TypeError('fetch failed')
    },
  }
}

/** Arms the fault for one call from now on. */
export function armCall(world: World, outbound: OutboundFetch, { place, nth }: Call, kind: FaultKind): void {
  if (place === 'fetch') {
    outbound.arm(nth, kind)
    return
  }
  const { faults } = world.desk[place]
  const untouched: Fault = { kind: 'slow', ms: 0 }
  if (nth > 1) faults.next(nth - 1, untouched)
  faults.next(1, { kind })
}

/** Puts all faults away; what was held up goes on. */
export function disarm(world: World, outbound: OutboundFetch): void {
  outbound.disarm()
  for (const stub of STUBS) world.desk[stub].faults.clear()
}

/** The calls that `act` makes. */
export async function callsOf(
  world: World,
  outbound: OutboundFetch,
  act: () => Promise<unknown>,
): Promise<Call[]> {
  disarm(world, outbound)
  const before = Object.fromEntries(STUBS.map((stub) => [stub, world.desk[stub].requests.length]))
  await act()
  // What goes on in the background belongs to it.
  await new Promise((resolve) => setTimeout(resolve, 50))
  const atStubs = STUBS.flatMap((place) =>
    world.desk[place].requests
      .slice(before[place])
      .map(({ operation }, i): Call => ({ place, nth: i + 1, what: `${place}: ${operation}` })),
  )
  const fetched = outbound.seen.map((what, i): Call => ({ place: 'fetch', nth: i + 1, what }))
  return [...atStubs, ...fetched]
}
