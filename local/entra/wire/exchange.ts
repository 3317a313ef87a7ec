import type { IncomingHttpHeaders } from 'node:http'
import type { Trace } from '../aadsts.ts'
import type { TenantPath } from '../directory/tenant.ts'
import type { Details, EntraRequest } from '../requestLog.ts'
import type { Parameters } from './parameters.ts'

/** One request in hand: what was asked, and the log entry it is writing. */
export type Exchange = {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly tenant: TenantPath
  readonly query: Parameters
  /** The query as sent, without its question mark. */
  readonly search: string
  readonly form: Parameters
  /** The form as sent. */
  readonly body: string
  /** The URL asked for without its query: what the `aud` of a client assertion must equal, byte for byte. */
  readonly url: string
  readonly trace: Trace
  readonly entry: Writable<EntraRequest>
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** Adds to the request's log entry. Never hand it a code, a token, an assertion or a secret. */
export function note(exchange: Pick<Exchange, 'entry'>, details: Details): void {
  exchange.entry.details = { ...exchange.entry.details, ...details }
}

/** The value of one cookie, or undefined. */
export function readCookie(exchange: Exchange, name: string): string | undefined {
  const pairs = (exchange.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}
