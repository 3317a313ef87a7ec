/**
 * A response whose bytes are at hand. The library's own makes a stream of any body, copies it on the way in and gathers it on the way out, so
 * that a large one is in memory several times. The worker gets the very bytes, by the two ways in which it reads a response, `arrayBuffer` and
 * `body`; by any other there is nothing in it.
 */
import { HttpResponse, type HttpResponseInit } from '@azure/functions'

export interface WholeReply extends Pick<HttpResponseInit, 'cookies'> {
  readonly status: number
  readonly headers: Record<string, string>
  /** Nobody changes it any more. Absent where there is none. */
  readonly body?: string | Uint8Array<ArrayBuffer>
}

export class WholeResponse extends HttpResponse {
  readonly #bytes: Uint8Array<ArrayBuffer> | undefined

  constructor({ body, ...head }: WholeReply) {
    super(head)
    this.#bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
    // An accessor of the library's, which its types call a property.
    Object.defineProperty(this, 'body', {
      get: () => (this.#bytes === undefined ? null : new Response(this.#bytes).body),
    })
  }

  /** Without a copy where the bytes are all that there is in their buffer. */
  override readonly arrayBuffer = async (): Promise<ArrayBuffer> => {
    const { buffer, byteOffset, byteLength } = this.#bytes ?? new Uint8Array()
    return byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength)
  }
}
