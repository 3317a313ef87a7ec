import http from 'node:http'

export type Sending = {
  readonly method?: string
  /** Goes out as it stands; no client library makes it tidy. */
  readonly path: string
  /** `app.example` unless told; null: no Host header at all. */
  readonly host?: string | null
  /** In order, duplicates and all. */
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: string | Buffer
  /** Sends the body without Content-Length. */
  readonly chunked?: boolean
  /** Only announces so many octets of body, and waits for the answer. */
  readonly announce?: number
  /** Adds the master key in the header made for it. */
  readonly withKey?: boolean
}

export type Answer = {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly setCookie: readonly string[]
  readonly body: Buffer
}

export const masterKey = 'key-of-the-cases-which-guards-nothing'

const MOST_TRIES = 8

/**
 * Sends one request on a connection of its own. Undefined when no answer is complete within `patienceMs`. An answer that overtakes its
 * body is lost where the host has closed before the rest was written: then the same is sent once more.
 */
export async function send(port: number, sending: Sending, patienceMs: number): Promise<Answer | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await sendOnce(port, sending, patienceMs)
    } catch (fault) {
      const isOvertaken = fault instanceof Error && 'code' in fault && fault.code === 'EPIPE'
      if (!isOvertaken || tries === MOST_TRIES) throw fault
    }
  }
}

async function sendOnce(port: number, sending: Sending, patienceMs: number): Promise<Answer | undefined> {
  const {
    method = 'GET',
    path,
    host = 'app.example',
    headers = [],
    body,
    chunked,
    announce,
    withKey,
  } = sending
  const raw = [...(host === null ? [] : [['Host', host]]), ...headers]
  if (withKey) raw.push(['x-functions-key', masterKey])
  if (chunked) raw.push(['Transfer-Encoding', 'chunked'])
  else if (body !== undefined) raw.push(['Content-Length', String(Buffer.byteLength(body))])
  else if (announce !== undefined) raw.push(['Content-Length', String(announce)])

  const signal = AbortSignal.timeout(patienceMs)
  const request = http.request({
    host: '127.0.0.1',
    port,
    method,
    path,
    headers: raw.flat(),
    agent: false,
    signal,
  })
  try {
    return await new Promise<Answer>((resolve, reject) => {
      request.on('error', reject)
      request.on('response', (response) => readAnswer(response).then(resolve, reject))
      if (announce === undefined) request.end(body)
      else request.flushHeaders()
    })
  } catch (fault) {
    if (signal.aborted) return undefined
    throw fault
  } finally {
    request.destroy()
  }
}

async function readAnswer(response: http.IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const { statusCode = 0, headers } = response
  return { status: statusCode, headers, setCookie: headers['set-cookie'] ?? [], body: Buffer.concat(chunks) }
}
