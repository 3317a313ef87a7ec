/**
 * Patience with a vault, or with Microsoft Graph, that refuses us (403). A role that has just been granted takes minutes to be seen
 * everywhere, so for ten minutes a refusal is one that may pass: people read that sign-in is busy, and nobody that something is broken for
 * good. Whoever operates the app hears the reason as it was given from the first refusal on. After that it is a fault that somebody has to set right.
 */
import type { Effects } from '../base/effects.ts'
import { AppError, withCode } from '../errors/appError.ts'
import type { ErrorCode } from '../errors/table.ts'

/** How long a refusal is taken for one that may pass. Milliseconds. */
export const GRACE_MS = 10 * 60_000

/** What a refusal is called while it may pass. */
const NOT_YET: ReadonlyMap<ErrorCode, ErrorCode> = new Map([
  ['vault/forbidden', 'vault/not_yet_allowed'],
  ['graph/forbidden', 'graph/not_yet_allowed'],
])

/** The code of a fault that has been met since then: another one where it is a refusal, for as long as that may pass. */
export function whileItMayPass(code: ErrorCode, sinceMs: number, nowMs: number): ErrorCode {
  return Math.abs(nowMs - sinceMs) < GRACE_MS ? (NOT_YET.get(code) ?? code) : code
}

/** What a refusal is called that did not pass; any other code as it is. */
export function lasting(code: ErrorCode): ErrorCode {
  return [...NOT_YET].find(([, notYet]) => notYet === code)?.[0] ?? code
}

/** A call of the vault, with that patience. Throws `vault/not_yet_allowed` in place of `vault/forbidden` while it lasts. */
export type WithGrace = <T>(call: () => Promise<T>) => Promise<T>

/**
 * The ten minutes begin with the first refusal after the vault last let us in, or after the start. `renew` is called once, with that first
 * refusal: what the identity's token says of it (a group, say) may be as old as the token.
 */
export function createGrace({ now }: Pick<Effects, 'now'>, renew: () => Promise<void>): WithGrace {
  let refusedSinceMs: number | undefined

  async function attempt<T>(call: () => Promise<T>): Promise<T> {
    try {
      const answer = await call()
      refusedSinceMs = undefined
      return answer
    } catch (fault) {
      throw fault instanceof AppError && fault.code === 'vault/forbidden' ? judged(fault) : fault
    }
  }

  function judged(fault: AppError): AppError {
    if (refusedSinceMs === undefined || now() < refusedSinceMs) refusedSinceMs = now()
    return withCode(fault, whileItMayPass(fault.code, refusedSinceMs, now()))
  }

  return async (call) => {
    const isFirst = refusedSinceMs === undefined
    try {
      return await attempt(call)
    } catch (fault) {
      const isRefused = fault instanceof AppError && fault.code === 'vault/not_yet_allowed'
      if (!isFirst || !isRefused) throw fault
      await renew()
      return attempt(call)
    }
  }
}
