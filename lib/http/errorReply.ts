/**
 * A fault as a reply: the screen for a person, its JSON twin for a script. Besides its row of the table
 * only the way back, a pause and the methods of an address leave.
 */
import { helpAddress } from '../config/helpUrl.ts'
import type { AppError } from '../errors/appError.ts'
import { expiredCookie, TRANSACTION_COOKIE } from './cookies.ts'
import { screenPage, type WayBack } from './pages/screens.ts'
import { json, page, type Reply } from './reply.ts'
import type { SignetRequest } from './request.ts'
import { asLocalPath, HOME } from './returnTo.ts'
import { demandedClaims, signInPath } from './signInLink.ts'

const RETRY_AFTER_SEC = 10
const LONGEST_RETRY_SEC = 300
/** As a relative reference (RFC 3986 section 4.4): the very address that was asked for. */
const SAME_ADDRESS = ''

/** `login` is the path of sign-in; `helpUrl` the setting, where there is one: its link stands on screens only. */
export function errorReply(
  error: AppError,
  { wantsPage, correlationId }: Pick<SignetRequest, 'wantsPage' | 'correlationId'>,
  login: string,
  helpUrl?: string,
): Reply {
  const { status, screen } = error.row
  const href = wayOn(error, login)
  const retryAfterSec = screen === 'busy' ? retryAfter(error.context.retryAfterSec) : undefined
  const headers = {
    ...(retryAfterSec === undefined ? {} : { 'retry-after': String(retryAfterSec) }),
    ...(error.code === 'http/method_not_allowed' ? { allow: error.context.detail ?? '' } : {}),
  }
  const { silent, staleCookie } = error.context
  const transaction = silent?.handle === undefined ? undefined : `${TRANSACTION_COOKIE}${silent.handle}`
  const cookies = [transaction, staleCookie].filter((name) => name !== undefined).map(expiredCookie)
  if (wantsPage) {
    const help = helpUrl && helpAddress(helpUrl, { code: error.code, correlationId })
    return {
      ...page(status, screenPage(error, { href, back: wayBack(error), correlationId, help }), cookies),
      headers,
    }
  }
  const twin = {
    code: error.code,
    message: error.userText,
    correlationId,
    ...(href === HOME || href === SAME_ADDRESS ? {} : { loginUrl: href }),
    ...(retryAfterSec === undefined ? {} : { retryAfterSec }),
  }
  return { ...json(status, twin, cookies), headers }
}

/**
 * Where the person goes on: back into sign-in, to where they were going, with the claims that Entra demands; as somebody else, if this
 * account may not; and to the start page where signing in would not help, because the fault is ours, something was unavailable or the
 * request was none of ours.
 */
function wayOn({ code, row, context }: AppError, login: string): string {
  if (code === 'frontend/unavailable') return SAME_ADDRESS
  if (/^(http|api|device|frontend)\//.test(code) || row.screen === 'ourFault') return HOME
  if (row.screen === 'busy' && context.returnTo === undefined) return HOME
  const loginParameters = { ...context.loginParameters, ...demandedClaims(context.claims) }
  return signInPath(login, {
    returnTo: asLocalPath(context.returnTo ?? HOME) ?? HOME,
    ...(row.screen === 'noAccess' ? asSomebodyElse(loginParameters) : loginParameters),
  })
}

/** Where the person was, which a screen offers besides sign-in: first of all to whoever may be signed in still. */
function wayBack({ code, row, context }: AppError): WayBack | undefined {
  const href = asLocalPath(context.returnTo ?? HOME) ?? HOME
  if (code === 'session/device_proof_required') return { href, action: 'Try again', isFirst: true }
  if (row.screen !== 'cancelled') return undefined
  return { href, action: 'Back to where you were', isFirst: context.rule === 'signed-in' }
}

/** Without the prompt Entra would take the same account again, unasked. */
function asSomebodyElse({ loginHint: _hint, ...others }: Readonly<Record<string, string>> = {}) {
  return { ...others, prompt: 'select_account' }
}

function retryAfter(seconds: number | undefined): number {
  return Math.min(Math.max(Math.ceil(seconds ?? RETRY_AFTER_SEC), 1), LONGEST_RETRY_SEC)
}
