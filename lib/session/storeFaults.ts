/** What went wrong at the table, as one of our codes. */
import { retryAfterOf } from '../base/retryAfter.ts'
import { AppError, className } from '../errors/appError.ts'
import { serviceCode, type TableAnswer } from './tableWire.ts'

/** An answer of the table that is no success. Its message may go into no log. */
export class TableRefusal extends Error {
  readonly status: number
  /** The service's own name for it, where it tells one. */
  readonly code: string | undefined
  readonly retryAfter: string | undefined

  constructor(answer: TableAnswer, status: number = answer.status) {
    super(`status ${status}`)
    this.name = 'TableRefusal'
    this.status = status
    this.code = serviceCode(answer)
    this.retryAfter = answer.header('retry-after')
  }
}

/** True where a fault is an answer with this status that may tell how it is with a row: a table that is not there tells nothing. */
export function isAnswer(fault: unknown, statuses: readonly number[]): boolean {
  return fault instanceof TableRefusal && statuses.includes(fault.status) && fault.code !== 'TableNotFound'
}

/** What the same call may not meet the next time (RFC 9110 section 15, and no answer at all). */
export function mayPass(fault: unknown): boolean {
  if (fault instanceof AppError) return false
  return (
    !(fault instanceof TableRefusal) || fault.status === 408 || fault.status === 429 || fault.status >= 500
  )
}

const REFUSED = [400, 401, 403, 404]

/** Any fault of the table or on the way to it; what has a code already stays as it is. */
export function storeError(fault: unknown, nowMs: number): AppError {
  if (fault instanceof AppError) return fault
  if (!(fault instanceof TableRefusal))
    return new AppError('session/store_unavailable', { cause: fault, detail: className(fault) })
  const detail = `status ${fault.status}`
  if (REFUSED.includes(fault.status)) return new AppError('session/store_refused', { cause: fault, detail })
  return new AppError('session/store_unavailable', {
    cause: fault,
    detail,
    ...retryAfterOf(fault.retryAfter, nowMs),
  })
}
