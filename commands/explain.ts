/** Why a command failed, for whoever typed it. Nothing in it is secret. */
import { AppError } from '../lib/errors/appError.ts'
import { adviceOf, whereSettingsAre } from './adviceOf.ts'
import { plainLines } from './plain.ts'
import { UsageFault } from './usageFault.ts'

const OF_A_RIGHT: readonly string[] = ['vault/forbidden', 'vault/not_yet_allowed', 'session/store_refused']

export function explain(fault: unknown, usage: string): string {
  if (fault instanceof UsageFault) return `${fault.message}\n\n${usage}`
  if (fault instanceof AppError)
    return plainLines([fault.message, adviceFor(fault, usage), ...whoseRight(fault)].join('\n'))
  return plainLines(fault instanceof Error ? fault.message : String(fault))
}

/** A command that can be on a desk says so in its usage. */
function adviceFor({ code }: AppError, usage: string): string {
  return code === 'config/invalid' ? whereSettingsAre({ hasDesk: usage.includes('--desk') }) : adviceOf(code)
}

/** The table speaks of the app. A command outside Azure is whoever typed it. */
function whoseRight({ code }: AppError): string[] {
  return OF_A_RIGHT.includes(code)
    ? [
        'Outside Azure a command acts as you, by `az login` or `azd auth login`: it is you who then needs that right.',
      ]
    : []
}
