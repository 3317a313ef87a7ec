/** What went wrong at the table, as one of our codes. */
import { AppError } from '../errors/appError.ts'

/** True when the SDK's fault carries this HTTP status. */
export function isStatus(fault: unknown, status: number): boolean {
  return typeof fault === 'object' && fault !== null && 'statusCode' in fault && fault.statusCode === status
}

/** True when not the row but the table itself is not there: a fault of set-up, never an answer. */
export function isTableMissing(fault: unknown): boolean {
  return isStatus(fault, 404) && fault instanceof Error && /TableNotFound/.test(fault.message)
}

export function storeError(fault: unknown): AppError {
  if (fault instanceof AppError) return fault
  const refused = [400, 401, 403, 404].find((status) => isStatus(fault, status))
  if (refused !== undefined)
    return new AppError('session/store_refused', { cause: fault, detail: `status ${refused}` })
  return new AppError('session/store_unavailable', {
    cause: fault,
    detail: fault instanceof Error ? fault.name : 'unknown',
  })
}
