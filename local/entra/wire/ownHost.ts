import type { RawRequest } from './listen.ts'

/**
 * Whether a request was sent to this machine by a name of its own. A page of elsewhere that has its own name lead here (DNS rebinding) would
 * otherwise read, as its own origin, who is on the desk. Browsers name the host, and no page can name another. `origin`: `http://127.0.0.1:PORT`.
 */
export function isOwnHost({ headers }: Pick<RawRequest, 'headers'>, origin: string): boolean {
  const { host } = new URL(origin)
  return [host, host.replace('127.0.0.1', 'localhost')].includes(headers.host?.toLowerCase() ?? '')
}
