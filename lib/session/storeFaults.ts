/** What went wrong at the table, as one of our codes. */
import { retryAfterOf } from '../base/retryAfter.ts'
import { AppError } from '../errors/appError.ts'

/** True when the SDK's fault carries this HTTP status. */
export function isStatus(fault: unknown, status: number): boolean {
  return typeof fault === 'object' && fault !== null && 'statusCode' in fault && fault.statusCode === status
}

/** True when not the row but the table itself is not there: a fault of set-up, never an answer. */
export function isTableMissing(fault: unknown): boolean {
  return isStatus(fault, 404) && fault instanceof Error && /TableNotFound/.test(fault.message)
}

/** Any fault of the table or on the way to it; that of the identity, which has a code already, stays as it is. */
export function storeError(fault: unknown, nowMs: number): AppError {
  if (fault instanceof AppError) return fault
  const refused = [400, 401, 403, 404].find((status) => isStatus(fault, status))
  if (refused !== undefined)
    return new AppError('session/store_refused', { cause: fault, detail: `status ${refused}` })
  return new AppError('session/store_unavailable', {
    cause: fault,
    detail: fault instanceof Error ? fault.name : 'unknown',
    ...retryAfterOf(headerOf(fault, 'retry-after'), nowMs),
  })
}

/** A header of the answer that the SDK's fault carries, if there was one. */
function headerOf(fault: unknown, name: string): string | undefined {
  const { response } = (fault ?? {}) as {
    response?: { headers?: { get?(name: string): string | undefined } }
  }
  return response?.headers?.get?.(name)
}
