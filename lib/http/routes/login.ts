/**
 * GET /auth/login: sends the browser to Entra. Reads nothing but its parameters and writes nothing but a cookie. A POST brings them as
 * a form, as OpenID Connect Core section 4 lets a third party do; HEAD asks whether the link is good.
 */

import type { App } from '../../app.ts'
import { LONGEST_ENTRA_URL } from '../../entra/authorizationRequest.ts'
import { AppError } from '../../errors/appError.ts'
import type { Reply } from '../reply.ts'
import { redirect } from '../reply.ts'
import type { SignetRequest } from '../request.ts'
import { isNavigation } from '../requestGuards.ts'
import type { Handle } from '../route.ts'
import { overlongLink, parseSignInLink, signInPath } from '../signInLink.ts'
import { silentFault } from '../silentSignIn.ts'
import { startSignIn } from '../startSignIn.ts'

/** Throws `login/invalid_parameter`, `login/not_a_navigation`, `login/loop`, and for a form `http/unsupported_media_type`, `http/body_too_large`. */
export const login: Handle = async (app, request) => {
  const form = request.method === 'POST' ? await request.readForm() : []
  const pairs = [...request.query, ...form]
  try {
    return begin(app, request, pairs)
  } catch (fault) {
    const isSilent = pairs.some(([name, value]) => name === 'prompt' && value === 'none')
    throw isSilent && isNavigation(request) ? silentFault(fault) : fault
  }
}

function begin(app: App, request: SignetRequest, pairs: Iterable<readonly [string, string]>): Reply {
  const link = parseSignInLink(pairs, app.config)
  const { returnTo, parameters, ignored } = link
  const facts = ignored === 0 ? {} : { ignoredParameters: ignored }
  if (!isNavigation(request)) {
    throw new AppError('login/not_a_navigation', { facts, returnTo, loginParameters: parameters })
  }
  const start = startSignIn(app, request, { link, restarts: 0 }, 302)
  const length = start.headers?.location?.length ?? 0
  if (length > LONGEST_ENTRA_URL) throw overlongLink(link, length)
  if (request.method === 'HEAD') return { status: 200, facts }
  // A form of another site comes without the session cookie; the navigation after it has it, and knows which session it replaces.
  if (request.method === 'POST')
    return { ...redirect(303, signInPath(app.config.app.paths.login, parameters)), facts }
  return { ...start, facts }
}
