import { AppError } from '../../lib/errors/appError.ts'
import type { ErrorCode } from '../../lib/errors/table.ts'

/** The AppError that `act` throws or rejects with; fails the test when it does neither, or throws something else. */
export async function faultOf(act: () => unknown): Promise<AppError> {
  try {
    await act()
  } catch (fault) {
    if (fault instanceof AppError) return fault
    throw fault
  }
  throw new Error('nothing was thrown')
}

/** The code of the fault, `none` where there is none: for tables of accepted and refused. */
export async function outcomeOf(act: () => unknown): Promise<ErrorCode | 'none'> {
  try {
    await act()
    return 'none'
  } catch (fault) {
    if (fault instanceof AppError) return fault.code
    throw fault
  }
}
