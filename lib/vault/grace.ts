/**
 * Patience with a vault that refuses us (403). A role that has just been granted takes minutes to be seen everywhere, so for ten minutes a
 * refusal is one that may pass: people read that sign-in is busy, and nobody that something is broken for good. Whoever operates the app
 * hears the vault's own reason from the first refusal on. After that it is a fault that somebody has to set right.
 */
import type { Effects } from '../base/effects.ts'
import { AppError } from '../errors/appError.ts'

/** How long a refusal is taken for one that may pass. Milliseconds. */
export const GRACE_MS = 10 * 60_000

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
    if (now() - refusedSinceMs >= GRACE_MS) return fault
    const { detail, cause } = fault.context
    return new AppError('vault/not_yet_allowed', { ...(detail === undefined ? {} : { detail }), cause })
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
