/** The authorization response (RFC 6749 section 4.1.2, RFC 9207), judged before anything is done about it. Pure. */
import * as oauth from 'oauth4webapi'
import type { Config } from '../config/config.ts'
import { AppError } from '../errors/appError.ts'
import { authorizationError } from './errorResponse.ts'
import { isIssuerOfOne } from './issuer.ts'

/**
 * The longest code that is redeemed. RFC 6749 leaves the length open and Entra documents none; its codes have one to two thousand characters.
 */
const LONGEST_CODE = 8_192
/** RFC 6749 appendices A.11 and A.7: VSCHAR, and the same without the quotation mark and the backslash. */
const CODE = /^[\x20-\x7e]+$/
const ERROR = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

/** An authorization response that was judged: its code may be redeemed, once. */
export interface AuthorizationResponse {
  readonly parameters: URLSearchParams
}

/**
 * The response in the callback's parameters. Throws `callback/issuer_mismatch` for a foreign `iss`, `callback/malformed` for what
 * is no code response (a token in it, a parameter twice, no code, or one that no server makes), and the code of the OAuth error where it is one.
 */
export function judgeAuthorizationResponse(
  { clientId, entra, allowedTenants }: Config,
  parameters: URLSearchParams,
  expectedState: string,
): AuthorizationResponse {
  const names = [...parameters.keys()]
  if (new Set(names).size < names.length)
    throw new AppError('callback/malformed', { detail: 'a parameter twice' })
  const iss = parameters.get('iss')
  if (iss !== null && !isIssuerOfOne(iss, entra.issuerTemplate, allowedTenants))
    throw new AppError('callback/issuer_mismatch')
  if (!ERROR.test(parameters.get('error') ?? ''))
    throw new AppError('callback/malformed', { detail: 'grammar of error' })
  try {
    const server = { issuer: iss ?? entra.issuerTemplate }
    const checked = oauth.validateAuthResponse(server, { client_id: clientId }, parameters, expectedState)
    requireCode(checked.get('code'))
    // The library knows the other names that a token can come under.
    if (checked.has('access_token')) throw new AppError('callback/malformed', { detail: 'access_token' })
    return { parameters: checked }
  } catch (fault) {
    if (fault instanceof oauth.AuthorizationResponseError) throw authorizationError(parameters)
    if (fault instanceof AppError) throw fault
    throw new AppError('callback/malformed', { cause: fault })
  }
}

/** Throws `callback/malformed` for what no authorization server makes: whoever did must not have a request to Entra for it. */
function requireCode(code: string | null): void {
  if (!code) throw new AppError('callback/malformed', { detail: 'no code' })
  if (code.length > LONGEST_CODE) throw new AppError('callback/malformed', { detail: 'length of code' })
  if (!CODE.test(code)) throw new AppError('callback/malformed', { detail: 'grammar of code' })
}
