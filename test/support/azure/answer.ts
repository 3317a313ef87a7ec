/** What a command line prints, as the stand-ins give it. */
import type { CommandResult } from '../../../infra/hooks/run.ts'

export type Answer = Partial<CommandResult>

export function json(value: unknown): Answer {
  return { stdout: JSON.stringify(value) }
}

/** Azure's own words for no. */
export function refuse(words: string): Answer {
  return { code: 1, stderr: `ERROR: ${words}` }
}

/** The value of an option in the arguments of a command. */
export function optionOf(args: readonly string[], name: string): string {
  return args[args.indexOf(name) + 1] ?? ''
}
