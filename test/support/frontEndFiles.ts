/** The files of a small front end: a first page with a validator, a script for ever, bytes that are no text, a coding, a range, a policy. */
import { gzipSync } from 'node:zlib'
import type { FileAnswer } from './openFrontEnd.ts'

export const INDEX =
  '<!doctype html><title>Orders</title><script type="module" src="/assets/app.js"></script>'
export const BYTES = Buffer.from(Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256))
export const ZIPPED = gzipSync(BYTES)

const index: FileAnswer = (response, { headers }) => {
  const own = { etag: '"index-1"', 'content-type': 'text/html' }
  if (headers['if-none-match'] === '"index-1"') response.writeHead(304, own).end()
  else response.writeHead(200, own).end(INDEX)
}
export const FILES: Readonly<Record<string, FileAnswer>> = {
  '/': index,
  '/index.html': index,
  '/assets/app.js': (response) =>
    response
      .writeHead(200, {
        'content-type': 'text/javascript',
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'Accept-Encoding',
        'set-cookie': 'theirs=1',
        'clear-site-data': '"*"',
        'access-control-allow-origin': '*',
        server: 'files/1.0',
      })
      .end('export {}'),
  '/assets/photo.bin': (response) =>
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(BYTES),
  '/assets/zipped.bin': (response) =>
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' }).end(ZIPPED),
  '/assets/film.mp4': (response) =>
    response
      .writeHead(206, { 'content-range': 'bytes 10-19/70000', 'accept-ranges': 'bytes', etag: '"film"' })
      .end(BYTES.subarray(10, 20)),
  '/strict.html': (response) =>
    response
      .writeHead(200, {
        'content-type': 'text/html',
        'content-security-policy': "default-src 'none'; frame-ancestors 'self'",
        'referrer-policy': 'same-origin',
        'cache-control': 'no-store',
        'strict-transport-security': 'max-age=0',
        'x-content-type-options': 'none',
      })
      .end(INDEX),
}
