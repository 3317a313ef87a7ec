import type { FunctionsCore } from './functionsCore.ts'

/** Says on the log what went wrong in a function, or around it, with its stack. */
export function logFault(core: FunctionsCore, name: string, fault: unknown): void {
  const text = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)
  core.log('error', 'system', `${name} failed: ${text}`)
}
