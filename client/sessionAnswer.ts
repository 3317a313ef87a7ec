/** What `/auth/session` answers. docs/sign-in.md says what each member means. */
export interface SignedIn {
  readonly authenticated: true
  readonly user: {
    readonly tenantId: string
    readonly objectId: string
    readonly name?: string
    readonly username?: string
  }
  readonly roles: readonly string[]
  readonly apis: readonly {
    readonly name: string
    readonly state: 'ready' | 'unknown' | 'consent' | 'role'
    /** With `consent`: the sign-in that asks for it. */
    readonly loginUrl?: string
  }[]
  readonly signedInAt: string
  readonly authTime?: string
  readonly acrs: readonly string[]
  readonly idleSecondsLeft: number
  readonly idleExpiresAt: string
  readonly secondsLeft: number
  readonly expiresAt: string
  readonly deviceBound: boolean
  readonly clientProof: {
    readonly method: string
    readonly keyId?: string
    /** `x5t#S256` of the certificate. */
    readonly thumbprint?: string
    readonly claim?: string
    readonly value?: string
  }
  /** After `renew()`: where the person goes when it suits, because Entra wants them once more. The session lives on until then. */
  readonly loginUrl?: string
  readonly logout: { readonly method: string; readonly url: string }
}

export interface SignedOut {
  readonly authenticated: false
  readonly loginUrl: string
}

export type Session = SignedIn | SignedOut
