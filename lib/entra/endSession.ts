/** The RP-initiated logout request (OpenID Connect RP-Initiated Logout 1.0 section 2) as Entra takes it. Pure. */
import type { Config } from '../config/config.ts'
import { LONGEST_ENTRA_URL } from './authorizationRequest.ts'

/**
 * The URL that ends the session at Entra and comes back. The hint spares the person an account picker, if the URL has room for it; Entra
 * knows the client by its redirect URI, while a provider that keeps to section 2 ignores that URI unless it is told whose it is.
 */
export function endSessionUrl(config: Config, logoutHint: string | undefined): string {
  const url = new URL(config.entra.endSession)
  url.searchParams.set('client_id', config.clientId)
  url.searchParams.set('post_logout_redirect_uri', config.app.signedOutUri)
  const { href } = url
  if (logoutHint !== undefined) url.searchParams.set('logout_hint', logoutHint)
  return url.href.length > LONGEST_ENTRA_URL ? href : url.href
}
