/*
 * Microsoft Graph, as much of it as an application asks about itself: its object, its federated credentials, the policies on certificates,
 * `addKey` and `removeKey`. At Entra it has a host of its own; here it is below `/v1.0` of the same port.
 */
import type { Application } from '../directory/application.ts'
import type { Exchange } from '../wire/exchange.ts'
import { note } from '../wire/exchange.ts'
import { json, type Reply, withHeaders } from '../wire/reply.ts'
import type { World } from '../world.ts'
import { type GraphCaller, graphCaller } from './graphCaller.ts'
import { GraphError, graphRefusal } from './graphError.ts'
import { shownPolicy } from './judgeKey.ts'
import { addKey, removeKey } from './rollKeys.ts'
import { shownApplication } from './shownApplication.ts'

/** What an exchange with Graph has; a tenant is none of it. */
export type GraphExchange = Omit<Exchange, 'tenant' | 'form'>

const readsApplications = ['Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All']
const readsPolicies = ['Policy.Read.ApplicationConfiguration', 'Policy.Read.All']

/** Answers a path below `/v1.0/`. */
export async function graphEndpoint(world: World, exchange: GraphExchange, path: string): Promise<Reply> {
  const reply = await answerOrRefuse(world, exchange, path)
  return withHeaders(reply, { 'request-id': exchange.trace.traceId })
}

async function answerOrRefuse(world: World, exchange: GraphExchange, path: string): Promise<Reply> {
  try {
    const caller = await graphCaller(world, exchange.headers.authorization)
    note(exchange, { clientId: caller.application.clientId, permissions: caller.permissions })
    return await answer(world, exchange, caller, decodeURIComponent(path))
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    note(exchange, { outcome: 'refused', error: error.code, reason: error.message })
    return graphRefusal(error, exchange.trace, world.now())
  }
}

async function answer(
  world: World,
  exchange: GraphExchange,
  caller: GraphCaller,
  path: string,
): Promise<Reply> {
  const { method, query } = exchange
  if (method === 'GET' && path === 'policies/defaultAppManagementPolicy') {
    requireAny(caller, readsPolicies)
    return json(200, shownPolicy(world.switches.graph.tenantPolicy, 'tenant'))
  }
  const [, name = '', part = ''] = /^applications(\(appId='[^']+'\)|\/[^/]+)(?:\/(\w+))?$/.exec(path) ?? []
  if (name === '') throw new GraphError('Request_ResourceNotFound', `No such path: ${path}`)
  const application = applicationNamed(world, name)
  if (method === 'POST' && (part === 'addKey' || part === 'removeKey')) {
    requireOwnKeys(caller, application)
    const body = readJson(exchange.body)
    note(exchange, { part, application: application.clientId, displayName: nameIn(body) })
    if (part === 'addKey') return json(200, await addKey(world, application, body))
    await removeKey(world, application, body)
    return { status: 204, headers: {}, body: '' }
  }
  if (method !== 'GET') throw new GraphError('Request_BadRequest', `${method} ${path}`)
  requireReader(caller, application)
  switch (part) {
    case '':
      return json(200, shownApplication(world, application, query.get('$select')))
    case 'federatedIdentityCredentials':
      return json(200, { value: application.federatedCredentials.map(shownFederated) })
    case 'appManagementPolicies': {
      requireAny(caller, readsPolicies)
      const own = world.switches.graph.ownPolicies[application.clientId]
      return json(200, { value: own === undefined ? [] : [shownPolicy(own, 'own')] })
    }
    default:
      throw new GraphError('Request_ResourceNotFound', `No such path: ${path}`)
  }
}

function applicationNamed({ applications }: World, name: string): Application {
  const [, clientId] = /^\(appId='([^']+)'\)$/.exec(name) ?? []
  const found =
    clientId === undefined
      ? [...applications.values()].find(({ objectId }) => `/${objectId}` === name)
      : applications.get(clientId.toLowerCase())
  if (found === undefined) throw new GraphError('Request_ResourceNotFound', name)
  return found
}

/** An application rolls its own keys without any permission; those of others only with the right to write them. */
function requireOwnKeys(caller: GraphCaller, application: Application): void {
  if (caller.application === application) return
  requireAny(caller, ['Application.ReadWrite.All', 'Directory.ReadWrite.All'])
}

function requireReader(caller: GraphCaller, application: Application): void {
  const isOwner = caller.application === application && application.isOwnedByItself
  requireAny(caller, [...readsApplications, ...(isOwner ? ['Application.ReadWrite.OwnedBy'] : [])])
}

function requireAny({ permissions }: GraphCaller, enough: readonly string[]): void {
  if (!enough.some((one) => permissions.includes(one))) throw new GraphError('Authorization_RequestDenied')
}

function shownFederated(
  { issuer, subject, audience }: Application['federatedCredentials'][number],
  index: number,
): object {
  const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
  return { id, name: `federated-${index}`, issuer, subject, audiences: [audience], description: null }
}

function readJson(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Falls through to the refusal.
  }
  throw new GraphError('Request_BadRequest', 'The body is no JSON object.')
}

function nameIn({ keyCredential, keyId }: Record<string, unknown>): string {
  const { displayName } = (keyCredential ?? {}) as { displayName?: unknown }
  return String(displayName ?? keyId ?? '')
}
