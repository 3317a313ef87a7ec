/** The token in an Authorization header, by RFC 6750 section 2.1: the only place it is looked for. */
import type { RefusalReason } from './refusal.ts'

type Bearer = { readonly token: string } | { readonly refused: RefusalReason }

/** Another scheme is no token; a Bearer credential in any other form, or two credentials, is a malformed request. */
export function parseBearer(authorization: string | null | undefined): Bearer {
  if (!/(?:^|,)\s*bearer(?![^\s,])/i.test(authorization ?? '')) return { refused: 'no_token' }
  const token = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization ?? '')?.[1]
  return token === undefined ? { refused: 'malformed_request' } : { token }
}
