/** The token in an Authorization header: the only place it is looked for. */
import type { RefusalReason, Scheme } from './refusal.ts'

type PresentedToken =
  | { readonly scheme: Scheme; readonly token: string }
  | { readonly scheme: Scheme; readonly refused: RefusalReason }

interface SchemeForm {
  /** Somebody names the scheme, wherever in the header. */
  readonly named: RegExp
  /** The whole header is one credential of the scheme. */
  readonly whole: RegExp
}

const SCHEMES: Readonly<Record<Scheme, SchemeForm>> = {
  Bearer: {
    named: /(?:^|,)\s*bearer(?![^\s,])/i,
    whole: /^bearer +([A-Za-z0-9._~+/-]+=*)$/i,
  },
  MTLS_POP: {
    named: /(?:^|,)\s*mtls_pop(?![^\s,])/i,
    whole: /^mtls_pop +([A-Za-z0-9._~+/-]+=*)$/i,
  },
}

/**
 * A scheme that is not among `taken` is no token; one of those in any other form, or two credentials, is a malformed request. The refusal
 * speaks in the scheme that was tried.
 */
export function parseAuthorization(
  authorization: string | null | undefined,
  taken: readonly Scheme[],
): PresentedToken {
  const header = authorization ?? ''
  const scheme = taken.find((one) => SCHEMES[one].named.test(header))
  if (scheme === undefined) return { scheme: 'Bearer', refused: 'no_token' }
  const token = SCHEMES[scheme].whole.exec(header)?.[1]
  return token === undefined ? { scheme, refused: 'malformed_request' } : { scheme, token }
}
