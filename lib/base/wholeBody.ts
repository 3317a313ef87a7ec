/** The body of somebody else's answer, whole, and never more of it than is allowed for. */

/** The part of a `Response` that is read here. */
export interface AnswerBody {
  readonly headers: { get(name: string): string | null }
  readonly body: AsyncIterable<Uint8Array> | null
}

/**
 * The body in one piece, up to `longest` bytes as they come; empty where there is none. Throws what `tooLong` makes, for a length that is
 * announced before anything is read; whoever asked ends the connection to what is left. Whatever ends the body early is thrown as it is.
 */
export async function wholeBody(
  { headers, body }: AnswerBody,
  longest: number,
  tooLong: () => Error,
): Promise<Uint8Array<ArrayBuffer>> {
  if (body === null) return new Uint8Array()
  const announced = Number(headers.get('content-length'))
  if (announced > longest) throw tooLong()
  // What is announced is a place to begin with and no more: of a body that came encoded it is another length.
  let bytes = new Uint8Array(Number.isInteger(announced) && announced > 0 ? announced : 0)
  let length = 0
  for await (const chunk of body) {
    const end = length + chunk.length
    if (end > longest) throw tooLong()
    if (end > bytes.length) bytes = roomFor(bytes, Math.min(longest, Math.max(end, 2 * bytes.length)))
    bytes.set(chunk, length)
    length = end
  }
  return bytes.subarray(0, length)
}

function roomFor(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length)
  larger.set(bytes)
  return larger
}
