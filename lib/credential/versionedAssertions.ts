/**
 * Assertions by whichever version of the certificate is taken: no sign-in waits for a signature, because one is ready, and where none is yet nobody waits longer than six
 * seconds. When Entra refuses the version that signed (not known there yet, or taken off before its time), another valid one signs
 * within the same request: one search a minute, whatever the number of requests that were refused.
 */
import { withinDeadline } from '../base/deadline.ts'
import { AppError, asAppError } from '../errors/appError.ts'
import { ENTRA_PROFILE } from './assertionProfile.ts'
import { type ClientAssertion, type ClientCredential, isOutOfTime, proofFacts } from './clientCredential.ts'
import { ALTERNATIVE_WAIT_MS, SEARCH_PAUSE_MS, WAIT_MS } from './credentialWaits.ts'
import { createOneTimeAssertions } from './oneTimeAssertions.ts'
import {
  createSignedAssertions,
  type SignedAssertion,
  type SignedAssertionsOptions,
} from './signedAssertions.ts'

/** A search for another version, shared by all who were refused with the same assertion. */
interface Search {
  readonly refusedJti: string | undefined
  readonly startedMs: number
  readonly found: Promise<ClientAssertion | undefined>
}

interface VersionedAssertionsOptions extends SignedAssertionsOptions {
  /** What a wait that took too long is called: by default the vault's. */
  readonly tooLate?: () => AppError
}

export function createVersionedAssertions(options: VersionedAssertionsOptions): ClientCredential {
  const { tooLate = vaultTimeout, profile = ENTRA_PROFILE, effects } = options
  if (!profile.isReused) return createOneTimeAssertions({ ...options, tooLate })
  const { now, log } = effects
  const assertions = createSignedAssertions(options)
  const searches = new Map<string, Search>()

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
    const isOther = current?.proof.certificate.version !== refused.proof.certificate?.version
    if (current === undefined || isOther || isOutOfTime(refused.proof, now())) return held.get()
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

function vaultTimeout(): AppError {
  return new AppError('vault/timeout', { detail: 'certificate and signature' })
}
