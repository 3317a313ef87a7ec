import type { IncomingMessage, ServerResponse } from 'node:http'

/** This machine by its numbers, which is another site than `localhost` to a browser: it has no cookie of there, and sign-in ends elsewhere. */
const BY_NUMBER = /^(?:127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/

/**
 * Sends a browser that came by the other address of this machine on to `origin`, path and all; true when that was done. The host's own
 * endpoints and what is no GET stay where they are.
 */
export function leadOn(
  origin: string,
  { method, url = '/', headers }: IncomingMessage,
  reply: ServerResponse,
): boolean {
  const isVisit = method === 'GET' && url.startsWith('/') && !url.startsWith('/admin/')
  if (!isVisit || !BY_NUMBER.test(headers.host ?? '')) return false
  reply.writeHead(307, { location: origin + url, 'cache-control': 'no-store' }).end()
  return true
}
