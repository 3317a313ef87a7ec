/**
 * What a session knows of the browser that it is bound to. It lies sealed in a property of its own beside the session record, so that a
 * refresh rewrites a few hundred bytes, and a build that knows nothing of bindings serves the session as it always did. Pure.
 */
import { AppError } from '../errors/appError.ts'

/** Of the sealed binding. */
const BINDING_VERSION = 1

/** The public half of the browser's key, with no more members than its kind needs (RFC 7518 section 6). */
export type DeviceKey =
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }

/** A value of the bound cookie that is good, by its hash. */
export interface BoundCookie {
  readonly hash: string
  /** Milliseconds since the epoch. */
  readonly endsAtMs: number
}

/** Times in milliseconds since the epoch. */
export interface Binding {
  readonly key: DeviceKey
  /** Seals the challenges of this binding, 32 bytes, base64url. Not even the browser knows it: nobody can have the key sign ahead. */
  readonly challengeKey: string
  /** Cookies handed out so far. A challenge is good in the round that it was made in. */
  readonly round: number
  /** Newest first. */
  readonly cookies: readonly BoundCookie[]
  readonly registeredAtMs: number
  /** When a request showed the bound cookie for the first time. */
  readonly shownAtMs?: number
  /** When the last proofs were refused. */
  readonly refusedAtMs: readonly number[]
}

/** The binding as it is sealed. */
export function recordOfBinding(binding: Binding): object {
  return { v: BINDING_VERSION, ...binding }
}

/** The binding in an opened record. Throws `session/newer_record`. */
export function bindingOfRecord(record: unknown): Binding {
  const { v, ...binding } = record as Binding & { readonly v: number }
  if (v > BINDING_VERSION) throw new AppError('session/newer_record', { detail: `binding version ${v}` })
  return binding
}
