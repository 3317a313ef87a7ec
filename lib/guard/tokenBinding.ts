/**
 * Tokens that are bound to a key (`cnf`, RFC 7800 section 3.1). One of them proves nothing by itself: it counts only together with the
 * proof of the key. The only proof known here is the client certificate of the connection (RFC 8705 section 3).
 */
import { base64url, sha256 } from '../base/crypto.ts'
import type { RefusalReason, Scheme } from './refusal.ts'

/** Members of `cnf` that name a key of another kind (RFC 7800 sections 3.2 to 3.5, RFC 9449 section 6.1). */
const OTHER_KEYS = ['jwk', 'jwe', 'jku', 'kid', 'jkt'] as const

/** What the connection showed: a certificate as DER, or as base64 of it. Absent where it showed none. */
export type ShownCertificate = string | Uint8Array | null | undefined

export interface Presented {
  readonly scheme: Scheme
  readonly certificate: ShownCertificate
}

type Binding = { readonly boundTo?: string } | { readonly refused: RefusalReason }

/** The certificate (`x5t#S256`) that a token is bound to, once the connection showed it; none for a token that is bound to no key. */
export function judgeBinding(
  claims: Readonly<Record<string, unknown>>,
  { scheme, certificate }: Presented,
): Binding {
  const isBound = Object.hasOwn(claims, 'cnf')
  if (scheme === 'Bearer') return isBound ? { refused: 'bound_token' } : {}
  const thumbprint = certificateIn(claims.cnf)
  if (thumbprint === undefined) return { refused: 'unbound_token' }
  const shown = thumbprintOf(certificate)
  if (shown === undefined) return { refused: 'no_client_certificate' }
  return shown === thumbprint ? { boundTo: thumbprint } : { refused: 'other_client_certificate' }
}

/** The thumbprint in a `cnf` that names a certificate and no other key; members that say nothing of a key are left alone. */
function certificateIn(cnf: unknown): string | undefined {
  if (typeof cnf !== 'object' || cnf === null) return undefined
  const { 'x5t#S256': thumbprint }: Readonly<Record<string, unknown>> = { ...cnf }
  if (OTHER_KEYS.some((name) => Object.hasOwn(cnf, name))) return undefined
  return typeof thumbprint === 'string' && base64url.decode(thumbprint)?.length === 32
    ? thumbprint
    : undefined
}

function thumbprintOf(certificate: ShownCertificate): string | undefined {
  const der = typeof certificate === 'string' ? Buffer.from(certificate, 'base64') : certificate
  return der === null || der === undefined || der.length === 0 ? undefined : base64url.encode(sha256(der))
}
