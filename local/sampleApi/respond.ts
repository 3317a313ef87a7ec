/** How a sample API sends what it has to say, whole or in one of the ways that an API should not. */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SampleApiMood } from './mood.ts'

/** Between the pieces of a stream. Milliseconds. */
const PAUSE_MS = 20
const PIECE_BYTES = 65_536

interface Said {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** Resolves when nothing more is sent; rejects where nobody listens any more. */
export async function respond(
  response: ServerResponse,
  mood: SampleApiMood,
  { status, headers, body }: Said,
): Promise<void> {
  const json = Buffer.from(JSON.stringify(body))
  response.setHeader('content-type', mood.kind === 'large' ? 'application/octet-stream' : 'application/json')
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  switch (mood.kind) {
    case 'stall':
      await once(response, 'close')
      return
    case 'break-off':
      response.writeHead(status, { 'content-length': json.length })
      response.write(json.subarray(0, Math.floor(json.length / 2)), () => response.destroy())
      return
    case 'stream':
      response.writeHead(status)
      return pipeline(Readable.from(slowly(json, mood.pieces)), response)
    case 'large':
      response.writeHead(status)
      return pipeline(Readable.from(filler(mood.bytes)), response)
    case 'slow':
      await sleep(mood.ms)
      break
    case 'well':
    case 'challenge':
    case 'fail':
      break
  }
  response.writeHead(status).end(json)
}

async function* slowly(whole: Buffer, pieces: number): AsyncGenerator<Buffer> {
  const size = Math.ceil(whole.length / Math.max(1, pieces))
  for (let start = 0; start < whole.length; start += size) {
    yield whole.subarray(start, start + size)
    await sleep(PAUSE_MS)
  }
}

function* filler(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= PIECE_BYTES) yield Buffer.alloc(Math.min(PIECE_BYTES, left), 'x')
}
