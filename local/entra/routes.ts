import { randomUUID } from 'node:crypto'
import { AadstsError, errorBody, type Trace } from './aadsts.ts'
import { authorizeEndpoint } from './authorize/authorizeEndpoint.ts'
import { signInEndpoint } from './authorize/signInEndpoint.ts'
import { parseTenantPath } from './directory/tenant.ts'
import { graphEndpoint } from './graph/graphEndpoint.ts'
import { logoutEndpoint } from './logout/logoutEndpoint.ts'
import { keysEndpoint, keysV1Endpoint, metadataEndpoint, metadataV1Endpoint } from './metadata.ts'
import type { EndpointKind } from './requestLog.ts'
import { tokenEndpoint } from './token/tokenEndpoint.ts'
import { type Exchange, note } from './wire/exchange.ts'
import { answerWithFault } from './wire/fault.ts'
import type { RawRequest } from './wire/listen.ts'
import { parseParameters } from './wire/parameters.ts'
import { json, type Reply, withHeaders } from './wire/reply.ts'
import type { World } from './world.ts'

type Endpoint = {
  readonly kind: EndpointKind
  readonly methods: readonly string[]
  readonly answer: (world: World, exchange: Exchange) => Promise<Reply>
}

const endpoints: ReadonlyMap<string, Endpoint> = new Map([
  ['v2.0/.well-known/openid-configuration', { kind: 'metadata', methods: ['GET'], answer: metadataEndpoint }],
  ['.well-known/openid-configuration', { kind: 'metadata', methods: ['GET'], answer: metadataV1Endpoint }],
  ['discovery/keys', { kind: 'keys', methods: ['GET'], answer: keysV1Endpoint }],
  ['discovery/v2.0/keys', { kind: 'keys', methods: ['GET'], answer: keysEndpoint }],
  ['oauth2/v2.0/authorize', { kind: 'authorize', methods: ['GET', 'POST'], answer: authorizeEndpoint }],
  ['login', { kind: 'sign-in', methods: ['POST'], answer: signInEndpoint }],
  ['oauth2/v2.0/token', { kind: 'token', methods: ['POST'], answer: tokenEndpoint }],
  ['oauth2/v2.0/logout', { kind: 'logout', methods: ['GET', 'POST'], answer: logoutEndpoint }],
])

/** Finds the endpoint, answers, and writes the log entry. Never throws: a fault of ours is a 500 that says what it was. */
export async function route(world: World, log: Exchange['entry'][], request: RawRequest): Promise<Reply> {
  const [path, search] = splitOnce(request.target, '?')
  const [segment, rest] = splitOnce(path.slice(1), '/')
  // At Entra this is another host, without a tenant in its paths.
  const isGraph = segment === 'v1.0'
  const endpoint = endpoints.get(rest)
  const trace: Trace = {
    traceId: randomUUID(),
    correlationId: String(request.headers['client-request-id'] ?? randomUUID()),
  }
  const entry: Exchange['entry'] = {
    at: world.now(),
    method: request.method,
    path,
    kind: isGraph ? 'graph' : (endpoint?.kind ?? 'other'),
    status: 0,
    correlationId: trace.correlationId,
    signIn: undefined,
    details: {},
  }
  log.push(entry)

  const tenant = parseTenantPath(segment, world.tenants)
  const asked = {
    method: request.method,
    headers: request.headers,
    query: parseParameters(search),
    search,
    body: request.body,
    url: `${world.origin}${path}`,
    trace,
    entry,
  }
  const form = parseParameters(isForm(request) ? request.body : '')
  const reply = isGraph
    ? await answer(world, 'graph', asked, () => graphEndpoint(world, asked, rest))
    : endpoint?.methods.includes(request.method) && tenant
      ? await answer(world, endpoint.kind, asked, () => endpoint.answer(world, { ...asked, tenant, form }))
      : turnAway(world, trace, segment, {
          isKnownPath: endpoint !== undefined,
          isKnownTenant: tenant !== undefined,
        })
  entry.status = reply.status
  return withHeaders(reply, correlationHeaders(request, trace))
}

/** For what is nobody's: an unknown path, an unknown tenant, or a method the endpoint does not have. */
function turnAway(
  world: World,
  trace: Trace,
  segment: string,
  { isKnownPath, isKnownTenant }: { isKnownPath: boolean; isKnownTenant: boolean },
): Reply {
  if (!isKnownPath) return json(404, { error: 'not_found' })
  if (isKnownTenant) return json(405, { error: 'method_not_allowed' })
  const error = new AadstsError(90002, `Tenant '${segment}'.`)
  return json(error.status, errorBody(error, trace, world.now(), world.origin))
}

type Asked = Pick<Exchange, 'entry'>

async function answer(
  world: World,
  kind: EndpointKind,
  exchange: Asked,
  process: () => Promise<Reply>,
): Promise<Reply> {
  try {
    return await answerWithSwitches(world, kind, exchange, process)
  } catch (error) {
    note(exchange, { outcome: 'internal error', reason: String(error) })
    return json(500, { error: 'server_error', error_description: `The stand-in itself failed: ${error}` })
  }
}

/** Applies the endpoint's fault, if one is switched on and not used up. */
async function answerWithSwitches(
  world: World,
  kind: EndpointKind,
  exchange: Asked,
  process: () => Promise<Reply>,
): Promise<Reply> {
  const fault = world.switches.faults[kind]
  if (!fault || fault.times === 0) return process()
  if (fault.times !== undefined) fault.times -= 1
  note(exchange, { fault: fault.kind })
  return answerWithFault(fault, process)
}

/** Entra echoes the client's request id when asked to, and always names its own. */
function correlationHeaders(
  { headers }: RawRequest,
  { traceId, correlationId }: Trace,
): Record<string, string> {
  const echoes = headers['return-client-request-id'] === 'true'
  return {
    'x-ms-request-id': traceId,
    ...(echoes ? { 'client-request-id': correlationId } : {}),
  }
}

function isForm({ headers }: RawRequest): boolean {
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
