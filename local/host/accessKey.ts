import { createHash, timingSafeEqual } from 'node:crypto'
import type { HostRequest } from './hostRequest.ts'

/** Whether a request may call a function of the given authLevel. */
export type AccessKey = (authLevel: string | undefined, request: HostRequest) => boolean

/**
 * Guards functions by their authLevel with one key, which counts as the host's master key and as every
 * function's own. Without a key, nothing but `anonymous` can be called.
 */
export function createAccessKey(masterKey: string | undefined): AccessKey {
  return (authLevel, request) => {
    if (authLevel?.toLowerCase() === 'anonymous') return true
    const given = request.headers.get('x-functions-key') ?? request.query.get('code')?.values[0]
    return masterKey !== undefined && given !== undefined && isSame(given, masterKey)
  }
}

const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
