/**
 * Pages of the front end that need a person. Whoever goes there in a window is sent to sign in and comes back; whoever only looks ahead (a
 * prefetch, a prerender, a link scanner's HEAD), and every script, is told where sign-in is, and none is begun.
 */
import type { App } from '../../app.ts'
import type { FrontEnd } from '../../config/frontEnd.ts'
import { AppError } from '../../errors/appError.ts'
import { findSession } from '../currentSession.ts'
import { errorReply } from '../errorReply.ts'
import { decodedOnce } from '../proxy/plainPath.ts'
import { type Reply, redirect } from '../reply.ts'
import type { SignetRequest } from '../request.ts'
import { asksForDocument, isNavigation } from '../requestGuards.ts'
import { parseReturnTo } from '../returnTo.ts'
import { signInPath } from '../signInLink.ts'

/** `open` for everybody, for a `person` who is signed in, or refused with this reply. */
export type Admission = 'open' | 'person' | Reply

/** Whether a request may have what it asks for. Throws `session/*` where that cannot be found out: nobody is taken for signed out. */
export async function admit(app: App, frontEnd: FrontEnd, request: SignetRequest): Promise<Admission> {
  if (!needsPerson(frontEnd, request.path)) return 'open'
  const isVisit = request.method === 'GET' && isNavigation(request)
  const { current, cookies } = await findSession(app, request, isVisit ? 'use' : 'look')
  if (current !== undefined) return 'person'
  const { login } = app.config.app.paths
  const returnTo = parseReturnTo(`${request.path}${request.search}`, app.config.app)
  if (isVisit) return redirect(302, signInPath(login, returnTo === undefined ? {} : { returnTo }), cookies)
  const isWayBack = returnTo !== undefined && asksForDocument(request)
  const fault = new AppError('session/required', isWayBack ? { returnTo } : {})
  const { correlationId } = request
  return { ...errorReply(fault, { wantsPage: false, correlationId }, login), cookies, outcome: fault.code }
}

/** Each open path stands for itself and for what lies below it; the root for the first page alone. Compared as it reads once decoded. */
function needsPerson({ openPaths }: Pick<FrontEnd, 'openPaths'>, path: string): boolean {
  const read = decodedOnce(path)
  return (
    openPaths !== undefined &&
    !openPaths.some((open) => read === open || (open !== '/' && read?.startsWith(`${open}/`)))
  )
}
