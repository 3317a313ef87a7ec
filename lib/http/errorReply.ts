/** A fault as a reply: the screen for a person, its JSON twin for a script. Only the table's words and numbers leave. */
import type { AppError } from '../errors.ts'
import { screenPage } from './pages/screens.ts'
import { json, page, type Reply } from './reply.ts'
import type { SignetRequest } from './request.ts'
import { HOME, parseReturnTo } from './returnTo.ts'

const RETRY_AFTER_SEC = 10
const LONGEST_RETRY_SEC = 300

export function errorReply(error: AppError, { wantsPage, correlationId }: SignetRequest): Reply {
  const { status, screen, userText } = error.row
  const loginUrl = loginUrlFor(error.context.returnTo)
  const retryAfterSec = screen === 'busy' ? retryAfter(error.context.retryAfterSec) : undefined
  const headers = {
    ...(retryAfterSec === undefined ? {} : { 'retry-after': String(retryAfterSec) }),
    ...(error.code === 'http/method_not_allowed' ? { allow: error.context.detail ?? '' } : {}),
  }
  if (wantsPage) return { ...page(status, screenPage(error, loginUrl, correlationId)), headers }
  const offersLogin = screen !== 'ourFault'
  const twin = {
    code: error.code,
    message: userText,
    correlationId,
    ...(offersLogin ? { loginUrl } : {}),
    ...(retryAfterSec === undefined ? {} : { retryAfterSec }),
  }
  return { ...json(status, twin), headers }
}

/** The way back into sign-in that keeps where the person was going. */
export function loginUrlFor(returnTo: string | undefined): string {
  const path = returnTo === undefined ? undefined : parseReturnTo(returnTo)
  if (path === undefined || path === HOME) return '/auth/login'
  return `/auth/login?${new URLSearchParams({ returnTo: path })}`
}

function retryAfter(seconds: number | undefined): number {
  return Math.min(Math.max(Math.ceil(seconds ?? RETRY_AFTER_SEC), 1), LONGEST_RETRY_SEC)
}
