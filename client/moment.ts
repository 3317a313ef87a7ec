/** When a session is worth the next look. Pure. */
import type { SignedIn } from './sessionAnswer.ts'

/** How long before its end a session is said to be expiring. Seconds. */
export const WARNING_SEC = 60

/** Whole seconds to the nearer of the two limits, and whether use would move it. */
export function timeLeft({
  idleSecondsLeft,
  secondsLeft,
}: Pick<SignedIn, 'idleSecondsLeft' | 'secondsLeft'>) {
  return { secondsLeft: Math.min(idleSecondsLeft, secondsLeft), renewable: idleSecondsLeft < secondsLeft }
}

/**
 * Milliseconds until the next look: when the warning is due, for the session may have been used elsewhere meanwhile; then when it has
 * ended. In between nobody asks.
 */
export function nextLookMs(secondsLeft: number): number {
  return (secondsLeft > WARNING_SEC ? secondsLeft - WARNING_SEC : secondsLeft + 1) * 1_000
}
