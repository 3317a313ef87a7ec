/** Why a command failed, for whoever typed it. Nothing in it is secret. */
import { AppError } from '../lib/errors/appError.ts'
import { UsageFault } from './usageFault.ts'

export function explain(fault: unknown, usage: string): string {
  if (fault instanceof UsageFault) return `${fault.message}\n\n${usage}`
  if (fault instanceof AppError) return `${fault.message}\n${fault.row.operatorAction}`
  return fault instanceof Error ? fault.message : String(fault)
}
