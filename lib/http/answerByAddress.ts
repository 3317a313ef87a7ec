/**
 * GET and HEAD /auth/callback: what Entra brings to the redirect URI by address, outside the code flow as we ask for it. An administrator lands
 * here after giving consent to the application, and so do errors of requests that were not ours. Anybody can write such an address:
 * nothing in it is believed, and no session comes of it. Pure.
 */
import { authorizationError } from '../entra/errorResponse.ts'
import { AppError } from '../errors/appError.ts'
import { consentGivenPage } from './pages/screens.ts'
import { page, type Reply } from './reply.ts'
import type { SignetRequest } from './request.ts'
import type { Method } from './route.ts'

/** The methods of the redirect URI: with anything but such an answer in its address, a code above all, that comes by post. */
export function methodsOfCallback({ query }: Pick<SignetRequest, 'query'>): readonly Method[] {
  return query.has('error') || isConsentGiven(query) ? ['GET', 'HEAD', 'POST'] : ['POST']
}

/** Throws `entra/*` for an error, and `http/method_not_allowed` for anything else. */
export function answerByAddress({ query }: SignetRequest, login: string): Reply {
  if (query.has('error')) throw authorizationError(query)
  if (isConsentGiven(query)) return page(200, consentGivenPage(login))
  throw new AppError('http/method_not_allowed', { detail: methodsOfCallback({ query }).join(', ') })
}

function isConsentGiven(query: URLSearchParams): boolean {
  return query.get('admin_consent')?.toLowerCase() === 'true'
}
