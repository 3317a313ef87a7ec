import { askedPauseMs } from '../base/retryAfter.ts'
import { AppError } from '../errors/appError.ts'

/** How long Entra asked to be left in peace by a fault of a token request, as far as that is believed. Milliseconds; 0 where it did not. */
export function entraPauseMs(fault: unknown): number {
  // What another service asks for is kept where its answers are shared, and is no reason to leave Entra alone.
  return fault instanceof AppError && fault.code === 'entra/unavailable' ? askedPauseMs(fault) : 0
}
