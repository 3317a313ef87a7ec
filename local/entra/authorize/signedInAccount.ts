import type { Account } from '../directory/person.ts'

/** One person signed in within a browser session. */
export type SignedInAccount = {
  readonly account: Account
  /** `sid` of ID tokens and of front-channel logout. */
  readonly sid: string
  authenticatedAtMs: number
  readonly authenticationContexts: Set<string>
  /** Client ids that received tokens: whom to tell when the session ends. */
  readonly clients: Set<string>
}

/** The single sign-on session of one browser. */
export type BrowserSession = { readonly id: string; readonly accounts: SignedInAccount[] }
