import type { NullableStrings, RpcHttpRequest } from './coreTypes.ts'
import type { HostRequest } from './hostRequest.ts'
import { joinValues } from './joinValues.ts'
import { encodePath } from './requestTarget.ts'
import type { RouteValues } from './routeTemplate.ts'

/** A buffered request as the host sends it to the worker; `url` follows the Host header and is always http. */
export function toRpcHttpRequest(request: HostRequest, values: RouteValues, body: Buffer): RpcHttpRequest {
  const { method, host, path, search, headers, query } = request
  return {
    method,
    url: `http://${host}${encodePath(path, { keepEscapes: true })}${search}`,
    nullableHeaders: nullable(headers),
    nullableQuery: nullable([...query.values()].map(({ name, values }) => [name, joinValues(values)])),
    nullableParams: nullable(Object.entries(values)),
    ...(body.length > 0 && { body: { bytes: body } }),
  }
}

function nullable(entries: Iterable<readonly [string, string | undefined]>): NullableStrings {
  const strings = [...entries].flatMap(([name, value]) => (value === undefined ? [] : [[name, { value }]]))
  return Object.fromEntries(strings)
}
