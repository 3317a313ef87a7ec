/**
 * Assertions that are used once, for servers that take no second one: each request has its own, signed when it is asked for. What is
 * kept is the certificate. A version that was refused gives way to another valid one, with one look a minute at most.
 */
import { withinDeadline } from '../base/deadline.ts'
import type { AppError } from '../errors/appError.ts'
import { type ClientCredential, isOutOfTime, proofFacts } from './clientCredential.ts'
import { ALTERNATIVE_WAIT_MS, SEARCH_PAUSE_MS, WAIT_MS } from './credentialWaits.ts'
import { createSignedAssertions, type SignedAssertionsOptions } from './signedAssertions.ts'

interface OneTimeAssertionsOptions extends SignedAssertionsOptions {
  /** What a wait that took too long is called. */
  readonly tooLate: () => AppError
}

export function createOneTimeAssertions(options: OneTimeAssertionsOptions): ClientCredential {
  const { effects, tooLate } = options
  const { now, log } = effects
  const assertions = createSignedAssertions(options)
  /** The last look for another version, and which is in use since. */
  let search: { readonly startedMs: number; readonly instead: Promise<string> } | undefined

  async function lookFor(version: string): Promise<string> {
    if (search === undefined || Math.abs(now() - search.startedMs) >= SEARCH_PAUSE_MS)
      search = { startedMs: now(), instead: assertions.withoutVersion(version) }
    return search.instead
  }

  return {
    assertionFor: (tokenEndpoint) => withinDeadline(WAIT_MS, assertions.signed(tokenEndpoint), tooLate),
    async alternativeTo(refused, tokenEndpoint) {
      const version = refused.proof.certificate?.version ?? ''
      const another = async () => {
        // Dated by a clock that has been found to be off: nothing was said against the version.
        if (isOutOfTime(refused.proof, now())) return assertions.signed(tokenEndpoint)
        const instead = await lookFor(version)
        if (instead === version) return undefined
        log('warn', 'credential.version_refused', { ...proofFacts(refused.proof), instead })
        return assertions.signed(tokenEndpoint)
      }
      try {
        return await withinDeadline(ALTERNATIVE_WAIT_MS, another(), tooLate)
      } catch {
        // What counts is that the client was refused, not why no other assertion was to be had.
        return undefined
      }
    },
    async check(tokenEndpoint) {
      await withinDeadline(WAIT_MS, assertions.signed(tokenEndpoint), tooLate)
    },
    warm: () => void assertions.readCertificate().catch(() => undefined),
  }
}
