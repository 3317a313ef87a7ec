/** Another server's answer, read whole and in time. Whatever may go wrong with it has gone wrong here, before anybody is told that it went well. */
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

/** The part of a `Response` that is read here. */
export interface AnswerBody {
  readonly headers: { get(name: string): string | null }
  readonly body: AsyncIterable<Uint8Array> | null
}

/**
 * The whole body, up to `longest` bytes as they come. Throws `tooLarge`, and then the rest need not be received; `unavailable` where the
 * other side breaks off or `signal` ends the wait.
 */
export async function readAnswer(
  { headers, body }: AnswerBody,
  longest: number,
  signal: AbortSignal,
  codes: AnswerCodes,
): Promise<Uint8Array<ArrayBuffer>> {
  const requireFit = (bytes: number): void => {
    if (bytes > longest) throw new AppError(codes.tooLarge)
  }
  const announced = body === null ? 0 : Number(headers.get('content-length'))
  let whole: Uint8Array<ArrayBuffer> = new Uint8Array()
  let length = 0
  try {
    requireFit(announced)
    // In its one place from the start: pieces that are put together later are there twice.
    if (announced > 0) whole = new Uint8Array(announced)
    for await (const chunk of body ?? []) {
      const start = length
      length += chunk.length
      requireFit(length)
      if (length > whole.length)
        whole = withRoom(whole, Math.min(Math.max(length, 2 * whole.length), longest))
      whole.set(chunk, start)
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError(codes.unavailable, { cause, detail: signal.aborted ? 'deadline' : 'broken off' })
  }
  return length === whole.length ? whole : whole.slice(0, length)
}

function withRoom(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const roomy = new Uint8Array(length)
  roomy.set(bytes)
  return roomy
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
