/** Between the tabs of one origin. What one learns of the session all know, without asking. */
import { basePath } from './basePath.ts'
import type { Session } from './sessionAnswer.ts'

/** What is known of the session; or that a tab is about to end it, and it is worth a look soon. */
export type Message = Session | 'signing-out'

let opened: BroadcastChannel | undefined

/** The one channel of this tab: it does not hear itself. */
export function channel(): BroadcastChannel {
  opened ??= new BroadcastChannel(`signet${basePath()}`)
  return opened
}
