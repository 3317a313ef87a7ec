import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** The options that a script was given. One that it does not know ends it, with a sentence and exit code 2: a typo is no order to do something else. */
export function optionsOf<const T extends ParseArgsOptionsConfig>(options: T) {
  try {
    return parseArgs({ options }).values
  } catch (fault) {
    console.error(fault instanceof Error ? fault.message : String(fault))
    return process.exit(2)
  }
}
