/** Read as the library reads it: what comes of it has to be what comes of the library's own response with the same parts. */
import { HttpResponse } from '@azure/functions'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sessionCookie } from '../../../lib/http/cookies.ts'
import { type WholeReply, WholeResponse } from '../../../lib/http/wholeResponse.ts'

const reply = (body?: WholeReply['body']): WholeReply => ({
  status: 201,
  headers: { 'content-type': 'text/html', 'x-a': 'b' },
  cookies: [sessionCookie('A')],
  ...(body === undefined ? {} : { body }),
})

/** What the worker makes of a response in buffered mode, and in streaming mode. */
async function sent(response: HttpResponse) {
  const chunks: Uint8Array[] = []
  for await (const chunk of response.body?.values() ?? []) chunks.push(chunk)
  return {
    status: response.status,
    headers: [...response.headers.entries()],
    cookies: response.cookies,
    enableContentNegotiation: response.enableContentNegotiation,
    buffered: Buffer.from(await response.arrayBuffer()).toString('hex'),
    streamed: Buffer.concat(chunks).toString('hex'),
  }
}

describe('a whole response', () => {
  it('reaches the worker as the library’s own does, in both of its modes, whatever its bytes', async () => {
    const body = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array(), fc.constant(undefined))
    await fc.assert(
      fc.asyncProperty(body, async (content) => {
        // Read one way each: a stream can be read once.
        const own = (): HttpResponse => new HttpResponse(reply(content))
        const { streamed } = await sent(Object.assign(own(), { arrayBuffer: async () => new ArrayBuffer() }))
        const { buffered } = await sent(Object.defineProperty(own(), 'body', { value: null }))

        expect(await sent(new WholeResponse(reply(content)))).toEqual({
          status: 201,
          headers: [...own().headers.entries()],
          cookies: [sessionCookie('A')],
          enableContentNegotiation: false,
          buffered,
          streamed,
        })
      }),
    )
  })

  it('is the library’s own kind, which it takes as it is', () => {
    expect(new WholeResponse(reply('a'))).toBeInstanceOf(HttpResponse)
  })

  it('has no body where it was given none, and an empty one where it was given that', async () => {
    expect(new WholeResponse(reply()).body).toBeNull()
    expect(await sent(new WholeResponse(reply('')))).toMatchObject({ buffered: '', streamed: '' })
  })

  it('gives the worker the very bytes, and of a larger buffer a copy of its part', async () => {
    const bytes = Uint8Array.of(1, 2, 3)
    expect(await new WholeResponse(reply(bytes)).arrayBuffer()).toBe(bytes.buffer)
    expect(new Uint8Array(await new WholeResponse(reply(bytes.subarray(1, 2))).arrayBuffer())).toEqual(
      Uint8Array.of(2),
    )
  })
})
