import { type SignetRequest, signetRequest } from '../../lib/http/request.ts'

interface Shape {
  readonly method?: string
  /** Path and query. */
  readonly target?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | readonly Uint8Array[]
}

export const CORRELATION_ID = '0c0ffee0-0000-4000-8000-000000000001'

/** A request in the platform's shape. Its host is nobody's: nothing may depend on it. */
export function platformRequest({ method = 'GET', target = '/', headers = {}, body }: Shape = {}) {
  const chunks = typeof body === 'string' ? [new TextEncoder().encode(body)] : body
  return {
    method,
    url: `http://host.invalid${target}`,
    headers: new Headers(headers),
    body: chunks === undefined ? null : streamOf(chunks),
  }
}

/** The same as handlers see it. */
export function signetRequestOf(shape: Shape = {}): SignetRequest {
  return signetRequest(platformRequest(shape), CORRELATION_ID)
}

async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}
