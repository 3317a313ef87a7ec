import { basePath } from './basePath.ts'
import { here } from './here.ts'

/** What a link to `/auth/login` may ask for: docs/sign-in.md has the parameters. */
export interface SignInWishes {
  /** Where the person comes back to; the address of the page unless told. */
  readonly returnTo?: string | undefined
  readonly loginHint?: string | undefined
  readonly domainHint?: string | undefined
  readonly prompt?: 'login' | 'none' | 'consent' | 'select_account' | undefined
  /** Seconds. */
  readonly maxAge?: number | undefined
  readonly scope?: string | undefined
  /** A claims request (OpenID Connect Core 5.5), as an object or as its JSON. */
  readonly claims?: string | object | undefined
}

/** Sends the window to sign-in, and back. */
export function signIn(wishes: SignInWishes = {}): void {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ returnTo: here(), ...wishes }))
    if (value !== undefined) query.set(name, typeof value === 'object' ? JSON.stringify(value) : `${value}`)
  location.assign(`${basePath()}/auth/login?${query}`)
}
