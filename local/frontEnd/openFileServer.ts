/** The files of a built front end, as a storage account's static website has them: an index, validators, and what has a hash in its name for ever. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'

export interface FileServer {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string
  close(): Promise<void>
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.json', 'application/json'],
])

/** Serves every file below the folder, read once, on 127.0.0.1. Resolves when it listens. */
export async function openFileServer(folder: string): Promise<FileServer> {
  const files = new Map<string, { readonly bytes: Buffer; readonly headers: Record<string, string> }>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = await readFile(path)
    const address = path.slice(folder.length).replaceAll('\\', '/')
    const headers = {
      'content-type': TYPES.get(extname(path)) ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
      'cache-control': address.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    }
    files.set(address, { bytes, headers })
    if (address === '/index.html') files.set('/', { bytes, headers })
  }

  const server = createServer(({ method, url = '/', headers }, response) => {
    const file = files.get(url.split('?')[0] ?? '')
    if (file === undefined)
      return void response.writeHead(404, { 'content-type': 'text/plain' }).end('No such file.')
    if (headers['if-none-match'] === file.headers.etag)
      return void response.writeHead(304, file.headers).end()
    response.writeHead(200, { ...file.headers, 'content-length': file.bytes.length })
    response.end(method === 'HEAD' ? undefined : file.bytes)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
