import { readConfig } from '../../lib/config/config.ts'
import { AppError } from '../../lib/errors/appError.ts'
import { NEEDED, type Settings } from './configOf.ts'

/** What is wrong with an environment, fault by fault. */
export function faultsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (fault) {
    if (!(fault instanceof AppError) || fault.code !== 'config/invalid') throw fault
    return (fault.context.detail ?? '').split('; ')
  }
}

/** The same of the least that has to be set and what the test adds. */
export function faultsWith(settings: Settings): readonly string[] {
  return faultsOf({ ...NEEDED, ...settings })
}
