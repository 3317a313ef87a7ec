/**
 * The offer to bind a session, where a browser honours it with the session's cookie at hand: on what our own page or script loads. From the
 * callback's redirect, or the page after it, it would register as if for the site that posted, without any cookie.
 */
import type { App } from '../app.ts'
import { registrationChallenge } from '../device/challenge.ts'
import { registrationHeader } from '../device/instructions.ts'
import type { Ticket } from '../session/ticket.ts'
import type { SignetRequest } from './request.ts'

/**
 * The header; none where the browser is not to be offered anything, nor where somebody else's page asks: it could show our icon as often as
 * it likes, and each offer has the browser make a key. A browser without Fetch Metadata is believed.
 */
export function offerOf(
  { config, effects }: Pick<App, 'config' | 'effects'>,
  { header }: Pick<SignetRequest, 'header'>,
  { ticket, mayBind }: { readonly ticket: Ticket; readonly mayBind: boolean },
): Readonly<Record<string, string>> {
  if (!mayBind || (header('sec-fetch-site') ?? 'same-origin') !== 'same-origin') return {}
  const challenge = registrationChallenge(ticket, effects.now(), effects.random)
  return { 'secure-session-registration': registrationHeader(challenge, config.app.basePath) }
}
