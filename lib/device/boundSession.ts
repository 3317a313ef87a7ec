/**
 * A session and the browser that it is bound to: how a binding begins, when it may be made anew, and what it asks of a request. Pure but
 * for the bytes.
 */
import { base64url } from '../base/crypto.ts'
import type { Binding, DeviceKey } from '../session/binding.ts'
import { isGood, nextCookie } from './boundCookie.ts'

const KEY_BYTES = 32
/**
 * How long a registration may take to arrive: until a request shows the bound cookie, and for so long at most, requests without it are let
 * through, for they were on their way, or the answer is. Milliseconds.
 */
export const SETTLING_MS = 60_000
/** An answer that was not heard of for so long got lost: the browser may register anew. Milliseconds. */
const LOST_MS = 10_000

/**
 * How a request stands to the binding of its session: `unbound`, there is none; `settling`, it is so new that the browser may not know;
 * `shown`, the bound cookie came for the first time; `bound`; `missing`, the session asks for the bound cookie and it did not come.
 */
export type Standing = 'unbound' | 'settling' | 'shown' | 'bound' | 'missing'

/** The binding of a key, with the first value of the bound cookie. */
export function newBinding(key: DeviceKey, nowMs: number, random: (bytes: number) => Uint8Array) {
  const challengeKey = base64url.encode(random(KEY_BYTES))
  const empty: Binding = { key, challengeKey, round: 0, cookies: [], registeredAtMs: nowMs, refusedAtMs: [] }
  return nextCookie(empty, nowMs, random)
}

/** `cookie`: the value that came, empty or undefined where there was none of ours. */
export function standingOf(
  binding: Binding | undefined,
  cookie: string | undefined,
  nowMs: number,
): Standing {
  if (binding === undefined) return 'unbound'
  const { shownAtMs, registeredAtMs } = binding
  if (isGood(binding, cookie ?? '', nowMs)) return shownAtMs === undefined ? 'shown' : 'bound'
  return shownAtMs === undefined && nowMs < registeredAtMs + SETTLING_MS ? 'settling' : 'missing'
}

/**
 * Whether this browser may register: it has not yet, or the answer to its registration got lost. One key for a session: an offer that is
 * made twice has a browser change its key, and a second key could be anybody's.
 */
export function mayRegister(binding: Binding | undefined, standing: Standing, nowMs: number): boolean {
  if (binding === undefined) return true
  return standing === 'settling' && nowMs >= binding.registeredAtMs + LOST_MS
}

/** The binding once a request showed its cookie. */
export function shown(binding: Binding, nowMs: number): Binding {
  return { ...binding, shownAtMs: nowMs }
}
