import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault } from './faults.ts'

/** One request that reached a stand-in. */
export type RequestRecord<Operation extends string = string> = {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly operation: Operation
  /** What it was about: the algorithm of a signature, the resource of a token, the kind of a row that is written. */
  readonly detail?: string | undefined
  /** Object id of who asked, where that was told by a token which the service believes. */
  readonly caller?: string
  /** The fault it met. */
  readonly fault?: Fault['kind']
  /** 0 while it is unanswered, and for ever when it never was. */
  readonly status: number
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Makes the record of a request that has just arrived; `onRequest` hears of it once its connection is done with it. */
export function recordRequest<Operation extends string>(arrival: {
  request: IncomingMessage
  response: ServerResponse
  url: URL
  admitted: {
    readonly operation: Operation
    readonly detail?: string | undefined
    readonly caller?: string | undefined
  }
  fault: Fault | undefined
  at: number
  onRequest: ((record: RequestRecord<Operation>) => void) | undefined
}): RequestRecord<Operation> {
  const { request, response, url, admitted, fault, at, onRequest } = arrival
  // Read from the response while it lives, so that a client which has its answer always finds the status here.
  let status = (): number => (response.headersSent ? response.statusCode : 0)
  const record = {
    method: request.method ?? '',
    path: url.pathname,
    operation: admitted.operation,
    get detail() {
      return admitted.detail
    },
    ...(admitted.caller === undefined ? {} : { caller: admitted.caller }),
    ...(fault === undefined ? {} : { fault: fault.kind }),
    get status() {
      return status()
    },
    at,
  }
  response.once('close', () => {
    const final = status()
    status = () => final
    onRequest?.(record)
  })
  return record
}

/** One line for people: `12:30:01.250  200  sign PS256  POST /keys/signet/0123/sign`. */
export function requestLine(record: RequestRecord): string {
  const time = new Date(record.at).toISOString().slice(11, 23)
  const what = [record.operation, record.detail].filter((part) => part !== undefined).join(' ')
  const fault = record.fault === undefined ? '' : `  (${record.fault})`
  return `${time}  ${record.status || '---'}  ${what}  ${record.method} ${record.path}${fault}`
}
