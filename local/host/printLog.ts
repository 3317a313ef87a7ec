import type { LogLevel } from './coreTypes.ts'

/** Prints a line of the app on stdout: as it is, or after its level when that is more than information. */
export function printLog(level: LogLevel, message: string): void {
  if (level === 'trace' || level === 'debug' || level === 'none') return
  process.stdout.write(level === 'information' ? `${message}\n` : `${level}: ${message}\n`)
}
