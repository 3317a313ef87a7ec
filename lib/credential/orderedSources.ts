/**
 * Several sources in the order in which they are asked: the next one serves when the one before cannot give an assertion. A source
 * that still holds a valid one can. That Entra refuses an assertion moves nobody on: the registration is wrong then, and not the source.
 * Whoever comes after a source failed is not made to wait for it again: it is tried in the background, and serves as soon as it can.
 */
import type { Effects } from '../base/effects.ts'
import { type AppError, asAppError } from '../errors/appError.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import type { ClientAssertion, ClientCredential, CredentialSource } from './clientCredential.ts'

/** Between two trials of a source that failed, in milliseconds. */
const TRIAL_PAUSE_MS = 15_000

interface OrderedSourcesOptions {
  /** One at least. */
  readonly sources: readonly CredentialSource[]
  readonly effects: Pick<Effects, 'now' | 'log'>
}

export function createOrderedSources({ sources, effects }: OrderedSourcesOptions): ClientCredential {
  const { now, log } = effects
  /** When each source that failed was last tried. Milliseconds since the epoch. */
  const failing = new Map<CredentialSource, number>()

  /** One alone has nobody to serve in its place, and what became of it is told by whoever wanted an assertion. */
  const isList = sources.length > 1

  function setAside(source: CredentialSource, fault: unknown): void {
    if (isList && !failing.has(source))
      log('warn', 'credential.source_failed', { credential: source.kind, ...faultFacts(fault) })
    failing.set(source, now())
  }

  function takeBack(source: CredentialSource): void {
    if (failing.delete(source) && isList) log('info', 'credential.source_serves', { credential: source.kind })
  }

  /** Nobody waits for it. */
  function tryAgain(source: CredentialSource, tokenEndpoint: string): void {
    if (Math.abs(now() - (failing.get(source) ?? 0)) < TRIAL_PAUSE_MS) return
    failing.set(source, now())
    source.check(tokenEndpoint).then(
      () => takeBack(source),
      () => undefined,
    )
  }

  async function assertionFor(tokenEndpoint: string): Promise<ClientAssertion> {
    const aside = sources.filter((source) => failing.has(source))
    for (const source of aside) tryAgain(source, tokenEndpoint)
    const faults = new Map<CredentialSource, unknown>()
    // Where none of the others can, those that failed are asked all the same.
    for (const source of [...sources.filter((one) => !aside.includes(one)), ...aside]) {
      try {
        const assertion = await source.assertionFor(tokenEndpoint)
        takeBack(source)
        return assertion
      } catch (fault) {
        faults.set(source, fault)
        setAside(source, fault)
      }
    }
    throw sources.map((source) => faults.get(source))[0]
  }

  /** What is wrong with a source; undefined where nothing is. */
  async function faultOf(source: CredentialSource, tokenEndpoint: string): Promise<AppError | undefined> {
    try {
      await source.check(tokenEndpoint)
      takeBack(source)
      return undefined
    } catch (fault) {
      return asAppError(fault)
    }
  }

  return {
    assertionFor,
    async alternativeTo(refused, tokenEndpoint) {
      const source = sources.find(({ kind }) => kind === refused.proof.method)
      return source?.alternativeTo(refused, tokenEndpoint)
    },
    async check(tokenEndpoint) {
      const checked = await Promise.all(
        sources.map(async (source) => ({ source, fault: await faultOf(source, tokenEndpoint) })),
      )
      const [first] = checked
      if (first?.fault !== undefined && checked.every(({ fault }) => fault !== undefined)) throw first.fault
      for (const { source, fault } of checked)
        if (fault !== undefined)
          log('warn', 'credential.source_unfit', { credential: source.kind, ...faultFacts(fault) })
    },
    warm: (tokenEndpoint) => void assertionFor(tokenEndpoint).catch(() => undefined),
  }
}
