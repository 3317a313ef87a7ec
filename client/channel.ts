/** Between the tabs of one origin. What one learns of the session all know, without asking. */
import { basePath } from './basePath.ts'
import type { Session } from './sessionAnswer.ts'

/** What is known of the session; that a tab is about to end it, and it is worth a look soon; or what the page at the end of a silent sign-in tells. */
export type Message = Session | 'signing-out' | SilentSignIn

interface SilentSignIn {
  readonly type: 'silent-sign-in'
  readonly outcome: 'signed-in' | 'sign-in-needed' | 'failed'
  readonly code?: string
}

let opened: BroadcastChannel | undefined

/** The one channel of this tab: it does not hear itself. */
export function channel(): BroadcastChannel {
  opened ??= new BroadcastChannel(`signet${basePath()}`)
  return opened
}
