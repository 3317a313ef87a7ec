/** Another server's answer, read whole and in time. Whatever may go wrong with it has gone wrong here, before anybody is told that it went well. */
import { type AnswerBody, wholeBody } from '../../base/wholeBody.ts'
import { AppError } from '../../errors/appError.ts'
import type { ErrorCode } from '../../errors/table.ts'

/** What each fault of an answer is called, by whose answer it is. */
export interface AnswerCodes {
  /** Not reached, broken off, too slow. */
  readonly unavailable: ErrorCode
  readonly tooLarge: ErrorCode
  /** What no host could send on. */
  readonly malformed: ErrorCode
}

/**
 * The whole body, up to `longest` bytes as they come. Throws `tooLarge`, and then the rest need not be received; `unavailable` where the
 * other side breaks off or `signal` ends the wait.
 */
export async function readAnswer(
  answer: AnswerBody,
  longest: number,
  signal: AbortSignal,
  codes: AnswerCodes,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await wholeBody(answer, longest, () => new AppError(codes.tooLarge))
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError(codes.unavailable, { cause, detail: signal.aborted ? 'deadline' : 'broken off' })
  }
}

/** A reader of an answer's headers. Throws `malformed` for one that no host could send on. */
export function sendableHeaders(
  { headers }: Pick<AnswerBody, 'headers'>,
  { malformed }: AnswerCodes,
): (name: string) => string | undefined {
  return (name) => {
    const value = headers.get(name) ?? undefined
    if (value !== undefined && /[^\t\x20-\x7e]/.test(value))
      throw new AppError(malformed, { detail: `header ${name}` })
    return value
  }
}

/** Those of the named headers that are there. */
export function listedHeaders(
  names: readonly string[],
  read: (name: string) => string | undefined,
): Record<string, string> {
  const values = names.map((name) => [name, read(name)] as const)
  return Object.fromEntries(values.filter((entry): entry is [string, string] => entry[1] !== undefined))
}
