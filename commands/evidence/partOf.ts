/** One part of the evidence, whatever comes of reading it. */
import { type AppError, asAppError } from '../../lib/errors/appError.ts'
import { AzureFault } from '../resourceManager.ts'
import { known, type Part } from './evidence.ts'

/** What was read, or a sentence on why it was not: the code of the fault and what is known of it, never the words of somebody else. */
export async function partOf<T>(read: () => Promise<T>): Promise<Part<T>> {
  try {
    return known(await read())
  } catch (thrown) {
    return { unknown: thrown instanceof AzureFault ? thrown.message : sentenceOf(asAppError(thrown)) }
  }
}

function sentenceOf({ code, context: { detail } }: AppError): string {
  const more = detail === undefined ? '' : `: ${detail}`
  return `It could not be read (${code}${more}).`
}
