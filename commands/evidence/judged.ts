/** Verdicts on what was read, and how several make one. Pure. */
import type { ApplicationEvidence, Part } from './evidence.ts'

export interface Judged {
  readonly verdict: 'holds' | 'does not hold' | 'not checked'
  /** What was seen, or why nothing was. */
  readonly seen: string
}

export const holds = (seen: string): Judged => ({ verdict: 'holds', seen })
export const fails = (seen: string): Judged => ({ verdict: 'does not hold', seen })
export const unchecked = (seen: string): Judged => ({ verdict: 'not checked', seen })

export function judge<T>(part: Part<T>, of: (value: T) => Judged): Judged {
  return 'known' in part ? of(part.known) : unchecked(part.unknown)
}

/** The worst of all decides; what was seen is told of each, by its name unless it is the same of all. */
export function worstOf(judged: readonly (Judged & { readonly name: string })[]): Judged {
  const has = (verdict: Judged['verdict']): boolean => judged.some((one) => one.verdict === verdict)
  const verdict = has('does not hold') ? 'does not hold' : has('not checked') ? 'not checked' : 'holds'
  const [first, ...others] = judged.map(({ seen }) => seen)
  const isSame = others.every((seen) => seen === first)
  return {
    verdict,
    seen: isSame ? (first ?? '') : judged.map(({ name, seen }) => `${name}: ${seen}`).join('; '),
  }
}

export function forEach(
  applications: readonly ApplicationEvidence[],
  of: (application: ApplicationEvidence) => Judged,
): Judged {
  return worstOf(applications.map((application) => ({ name: application.use, ...of(application) })))
}
