import { AadstsError } from '../aadsts.ts'

/** What a `claims` parameter asks, as far as the look-alike acts on it. */
export type ClaimsRequest = {
  /** `access_token.acrs`: authentication contexts the token must have, e.g. `c1`. */
  readonly authenticationContexts: readonly string[]
  /** `access_token.xms_cc`: what the client can handle, e.g. `cp1` for claims challenges. */
  readonly clientCapabilities: readonly string[]
  /** `id_token.auth_time`. */
  readonly wantsAuthTime: boolean
}

/** Reads a `claims` parameter (OpenID Connect Core section 5.5). Throws AADSTS90023 for anything but a JSON object. */
export function readClaimsRequest(claims: string | undefined): ClaimsRequest {
  const request = claims === undefined ? {} : parseObject(claims)
  const accessToken = memberOf(request, 'access_token')
  return {
    authenticationContexts: valuesOf(memberOf(accessToken, 'acrs')),
    clientCapabilities: valuesOf(memberOf(accessToken, 'xms_cc')),
    wantsAuthTime: 'auth_time' in memberOf(request, 'id_token'),
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
