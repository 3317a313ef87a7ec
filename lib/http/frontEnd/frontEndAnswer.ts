/** The front end's answer, judged by its status. Pure. */
import type { SentAnswer } from '../../base/fetchAsSent.ts'
import { retryAfterOf } from '../../base/retryAfter.ts'
import { AppError } from '../../errors/appError.ts'
import type { AnswerCodes } from '../proxy/wholeAnswer.ts'

export const FRONT_END_CODES: AnswerCodes = {
  unavailable: 'frontend/unavailable',
  tooLarge: 'frontend/response_too_large',
  malformed: 'frontend/malformed_response',
}

const REDIRECTS = [301, 302, 303, 307, 308]
/** It asks who we are. */
const WANTS_SIGN_IN = [401, 407]
/** It may pass: too slow, misdirected, too early, too many. */
const PASSING = [408, 421, 425, 429]

/**
 * Throws `frontend/misaddressed` for a redirect that leads away from the front end (`isOwnRedirect` says whether one stays there) or a wish
 * for a sign-in of its own; `frontend/unavailable` for what may pass; `frontend/malformed_response` for a status that HTTP does not have.
 */
export function requirePassable(
  { status, headers }: Pick<SentAnswer, 'status' | 'headers'>,
  isOwnRedirect: boolean,
  nowMs: number,
): void {
  const detail = `status ${status}`
  if (!(status >= 200 && status <= 599))
    throw new AppError('frontend/malformed_response', { detail: 'status' })
  const isRedirect = status >= 300 && status < 400 && status !== 304
  const leadsAway = isRedirect && !(REDIRECTS.includes(status) && isOwnRedirect)
  if (leadsAway || WANTS_SIGN_IN.includes(status)) throw new AppError('frontend/misaddressed', { detail })
  if (status >= 500 || PASSING.includes(status)) {
    const pause = retryAfterOf(headers.get('retry-after'), nowMs)
    throw new AppError('frontend/unavailable', { detail, ...pause })
  }
}
