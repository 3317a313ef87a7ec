/** Where a person can come back to after sign-in. Pure. */
import type { AppUrls } from '../config/urls.ts'
import type { SignetRequest } from './request.ts'
import { asksForDocument } from './requestGuards.ts'
import { type LocalPath, parseReturnTo } from './returnTo.ts'

/**
 * The address of a request, where a window shows what it answers: that of a script's call is no place to come back to, because a window
 * that goes there is refused. Undefined for those, for whatever changes something and for our own endpoints.
 */
export function wayBackTo(
  request: SignetRequest,
  site: Pick<AppUrls, 'origin' | 'basePath'>,
): LocalPath | undefined {
  const { method, path, search, header } = request
  const isRead = method === 'GET' || method === 'HEAD'
  // Whatever else it says: a window sends no such header.
  const isOfScript = header('x-csrf') !== undefined
  return isRead && !isOfScript && asksForDocument(request)
    ? parseReturnTo(`${path}${search}`, site)
    : undefined
}
