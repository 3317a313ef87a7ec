/**
 * A vault call with a deadline for each attempt and one for all. The SDK has no timeout of its own, waits for any Retry-After
 * however long, and does not retry a 429 that lacks one; so its retries are off and these rules stand in their place.
 */
import type { Effects } from '../base/effects.ts'
import { isRetryable, vaultError } from './faults.ts'

/** Longest wait for one attempt, in milliseconds: a warm vault answers in a tenth of it. */
export const ATTEMPT_MS = 2_500
/** Longest wait for all attempts and pauses together, in milliseconds. */
export const BUDGET_MS = 6_000
const ATTEMPTS = 2
const FIRST_PAUSE_MS = 300

/**
 * The result of `call`, tried at most twice. Throws a `vault/*` AppError: the last fault seen, once it is not
 * retryable, the attempts are used up, or its Retry-After does not fit the budget.
 */
export async function attemptVault<T>(
  { now, sleep, random }: Pick<Effects, 'now' | 'sleep' | 'random'>,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  let leftMs = BUDGET_MS
  for (let attempt = 1; ; attempt += 1) {
    const startedMs = now()
    try {
      return await call(AbortSignal.timeout(ATTEMPT_MS))
    } catch (fault) {
      const error = vaultError(fault, now())
      const pauseMs =
        error.context.retryAfterSec === undefined ? jittered(random) : error.context.retryAfterSec * 1_000
      // The clock may be set right meanwhile: an attempt lasts no longer than its deadline all the same.
      leftMs -= Math.min(Math.max(0, now() - startedMs), ATTEMPT_MS) + pauseMs
      const fits = leftMs >= ATTEMPT_MS
      if (attempt >= ATTEMPTS || !isRetryable(error) || !fits) throw error
      await sleep(pauseMs)
    }
  }
}

function jittered(random: Effects['random']): number {
  const [byte = 0] = random(1)
  return FIRST_PAUSE_MS * (0.5 + byte / 255)
}
