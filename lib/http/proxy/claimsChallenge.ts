/**
 * The claims challenge of an API (continuous access evaluation, OpenID Connect Core section 5.5): 401 with `insufficient_claims` and, in
 * base64, the claims that a new token has to have. It says that the person has to step up, and speaks to nobody else.
 */
import { AppError } from '../../errors/appError.ts'
import type { AskedApi } from './apiAddress.ts'

/** A challenge is short; what is longer would not fit into a sign-in either. */
const LONGEST_CHALLENGE = 2_048

/** The claims request in an answer's `WWW-Authenticate`, as JSON; undefined where it demands none. Pure. */
export function demandedClaims(headers: Headers): string | undefined {
  const challenge = headers.get('www-authenticate') ?? ''
  if (!/\berror="?insufficient_claims"?/i.test(challenge)) return undefined
  const [, encoded = ''] = /\bclaims="?([A-Za-z0-9+/_=-]+)"?/i.exec(challenge) ?? []
  if (encoded === '' || encoded.length > LONGEST_CHALLENGE) return undefined
  try {
    const claims: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'))
    const isObject = typeof claims === 'object' && claims !== null && !Array.isArray(claims)
    return isObject ? JSON.stringify(claims) : undefined
  } catch {
    return undefined
  }
}

/** Throws `entra/interaction_required` with the way into a sign-in that satisfies the challenge, where the API is called as the person. */
export function requireNoStepUp({ status, headers }: Response, { api }: AskedApi): void {
  const claims = status === 401 && api.as !== 'app' ? demandedClaims(headers) : undefined
  if (claims === undefined) return
  const detail = 'insufficient_claims'
  throw new AppError('entra/interaction_required', { detail, claims })
}
