/** The Azure CLI as hooks use it: one command, its JSON. */
import { HookFault } from './hookFault.ts'
import type { CommandResult, Run } from './run.ts'

type Answer = { readonly value: unknown } | { readonly refusal: CommandResult }

/** Runs `az` and reads its answer; a refusal is returned, for the caller to understand. */
export async function askAzure(
  run: Run,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<Answer> {
  const result = await run('az', [...args, '--output', 'json', '--only-show-errors'], env)
  if (result.code !== 0) return { refusal: result }
  return { value: result.stdout.trim() === '' ? undefined : JSON.parse(result.stdout) }
}

/** As `askAzure`, where there is nothing to understand: a refusal stops the hook with the words of `az`. */
export async function requireAzure(
  run: Run,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<unknown> {
  const answer = await askAzure(run, args, env)
  if ('value' in answer) return answer.value
  throw azureFault(args, answer.refusal)
}

/** A refusal nobody understood. Deployment errors are long, and say last what went wrong. */
export function azureFault(args: readonly string[], { stderr, code }: CommandResult): HookFault {
  const words = args.slice(
    0,
    args.findIndex((arg) => arg.startsWith('--')),
  )
  const said = stderr.trim().slice(-2000) || `exit code ${code}`
  return new HookFault(`az ${words.join(' ')} failed: ${said}`, [
    'Correct what it says and run "azd up" again: steps that are done are not repeated.',
  ])
}
