import type { Binding } from '../../lib/session/binding.ts'
import type { Grant, Session } from '../../lib/session/session.ts'
import { TENANT } from './configOf.ts'
import { START_MS } from './heldEffects.ts'

/** A session of Alice that began at the start of the clock and may last eight hours. */
export function sessionOf(changes: Partial<Session> = {}): Session {
  return {
    identity: {
      tid: TENANT,
      oid: '0b1ec700-0000-4000-8000-00000000000a',
      sub: 'pairwise-subject',
      name: 'Alice Example',
      username: 'alice@contoso.com',
      sid: 'session-at-entra',
      loginHint: 'opaque-hint',
    },
    proof: { method: 'vault', keyId: 'https://vault.example/keys/signing/0123456789abcdef0123456789abcdef' },
    device: 'Firefox on Linux',
    createdAtMs: START_MS,
    endsAtMs: START_MS + 8 * 3_600_000,
    ...changes,
  }
}

/** What Alice granted. */
export function grantOf(changes: Partial<Grant> = {}): Grant {
  const token = {
    token: 'access-token-of-alice',
    obtainedAtMs: START_MS,
    expiresAtMs: START_MS + 3_600_000,
    renewAtMs: START_MS + 3_300_000,
  }
  return {
    refreshToken: 'refresh-token-of-alice',
    accessTokens: { 'api://orders/.default': token },
    ...changes,
  }
}

/** To a browser's key, from the start of the clock on. */
export const BINDING: Binding = {
  key: { kty: 'EC', crv: 'P-256', x: 'the-public-half', y: 'of-the-key' },
  challengeKey: 'A'.repeat(43),
  round: 1,
  cookies: [{ hash: 'hash-of-the-cookie', endsAtMs: START_MS + 1 }],
  registeredAtMs: START_MS,
  refusedAtMs: [],
}
