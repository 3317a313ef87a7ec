/** Why a command failed, for whoever typed it. Nothing in it is secret. */
import { AppError } from '../lib/errors/appError.ts'
import { plainLines } from './plain.ts'
import { UsageFault } from './usageFault.ts'

export function explain(fault: unknown, usage: string): string {
  if (fault instanceof UsageFault) return `${fault.message}\n\n${usage}`
  if (fault instanceof AppError) return plainLines(`${fault.message}\n${fault.row.operatorAction}`)
  return plainLines(fault instanceof Error ? fault.message : String(fault))
}
