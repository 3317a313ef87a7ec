import { afterEach, describe, expect, it, vi } from 'vitest'
import { createBoundedFetch } from '../../../lib/entra/boundedFetch.ts'
import { faultOf } from '../../support/faultOf.ts'
import { shortenDeadline } from '../../support/shortenDeadline.ts'

const MEGABYTE = 1_048_576
const URL_ASKED = 'https://login.example/token'

afterEach(() => {
  vi.restoreAllMocks()
})

/** A body that is produced as it is read, so that what nobody reads costs nothing. */
function endlessBody(chunkBytes: number, produced: { bytes: number }): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      produced.bytes += chunkBytes
      controller.enqueue(new Uint8Array(chunkBytes))
    },
  })
}

describe('createBoundedFetch', () => {
  it('passes method, headers and body on, and follows no redirect', async () => {
    const calls: RequestInit[] = []
    const bounded = createBoundedFetch(
      {
        fetch: async (_url, init) => {
          calls.push(init ?? {})
          return Response.redirect('https://evil.example/', 302)
        },
      },
      1_000,
    )

    const { status } = await bounded(URL_ASKED, {
      method: 'POST',
      body: 'a=b',
      headers: { accept: 'text/plain' },
    })

    expect(status).toBe(302)
    expect(calls).toMatchObject([
      { method: 'POST', body: 'a=b', headers: { accept: 'text/plain' }, redirect: 'manual' },
    ])
  })

  it('lets no caller ask for redirects after all', async () => {
    let redirect: string | undefined
    const bounded = createBoundedFetch(
      {
        fetch: async (_url, init) => {
          redirect = init?.redirect
          return new Response()
        },
      },
      1_000,
    )

    await bounded(URL_ASKED, { redirect: 'follow' as never })

    expect(redirect).toBe('manual')
  })

  it('answers with status, headers and the whole body, already read', async () => {
    const bounded = createBoundedFetch(
      { fetch: async () => new Response('{"a":1}', { status: 418, headers: { 'retry-after': '7' } }) },
      1_000,
    )

    const response = await bounded(URL_ASKED)

    expect(response.status).toBe(418)
    expect(response.headers.get('retry-after')).toBe('7')
    expect(await response.json()).toEqual({ a: 1 })
  })

  it.each([204, 205, 304])('answers %i, which has no body, with none', async (status) => {
    const bounded = createBoundedFetch({ fetch: async () => new Response(null, { status }) }, 1_000)

    expect((await bounded(URL_ASKED)).status).toBe(status)
  })

  it.each([200, 400, 503])(
    'answers %i in a coding that cannot be taken off with the status alone',
    async (status) => {
      const coded = async () => new Response('{"a":1}', { status, headers: { 'content-encoding': 'zstd' } })
      const response = await createBoundedFetch({ fetch: coded }, 1_000)(URL_ASKED)

      expect([response.status, await response.text()]).toEqual([status, ''])
    },
  )

  it('accepts a megabyte and refuses a byte more', async () => {
    const ofLength = (length: number) =>
      createBoundedFetch({ fetch: async () => new Response(new Uint8Array(length)) }, 1_000)

    expect((await (await ofLength(MEGABYTE)(URL_ASKED)).arrayBuffer()).byteLength).toBe(MEGABYTE)
    const fault = await faultOf(() => ofLength(MEGABYTE + 1)(URL_ASKED))
    expect([fault.code, fault.context.detail]).toEqual(['entra/malformed_response', 'body too large'])
  })

  it('stops reading a body without end, and says so to the sender', async () => {
    const produced = { bytes: 0 }
    const body = endlessBody(100_000, produced)
    const bounded = createBoundedFetch({ fetch: async () => new Response(body) }, 1_000)

    expect((await faultOf(() => bounded(URL_ASKED))).code).toBe('entra/malformed_response')
    expect(produced.bytes).toBeLessThan(MEGABYTE + 300_000)
  })

  it('takes a network fault for an absent provider', async () => {
    const bounded = createBoundedFetch(
      { fetch: () => Promise.reject(new TypeError('fetch failed: getaddrinfo ENOTFOUND login.example')) },
      1_000,
    )

    const fault = await faultOf(() => bounded(URL_ASKED))

    expect([fault.code, fault.context.detail]).toEqual(['entra/unavailable', 'network'])
    expect(fault.message).not.toContain('login.example')
  })

  it('ends at its deadline, whether the head or the body is late', async () => {
    const asked = shortenDeadline(5_000, 10)
    for (const late of ['head', 'body'] as const) {
      const aborted = (signal: AbortSignal | null | undefined): Promise<never> =>
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
      const bounded = createBoundedFetch(
        {
          fetch: async (_url, init) => {
            if (late === 'head') return aborted(init?.signal)
            return new Response(new ReadableStream({ pull: () => aborted(init?.signal) }))
          },
        },
        5_000,
      )

      const fault = await faultOf(() => bounded(URL_ASKED))

      expect([fault.code, fault.context.detail]).toEqual(['entra/unavailable', 'deadline'])
    }
    expect(asked.filter((ms) => ms === 5_000)).toHaveLength(2)
  })
})
