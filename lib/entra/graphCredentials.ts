/** The credentials of an application, read from what Graph shows of them. Pure; what is no credential is no answer of Graph. */
import { base64url, sha1Hex, sha256 } from '../base/crypto.ts'
import { AppError } from '../errors/appError.ts'
import { membersOf } from './graphRefusal.ts'

/** An entry of `keyCredentials`. Times in milliseconds since the epoch. */
export interface KeyCredential {
  readonly keyId: string
  /** `AsymmetricX509Cert` for a certificate that proves the application. */
  readonly type: string
  /** `Verify` for the same. */
  readonly usage: string
  readonly displayName?: string
  readonly startsAtMs?: number
  readonly endsAtMs?: number
  /** Upper-case hex, where the entry names or shows its certificate. */
  readonly thumbprintSha1?: string
  /** base64url, where the entry shows its certificate. */
  readonly thumbprintS256?: string
}

/** An entry of `passwordCredentials`: a secret, of which Graph shows no more than this. */
export interface PasswordCredential {
  readonly keyId: string
  readonly displayName?: string
  readonly endsAtMs?: number
}

/** A token of another issuer that proves the application. */
export interface FederatedCredential {
  readonly id: string
  readonly name: string
  readonly issuer: string
  readonly subject: string
  readonly audiences: readonly string[]
}

/** Throws `graph/malformed_response`. */
export function readKeyCredential(value: unknown): KeyCredential {
  const { keyId, type, usage, displayName, startDateTime, endDateTime, customKeyIdentifier, key } =
    membersOf(value)
  const der = typeof key === 'string' && key !== '' ? Buffer.from(key, 'base64') : undefined
  return {
    keyId: requireText(keyId, 'keyId'),
    type: requireText(type, 'type'),
    usage: requireText(usage, 'usage'),
    ...optional('displayName', textOf(displayName)),
    ...optional('startsAtMs', timeOf(startDateTime)),
    ...optional('endsAtMs', timeOf(endDateTime)),
    ...optional('thumbprintSha1', der === undefined ? thumbprintOf(customKeyIdentifier) : sha1Hex(der)),
    ...optional('thumbprintS256', der && base64url.encode(sha256(der))),
  }
}

/** Throws `graph/malformed_response`. */
export function readPasswordCredential(value: unknown): PasswordCredential {
  const { keyId, displayName, endDateTime } = membersOf(value)
  return {
    keyId: requireText(keyId, 'keyId'),
    ...optional('displayName', textOf(displayName)),
    ...optional('endsAtMs', timeOf(endDateTime)),
  }
}

/** Throws `graph/malformed_response`. */
export function readFederatedCredential(value: unknown): FederatedCredential {
  const { id, name, issuer, subject, audiences } = membersOf(value)
  return {
    id: requireText(id, 'id'),
    name: requireText(name, 'name'),
    issuer: requireText(issuer, 'issuer'),
    // One with an expression that claims have to match has no subject.
    subject: textOf(subject) ?? '',
    audiences: requireList(audiences, 'audiences').map((one) => requireText(one, 'audience')),
  }
}

/** Throws `graph/malformed_response`. */
export function requireText(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw new AppError('graph/malformed_response', { detail: name })
}

/** Throws `graph/malformed_response`. */
export function requireList(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new AppError('graph/malformed_response', { detail: name })
}

/** ISO 8601 with its offset, in milliseconds since the epoch; undefined for anything else. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:\d\d)$/.test(value)) return undefined
  const ms = Date.parse(value)
  return Number.isNaN(ms) ? undefined : ms
}

/** A member that is there or is not, for types that know no undefined member. */
export function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Entra names a certificate by the bytes of its SHA-1 thumbprint, in base64; tools name it by their hexadecimal. */
function thumbprintOf(identifier: unknown): string | undefined {
  if (typeof identifier !== 'string') return undefined
  if (/^[0-9a-f]{40}$/i.test(identifier)) return identifier.toUpperCase()
  const bytes = Buffer.from(identifier, 'base64')
  if (bytes.length === 20) return bytes.toString('hex').toUpperCase()
  const text = bytes.toString('latin1')
  return /^[0-9a-f]{40}$/i.test(text) ? text.toUpperCase() : undefined
}
