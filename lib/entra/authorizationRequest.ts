/** The authorization request (RFC 6749 section 4.1.1, OpenID Connect Core 3.1.2.1) as a URL. Pure: no request, no clock. */

import { base64url, sha256 } from '../base/crypto.ts'
import type { Config } from '../config/config.ts'
import { claimsParameter } from './asked.ts'
import type { SignInWishes } from './signInWishes.ts'

/**
 * Entra refuses a longer query (AADSTS90015, AADSTS50091). No document names its limit; reports from the field meet it at 4,096
 * characters, which is also where hosts on the way, Azure Static Web Apps for one, stop.
 */
export const LONGEST_ENTRA_URL = 4_096

export interface BoundValues {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

/** The URL that sends the browser to Entra. State, nonce and PKCE challenge (RFC 7636, S256) bind the answer to this browser. */
export function authorizationUrl(config: Config, bound: BoundValues, wishes: SignInWishes): string {
  const url = new URL(config.entra.authorization)
  const parameters: Record<string, string | undefined> = {
    client_id: config.clientId,
    response_type: 'code',
    response_mode: 'form_post',
    redirect_uri: config.app.redirectUri,
    scope: (wishes.scopes ?? config.scopes).join(' '),
    state: bound.state,
    nonce: bound.nonce,
    code_challenge: base64url.encode(sha256(bound.codeVerifier)),
    code_challenge_method: 'S256',
    login_hint: wishes.loginHint,
    domain_hint: wishes.domainHint,
    prompt: wishes.prompt,
    max_age: wishes.maxAgeSec?.toString(),
    claims: claimsParameter(wishes),
  }
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}
