/**
 * Records of neighbouring builds. Two builds run side by side while one replaces the other: a record that is newer than this build is left
 * alone, for the newer build to serve. Pure.
 */
import { AppError } from '../errors/appError.ts'
import { RECORD_VERSION } from './rows.ts'
import type { Grant, Session } from './session.ts'

/** The session in an opened record. Throws `session/newer_record`. */
export function sessionOfRecord(record: unknown): Session {
  return known<Session>(record)
}

/** The grant in an opened record. Throws `session/newer_record`. */
export function grantOfRecord(record: unknown): Grant {
  return known<Grant>(record)
}

function known<T>(record: unknown): Omit<T & { readonly v: number }, 'v'> {
  const { v, ...rest } = record as T & { readonly v: number }
  if (v > RECORD_VERSION) throw new AppError('session/newer_record', { detail: `version ${v}` })
  return rest
}
