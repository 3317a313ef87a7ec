/** What a caller of `/auth/login` may ask for, already checked. */
export interface SignInWishes {
  readonly loginHint?: string
  readonly domainHint?: string
  readonly prompt?: 'login' | 'none' | 'consent' | 'select_account'
  /** How long ago the person may have authenticated. Seconds. */
  readonly maxAgeSec?: number
  /** Chosen among the configured scopes; all of them where absent. */
  readonly scopes?: readonly string[]
  /** JSON of the `claims` parameter (OpenID Connect Core 5.5), as an API's claims challenge asks. */
  readonly claims?: string
}
