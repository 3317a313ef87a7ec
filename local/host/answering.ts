import type { ServerResponse } from 'node:http'
import type { FunctionsCore } from './functionsCore.ts'
import type { HostRequest } from './hostRequest.ts'
import type { RouteMatch } from './routeTable.ts'

/** What it takes to answer a request that belongs to a function, in either HTTP mode. */
export type Answering = {
  readonly core: FunctionsCore
  readonly match: RouteMatch
  readonly request: HostRequest
  /** The body that Content-Length announced; a chunked one is still in `request.message`. */
  readonly body: Buffer
  readonly reply: ServerResponse
}
