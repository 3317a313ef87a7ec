/**
 * What the host calls the binding data of a streamed request, and the library takes for headers and params.
 *
 * It is one bag without case, filled in turn by the fields of a JSON body, the query, the route's values and,
 * only where the names are still free, `Headers` and `Query`. So a caller can add to `request.params`, change the
 * case of a route value's name, and put headers of its own choice in place of the real ones. All of it is
 * reproduced here, because an app must be able to find out on a desk that it does not fall for it.
 */

import type { InvocationRequest, TypedData } from './coreTypes.ts'
import type { HostRequest } from './hostRequest.ts'
import type { RouteValues } from './routeTemplate.ts'

type Value = string | object | undefined

/** Builds the metadata of a streamed request; `body` is the part that was announced by Content-Length. */
export function buildTriggerMetadata(
  request: HostRequest,
  routeValues: RouteValues,
  body: Buffer,
): InvocationRequest['triggerMetadata'] {
  const bag = new Map<string, { name: string; value: Value }>()
  const has = (name: string) => bag.has(name.toLowerCase())
  const put = (name: string, value: Value) => {
    // The first spelling of a name stays, whoever sets the value.
    bag.set(name.toLowerCase(), { name: bag.get(name.toLowerCase())?.name ?? name, value })
  }

  const query = [...request.query.values()].map(({ name, values }) => [name, values.at(-1) ?? ''] as const)
  for (const [name, value] of readFields(body)) put(name, value)
  for (const [name, value] of query) if (name.toLowerCase() !== 'code') put(name, value)
  for (const [name, value] of Object.entries(routeValues)) put(name, value)
  if (!has('Query')) put('Query', Object.fromEntries(query))
  if (!has('Headers')) put('Headers', Object.fromEntries(request.headers))

  return Object.fromEntries([...bag.values()].flatMap(toEntry))
}

const toEntry = ({ name, value }: { name: string; value: Value }): [string, TypedData<never>][] => {
  if (value === undefined) return []
  return [[name, typeof value === 'string' ? { string: value } : { json: JSON.stringify(value) }]]
}

/** The fields of a JSON object, whatever the content type says; arrays and nulls are left out. */
function* readFields(body: Buffer): Generator<[name: string, value: Value]> {
  const text = body.toString('utf8').trim()
  if (!text.startsWith('{') || !text.endsWith('}')) return
  for (const [name, value] of Object.entries(parseObject(text))) {
    if (typeof value === 'string') yield [name, value]
    else if (typeof value === 'boolean') yield [name, value ? 'True' : 'False']
    else if (typeof value === 'number') yield [name, String(value)]
    else if (value !== null && !Array.isArray(value)) yield [name, Object(value)]
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text)
  } catch {
    return {} // what is not JSON adds nothing
  }
}
