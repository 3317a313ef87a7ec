/** An API that was asked, and its answer, judged. */
import type { DownstreamApi } from '../../config/downstreamApi.ts'
import { AppError } from '../../errors/appError.ts'
import type { Asked } from './ownAddress.ts'
import type { AnswerCodes } from './wholeAnswer.ts'

export interface AskedApi extends Asked {
  readonly api: DownstreamApi
}

export const API_CODES: AnswerCodes = {
  unavailable: 'api/unavailable',
  tooLarge: 'api/response_too_large',
  malformed: 'api/malformed_response',
}

const REDIRECTS = [301, 302, 303, 307, 308]

/**
 * Throws `api/refused_token` where the API does not take our token, `api/unavailable` for a redirect that leads away from the API
 * (`isOwnRedirect` says whether one stays there) or the word of a proxy; `api/malformed_response` for a status that HTTP does not have.
 */
export function requirePassable(status: number, isOwnRedirect: boolean): void {
  if (!(status >= 200 && status <= 599)) throw new AppError('api/malformed_response', { detail: 'status' })
  const isRedirect = status >= 300 && status < 400 && status !== 304
  const leadsAway = isRedirect && !(REDIRECTS.includes(status) && isOwnRedirect)
  if (status === 401) throw new AppError('api/refused_token')
  if (leadsAway || status === 407) {
    throw new AppError('api/unavailable', { detail: `status ${status}` })
  }
}
