/**
 * ANY /api/{name}/…: calls an API for somebody who is signed in, with a token that stays on the server, and passes the answer on.
 * Only configured APIs, only under their own address, only with the methods listed for each; bodies whole and bounded, both ways.
 */
import type { DownstreamApi } from '../../config/downstreamApi.ts'
import { hasRole } from '../../entra/roles.ts'
import { AppError } from '../../errors/appError.ts'
import { type CurrentSession, findSession } from '../currentSession.ts'
import { sentHeaders } from '../proxy/apiHeaders.ts'
import { readApiPath, requirePlain } from '../proxy/apiPath.ts'
import { apiTokens } from '../proxy/apiTokens.ts'
import { callApi } from '../proxy/callApi.ts'
import { addressUnder } from '../proxy/ownAddress.ts'
import { LONGEST_BODY } from '../requestBody.ts'
import { requireOwnCall } from '../requestGuards.ts'
import { type Handle, methodGuard } from '../route.ts'

/** Throws `http/*`, `session/*`, `api/*`, and what getting a token throws. */
export const api: Handle = async (app, request) => {
  const { basePath, origin } = app.config.app
  requireOwnCall(request, origin)
  const path = readApiPath(request, basePath)
  const { downstreamApis } = app.config
  const target =
    path !== undefined && Object.hasOwn(downstreamApis, path.name) ? downstreamApis[path.name] : undefined
  if (path === undefined || target === undefined) throw new AppError('http/not_found')
  requirePlain(path)
  methodGuard(request, target.methods)
  if (!isWithin(path.rest, target.paths)) throw new AppError('http/not_found')
  const headers = sentHeaders(request, target)
  await request.judgeBody(LONGEST_BODY)
  const parts = target.as === 'app' ? 'session' : 'session and grant'
  const { current } = await findSession(app, request, 'use', parts)
  requirePerson(current, target)
  const tokens = apiTokens(app, target, current)
  const url = addressUnder(target.url, path.rest, request.search)
  const asked = { api: target, url, base: target.url, own: `${basePath}/api/${path.name}` }
  // After the session: what goes nowhere is not kept.
  const body = await request.readBody(LONGEST_BODY)
  const { method, correlationId } = request
  return callApi(app, { asked, tokens, method, headers, body, correlationId })
}

/** Each path of the list stands for itself and for what lies below it. */
function isWithin(rest: string, paths: readonly string[]): boolean {
  return paths.length === 0 || paths.some((path) => rest === path || rest.startsWith(`${path}/`))
}

/** Throws `session/required` where it takes somebody and nobody is signed in, `api/role_required` where somebody lacks a role. */
function requirePerson(current: CurrentSession | undefined, { as, roles }: DownstreamApi): void {
  const isForNobody = as === 'user-or-app' && roles.length === 0
  if (current === undefined && !isForNobody) throw new AppError('session/required')
  if (current !== undefined && !hasRole(current.session.identity, roles))
    throw new AppError('api/role_required')
}
