/**
 * What the lease in a grant row says. Held by somebody, Entra is being asked: everybody else waits. Held by nobody, it is a rest: after a
 * renewal that failed, for whoever has a token meanwhile; or, where Entra asked for a pause, for everybody, on whatever instance.
 */
import { withinDeadline } from '../base/deadline.ts'
import { MOST_PAUSE_MS } from '../base/retryAfter.ts'
import { entraPauseMs } from '../entra/entraPause.ts'
import { TOKEN_REQUEST_MS } from '../entra/tokenEndpoint.ts'
import { AppError } from '../errors/appError.ts'
import type { StoredGrant } from './grantRow.ts'

/**
 * Longer than a token request may take, and the call of the table that writes the lease down before it: it runs out only where its holder
 * is gone, or has given up asking. Milliseconds.
 */
export const LEASE_MS = 12_000
/** How long a failed renewal is not tried again while the old token is good. Milliseconds. */
const HOLD_OFF_MS = 15_000

/** In the place of a holder. Of random names none is like them. */
const NOBODY = ''
const PAUSE = 'pause'

type Lease = Pick<StoredGrant, 'leasedUntilMs' | 'holder'>

export interface Rest {
  readonly untilMs: number
  readonly holder: string
}

/** How a lease is given back after a fault: as the pause that Entra asked for, as a rest where a token serves meanwhile, or at once. */
export function restAfter(fault: AppError, isServing: boolean, nowMs: number): Rest {
  const pauseMs = entraPauseMs(fault)
  if (pauseMs > 0) return { untilMs: nowMs + Math.max(pauseMs, isServing ? HOLD_OFF_MS : 0), holder: PAUSE }
  return { untilMs: isServing ? nowMs + HOLD_OFF_MS : 0, holder: NOBODY }
}

/** Throws `entra/unavailable` while Entra wants to be left in peace, with what is left of the pause. */
export function requireNoPause(lease: Lease, nowMs: number): void {
  if (!isPause(lease, nowMs)) return
  const retryAfterSec = Math.ceil((lease.leasedUntilMs - nowMs) / 1_000)
  throw new AppError('entra/unavailable', { detail: 'pause', retryAfterSec })
}

/** Whether Entra may be asked now: nobody else asks, and nothing speaks for a rest. `isServing`: there is a token meanwhile. */
export function isFree(lease: Lease, isServing: boolean, nowMs: number): boolean {
  const { leasedUntilMs, holder } = lease
  if (nowMs >= leasedUntilMs) return true
  if (holder === PAUSE) return !isPause(lease, nowMs)
  return holder === NOBODY && !isServing
}

/**
 * What `work`, a token request, comes to. Begun only where the lease lasts longer than one may take, and not waited for when it is over, so
 * that whoever has it next is the only one who asks. Throws `session/store_unavailable` where writing the lease down took too long.
 */
export async function whileLeased<T>(
  { leasedUntilMs }: Lease,
  nowMs: number,
  work: () => Promise<T>,
): Promise<T> {
  // A clock may tell fractions, and a timer takes none.
  const leftMs = Math.floor(Math.min(leasedUntilMs - nowMs, LEASE_MS))
  if (leftMs < TOKEN_REQUEST_MS)
    throw new AppError('session/store_unavailable', { detail: 'lease', retryAfterSec: 1 })
  return withinDeadline(leftMs, work(), () => new AppError('entra/unavailable', { detail: 'deadline' }))
}

/** One that would last longer than any was written down by a clock that is ahead, or ours was set back: then it says nothing. */
function isPause({ leasedUntilMs, holder }: Lease, nowMs: number): boolean {
  return holder === PAUSE && nowMs < leasedUntilMs && leasedUntilMs - nowMs <= 2 * MOST_PAUSE_MS
}
