import { AadstsError } from '../aadsts.ts'
import { type OptionalIdTokenClaim, optionalIdTokenClaims } from '../directory/application.ts'

/** What a `claims` parameter asks, as far as the look-alike acts on it. */
export type ClaimsRequest = {
  /** `acrs` of either token: authentication contexts that satisfy it, e.g. `c1`; of several `values` the first (section 5.5.1: any of them does). */
  readonly authenticationContexts: readonly string[]
  /** `access_token.xms_cc`: what the client can handle, e.g. `cp1` for claims challenges. */
  readonly clientCapabilities: readonly string[]
  /** Which of the optional claims the ID token has to have. */
  readonly idTokenClaims: readonly OptionalIdTokenClaim[]
}

/** Reads a `claims` parameter (OpenID Connect Core section 5.5). Throws AADSTS90023 for anything but a JSON object. */
export function readClaimsRequest(claims: string | undefined): ClaimsRequest {
  const request = claims === undefined ? {} : parseObject(claims)
  const accessToken = memberOf(request, 'access_token')
  const idToken = memberOf(request, 'id_token')
  const contexts = [accessToken, idToken].flatMap((token) => valuesOf(memberOf(token, 'acrs')).slice(0, 1))
  return {
    authenticationContexts: [...new Set(contexts)],
    clientCapabilities: valuesOf(memberOf(accessToken, 'xms_cc')),
    idTokenClaims: optionalIdTokenClaims.filter((name) => Object.hasOwn(idToken, name)),
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {
    // Falls through to the refusal below.
  }
  throw new AadstsError(90023, "'claims' is not a JSON object.")
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function memberOf(object: Record<string, unknown>, name: string): Record<string, unknown> {
  const member = object[name]
  if (member === null) return {}
  return isObject(member) ? member : {}
}

function valuesOf({ value, values }: Record<string, unknown>): string[] {
  const all = [value, ...(Array.isArray(values) ? values : [])]
  return all.filter((entry): entry is string => typeof entry === 'string')
}
