/**
 * GET and HEAD of every address that is none of ours: the front end, where one is configured. It is on our origin, so that its pages have our
 * cookies and no script of another origin has; it gets none of them.
 */
import { AppError } from '../../errors/appError.ts'
import { askedHeaders } from '../frontEnd/frontEndHeaders.ts'
import { passFrontEnd } from '../frontEnd/passFrontEnd.ts'
import { privateHeaders } from '../frontEnd/privateAnswer.ts'
import { admit } from '../frontEnd/requireSignIn.ts'
import { readApiPath } from '../proxy/apiPath.ts'
import { isAsRead, isPlainPath } from '../proxy/plainPath.ts'
import type { SignetRequest } from '../request.ts'
import { asksForDocument } from '../requestGuards.ts'
import { type Handle, methodGuard } from '../route.ts'
import { api } from './api.ts'

/** Throws `http/not_found` where there is no front end, what `/api` throws for a path below it that breaks the rule, `http/method_not_allowed`, `http/body_not_allowed`, `frontend/*`, `session/*`. */
export const frontEnd: Handle = async (app, request) => {
  if (isBrokenApiPath(request, app.config.app.basePath)) return api(app, request)
  const { frontEnd: configured } = app.config
  if (configured === undefined) throw new AppError('http/not_found')
  methodGuard(request, ['GET', 'HEAD'])
  requirePlainPath(request)
  const headers = askedHeaders(request)
  await request.readBody(0)
  const { path, search } = request
  const method = request.method === 'HEAD' ? 'HEAD' : 'GET'
  const admission = await admit(app, configured, request)
  if (typeof admission === 'object') return admission
  const isForDocument = asksForDocument(request)
  const reply = await passFrontEnd(app, configured, { method, path, search, headers, isForDocument })
  return admission === 'open'
    ? reply
    : { ...reply, headers: privateHeaders(reply.headers ?? {}, reply.status) }
}

/** The platform finds no API where a segment is empty, and comes here: such an address is refused as one of the API all the same. */
function isBrokenApiPath({ path }: SignetRequest, basePath: string): boolean {
  return readApiPath({ path, params: {} }, basePath)?.isPlain === false
}

/** The rule of the paths that go to an API. Throws `frontend/invalid_path`. */
function requirePlainPath({ path, params }: SignetRequest): void {
  if (!isPlainPath(path) || (params.path !== undefined && !isAsRead(path, params.path)))
    throw new AppError('frontend/invalid_path')
}
