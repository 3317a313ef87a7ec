/**
 * Records of neighbouring builds. Two builds run side by side while one replaces the other: an older record is read, a newer one is left
 * alone, for the newer build to serve. Pure.
 */

import type { TokenSet } from '../entra/tokenEndpoint.ts'
import { AppError } from '../errors/appError.ts'
import { RECORD_VERSION } from './rows.ts'
import type { Grant, Session } from './session.ts'

/** Version 1 had no number, held the tokens in the session record, and knew no device. */
type SessionBefore = Omit<Session, 'device'> & { readonly tokens: TokenSet }

/** The session in an opened record. Throws `session/newer_record`. */
export function sessionOfRecord(record: unknown): Session {
  const { v, tokens: _tokens, ...session } = versioned<Session & SessionBefore>(record)
  return v === 1 ? { ...session, device: 'unknown device' } : session
}

/** The grant in an opened record. Throws `session/newer_record`. */
export function grantOfRecord(record: unknown): Grant {
  const { v: _v, ...grant } = versioned<Grant>(record)
  return grant
}

function versioned<T>(record: unknown): T & { readonly v: number } {
  const { v = 1, ...rest } = record as T & { readonly v?: number }
  if (v > RECORD_VERSION) throw new AppError('session/newer_record', { detail: `version ${v}` })
  return { v, ...rest } as T & { readonly v: number }
}
