/** A server with the files of a front end, as far as HTTP shows it: it keeps what it was asked, and answers as it is told. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'

export interface FrontEndRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

export type FileAnswer = (response: ServerResponse, request: FrontEndRequest) => unknown

export interface FrontEndServer {
  readonly origin: string
  /** What was asked, oldest first. */
  readonly asked: FrontEndRequest[]
  /** By path, without the query; any other is a 404 with `text/plain`. */
  readonly files: Map<string, FileAnswer>
  close(): void
}

export async function openFrontEnd(
  files: Readonly<Record<string, FileAnswer>> = {},
): Promise<FrontEndServer> {
  const server = createServer(({ method = '', url = '', headers }, response) => {
    const request = { method, url, headers }
    opened.asked.push(request)
    const answer = opened.files.get(url.split('?')[0] ?? '')
    if (answer === undefined) response.writeHead(404, { 'content-type': 'text/plain' }).end('no such file')
    else answer(response, request)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const opened: FrontEndServer = {
    origin: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    asked: [],
    files: new Map(Object.entries(files)),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return opened
}
