/**
 * An identity whose tokens come in time or not at all. The SDK takes an abort signal for a managed identity and does not heed it: an
 * endpoint that never answers would hold every request that needs a token, for ever.
 */
import type { TokenCredential } from '@azure/identity'
import { withinDeadline } from '../base/deadline.ts'
import { AppError } from '../errors/appError.ts'

/** Shorter than any call that has to wait for a token. The SDK goes on by itself and keeps what comes late. */
const DEADLINE_MS = 2_000

/** The same identity; its `getToken` throws `identity/unavailable` when no token comes within two seconds. */
export function boundIdentity(identity: TokenCredential): TokenCredential {
  return {
    getToken: (scopes, options) =>
      withinDeadline(
        DEADLINE_MS,
        identity.getToken(scopes, options),
        () => new AppError('identity/unavailable', { detail: 'deadline' }),
      ),
  }
}
