/** The command behind `npm run walkthrough`: options in, transcript out, and the exit code. */
import { createInterface } from 'node:readline'
import type { Environment } from '../../lib/config/settingsReader.ts'
import { asAppError } from '../../lib/errors/appError.ts'
import { sayUsage } from '../sayUsage.ts'
import { UsageFault } from '../usageFault.ts'
import { catchAnswer } from './catchAnswer.ts'
import { openDeskTarget } from './deskTarget.ts'
import { DESK_COMMAND, faultAdvice } from './faultAdvice.ts'
import { readOptions, USAGE, type WalkthroughOptions } from './options.ts'
import { type Target, targetOf } from './target.ts'
import { createTranscript, type Transcript } from './transcript.ts'
import { walkThrough } from './walkThrough.ts'

const INCOMPLETE = 1
const WRONG_USAGE = 2

/** Where the command runs; `process` as it is, but for tests. */
export interface CommandContext {
  readonly argv: readonly string[]
  readonly env: Environment
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly stderr: NodeJS.WritableStream
}

/** Runs it to its end: 0 when every step succeeded, 1 when one did not or there was no code, 2 for wrong usage. */
export async function runCommand(context: CommandContext): Promise<number> {
  const { argv, env, stdout } = context
  const options = readOptions(argv)
  if (typeof options === 'string') return sayUsage(options, USAGE, context)
  const transcript = createTranscript({
    write: (text) => void stdout.write(text),
    hasColour: stdout.isTTY === true && env.NO_COLOR === undefined,
    reveal: options.reveal,
  })
  return walk(options, context, transcript)
}

async function walk(
  options: WalkthroughOptions,
  context: CommandContext,
  transcript: Transcript,
): Promise<number> {
  const { redirectUri, clientCredentials } = options
  let target: Target | undefined
  try {
    target = options.desk ? await openedDesk(redirectUri, transcript) : targetOf(context.env, redirectUri)
    const askForAnswer = asker(options, target, context, transcript)
    const hasSucceeded = await walkThrough({ target, transcript, askForAnswer, clientCredentials })
    return hasSucceeded ? 0 : INCOMPLETE
  } catch (fault) {
    if (fault instanceof UsageFault) {
      transcript.warn(fault.message)
      return WRONG_USAGE
    }
    const error = asAppError(fault)
    transcript.warn(error.message)
    const isInAzure = options.desk || context.env.IDENTITY_ENDPOINT !== undefined
    transcript.say(`Next step: ${faultAdvice(error, { isInAzure })}`)
    if (!options.desk) {
      transcript.say('Or see one sign-in without a tenant, on this machine:')
      transcript.copyable(DESK_COMMAND)
    }
    return INCOMPLETE
  } finally {
    await target?.close()
  }
}

async function openedDesk(redirectUri: string, transcript: Transcript): Promise<Target> {
  const { where, ...target } = await openDeskTarget(redirectUri)
  transcript.say(where)
  return target
}

/** How the answer is had: from the desk's own person, from a listener, or from whoever sits at the terminal. */
function asker(
  options: WalkthroughOptions,
  { signInAs }: Target,
  context: CommandContext,
  transcript: Transcript,
) {
  const { as: givenName, redirectUri } = options
  return async (authorizationUrl: string): Promise<string | undefined> => {
    if (givenName !== undefined && signInAs !== undefined) {
      transcript.say(`${givenName} signs in, without a browser.`)
      return signInAs(givenName, authorizationUrl)
    }
    if (options.catch) {
      const state = new URL(authorizationUrl).searchParams.get('state') ?? ''
      const catcher = await catchAnswer(redirectUri, state)
      transcript.say(`The answer is awaited at ${redirectUri}. Ctrl-C gives up.`)
      return catcher.caught.finally(catcher.close)
    }
    transcript.say(
      `Nothing need answer at ${redirectUri}: whatever the browser shows there, its address bar holds the code. Paste that address here, or the code alone:`,
    )
    return readLine(context)
  }
}

/** The first line that is not empty; undefined at the end of the input. */
async function readLine({ stdin, stdout }: CommandContext): Promise<string | undefined> {
  const isTerminal = stdin.isTTY === true
  const lines = createInterface({
    input: stdin,
    prompt: '   > ',
    // A terminal's own line may hold no more than 1024 characters, which a code alone can have.
    ...(isTerminal ? { output: stdout, terminal: true } : {}),
  })
  if (isTerminal) lines.prompt()
  for await (const line of lines) if (line.trim() !== '') return line
  return undefined
}
