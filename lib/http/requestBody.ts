/**
 * The body of a request: bounded, of a length that was announced, and whole, or refused. The platform hands on no body that comes in
 * chunks; what it would take for an empty one is refused by name.
 */
import { AppError } from '../errors/appError.ts'

/** Bytes of a form; an authorization response has a few thousand. */
export const LONGEST_FORM = 65_536
/** Bytes of a body that is passed on to an API. */
export const LONGEST_BODY = 10_485_760

/** Methods whose requests have no body that means anything (RFC 9110 sections 9.3.1 and 9.3.2); the platform drops it. */
const BODILESS = ['GET', 'HEAD']

/** The part of a request that says what its body is. */
export interface BodySource {
  readonly method: string
  readonly headers: { get(name: string): string | null }
  readonly body: AsyncIterable<Uint8Array> | null
}

/**
 * Refuses what the headers already say of a body, before any of it is kept. Throws `http/length_required`,
 * `http/body_too_large`, `http/body_not_allowed`.
 */
export async function judgeBody(source: BodySource, longest: number): Promise<void> {
  const announced = announcedLength(source) ?? 0
  if (isBodiless(source) && announced > 0) throw new AppError('http/body_not_allowed')
  if (announced <= longest) return
  await readBounded(source.body, 0)
  throw new AppError('http/body_too_large')
}

/**
 * The body; empty where there is none. Throws `http/length_required`, `http/body_too_large`, `http/body_not_allowed`, and
 * `bug/unexpected` where the platform lost a part.
 */
export async function readBody(source: BodySource, longest: number): Promise<Buffer<ArrayBuffer>> {
  const announced = announcedLength(source)
  if (isBodiless(source)) {
    if ((announced ?? 0) > 0) throw new AppError('http/body_not_allowed')
    return Buffer.alloc(0)
  }
  const bytes = await readBounded(source.body, longest)
  if (bytes === undefined || (announced ?? 0) > longest) throw new AppError('http/body_too_large')
  if (announced !== undefined && announced !== bytes.length) {
    throw new AppError('bug/unexpected', { detail: 'the platform lost a part of the body' })
  }
  return bytes
}

function isBodiless({ method }: BodySource): boolean {
  return BODILESS.includes(method.toUpperCase())
}

/**
 * Bytes that Content-Length announces; undefined where nothing is announced. Every Transfer-Encoding is refused, also beside a
 * Content-Length, where the two may mean different bodies (RFC 9112 section 6.1).
 */
function announcedLength({ headers }: BodySource): number | undefined {
  const text = headers.get('content-length')
  if (headers.get('transfer-encoding') !== null) throw new AppError('http/length_required')
  if (text === null) return undefined
  if (!/^\d{1,15}$/.test(text)) throw new AppError('http/length_required', { detail: 'not a number' })
  return Number(text)
}

/**
 * The body, or undefined where it is longer than `longest`. Reads to the end all the same, though it keeps no more than fits: to stop
 * half-way would cut the connection before the answer is out.
 */
async function readBounded(
  body: BodySource['body'],
  longest: number,
): Promise<Buffer<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    length += chunk.length
    if (length <= longest) chunks.push(chunk)
  }
  return length > longest ? undefined : Buffer.concat(chunks, length)
}
