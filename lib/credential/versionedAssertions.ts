/**
 * Assertions by whichever version of the certificate is taken: no sign-in waits for a signature, because one is ready, and where none is yet nobody waits longer than six
 * seconds. When Entra refuses the version that signed (not known there yet, or taken off before its time), another valid one signs
 * within the same request: one search a minute, whatever the number of requests that were refused.
 */
import { withinDeadline } from '../base/deadline.ts'
import { AppError, asAppError } from '../errors/appError.ts'
import { type ClientAssertion, type ClientCredential, proofFacts } from './clientCredential.ts'
import {
  createSignedAssertions,
  type SignedAssertion,
  type SignedAssertionsOptions,
} from './signedAssertions.ts'

/** Longest wait for identity, certificate and signature together: each alone may take that long. */
const WAIT_MS = 6_000
/** Longest wait for another version's assertion: it stands between two token requests. */
const ALTERNATIVE_WAIT_MS = 3_000
/** Where the other version is refused too, the version was not the reason: the next search waits. */
const SEARCH_PAUSE_MS = 60_000

/** A search for another version, shared by all who were refused with the same assertion. */
interface Search {
  readonly refusedJti: string | undefined
  readonly startedMs: number
  readonly found: Promise<ClientAssertion | undefined>
}

interface VersionedAssertionsOptions extends SignedAssertionsOptions {
  /** Whether a token of the identity is being waited for: then the identity takes too long, and not the vault. */
  readonly isIdentityAwaited?: () => boolean
}

export function createVersionedAssertions(options: VersionedAssertionsOptions): ClientCredential {
  const { isIdentityAwaited = () => false, effects } = options
  const { now, log } = effects
  const assertions = createSignedAssertions(options)
  const searches = new Map<string, Search>()

  const tooLate = (): AppError =>
    isIdentityAwaited()
      ? new AppError('identity/unavailable', { detail: 'deadline' })
      : new AppError('vault/timeout', { detail: 'certificate and signature' })

  async function search(refused: SignedAssertion, audience: string): Promise<ClientAssertion | undefined> {
    const held = assertions.for(audience)
    const { version } = refused.proof.certificate
    const isOther = ({ proof }: SignedAssertion): boolean => proof.certificate.version !== version
    const instead = await assertions.withoutVersion(version)
    if (instead === version) {
      // No other version is valid. A new assertion by the same one is all that can be had, and nobody waits for it.
      held.discard()
      return undefined
    }
    log('warn', 'credential.version_refused', { ...proofFacts(refused.proof), instead })
    const found = await held.renew(isOther)
    return isOther(found) ? found : undefined
  }

  async function seekAlternative(
    refused: ClientAssertion,
    tokenEndpoint: string,
  ): Promise<ClientAssertion | undefined> {
    const held = assertions.for(tokenEndpoint)
    const current = held.peek()
    // Replaced meanwhile, or run out, or dated by a clock that has been found to be off: nothing was said against the one that serves now.
    const isOtherKey = current?.proof.keyId !== refused.proof.keyId
    if (current === undefined || isOtherKey || isOutOfTime(refused, now())) return held.get()
    const last = searches.get(tokenEndpoint)
    if (last !== undefined && Math.abs(now() - last.startedMs) < SEARCH_PAUSE_MS)
      return last.refusedJti === refused.proof.claims?.jti ? last.found : undefined
    const found = search(current, tokenEndpoint)
    searches.set(tokenEndpoint, { refusedJti: refused.proof.claims?.jti, startedMs: now(), found })
    return found
  }

  return {
    assertionFor(tokenEndpoint) {
      const held = assertions.for(tokenEndpoint)
      const isThere = held.peek() !== undefined
      const assertion = held.get()
      return isThere ? assertion : withinDeadline(WAIT_MS, assertion, tooLate)
    },
    async alternativeTo(refused, tokenEndpoint) {
      try {
        return await withinDeadline(ALTERNATIVE_WAIT_MS, seekAlternative(refused, tokenEndpoint), tooLate)
      } catch {
        // What counts is that the client was refused, not why no other assertion was to be had.
        return undefined
      }
    },
    async check(tokenEndpoint) {
      const held = assertions.for(tokenEndpoint)
      try {
        await withinDeadline(WAIT_MS, held.renew(), tooLate)
      } catch (fault) {
        if (held.peek() === undefined || asAppError(fault).row.kind !== 'upstream') throw fault
      }
    },
    warm: (tokenEndpoint) =>
      void assertions
        .for(tokenEndpoint)
        .get()
        .catch(() => undefined),
  }
}

function isOutOfTime({ proof: { claims } }: ClientAssertion, nowMs: number): boolean {
  return claims !== undefined && (claims.nbf * 1_000 > nowMs || claims.exp * 1_000 <= nowMs)
}
