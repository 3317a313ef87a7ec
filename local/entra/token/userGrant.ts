import type { OptionalIdTokenClaim } from '../directory/application.ts'
import type { Account } from '../directory/person.ts'

/** What a person's sign-in entitles one client to: the content of a code or refresh token. */
export type UserGrant = {
  readonly clientId: string
  readonly account: Account
  /** Session id shared by all clients of one browser session. */
  readonly sid: string
  readonly authenticatedAtMs: number
  /** Authentication contexts satisfied, e.g. `c1`. */
  readonly authenticationContexts: readonly string[]
  /** The `scope` of the authorization request. */
  readonly scope: string
  /** Optional claims that the authorization request asked for in the ID token. */
  readonly idTokenClaims: readonly OptionalIdTokenClaim[]
  readonly nonce: string | undefined
  /** Log correlation, see requestLog.ts. */
  readonly signIn: string
}

/** An authorization code in the books. */
export type IssuedCode = {
  readonly grant: UserGrant
  readonly redirectUri: string
  readonly tenantSegment: string
  readonly codeChallenge: { readonly value: string; readonly method: 'S256' | 'plain' } | undefined
  readonly expiresAtMs: number
  redeemed: boolean
}

/** A refresh token in the books. It stays good when used: Entra does not revoke the old one. */
export type RefreshGrant = { readonly grant: UserGrant; readonly expiresAtMs: number }
