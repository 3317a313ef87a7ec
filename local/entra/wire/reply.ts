/** What an endpoint answers. The adapter in listen.ts turns it into bytes. */
export type Reply = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** A misbehaviour below HTTP: never answer, cut the connection at once, or cut it half-way through the body. */
  readonly transport?: 'stall' | 'drop' | 'truncate'
}

const noStore = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache' }

/** A JSON reply; not to be stored unless `headers` is given. */
export function json(status: number, value: unknown, headers: Record<string, string> = noStore): Reply {
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
  }
}

/** A 302, as Entra redirects. */
export function redirect(location: string, headers: Record<string, string> = {}): Reply {
  return { status: 302, headers: { ...noStore, location, ...headers }, body: '' }
}

/** The same reply with further headers. */
export function withHeaders(reply: Reply, headers: Record<string, string>): Reply {
  return { ...reply, headers: { ...reply.headers, ...headers } }
}
