/**
 * What a browser gets that asks for its next bound cookie. A signature of the registered key over a challenge that is not the current one is
 * a race, never an attack: the answer to it was lost, or another instance was faster. What was not signed with that key is refused, and
 * three of that within a minute are somebody who has the cookie in hand and not the key. No I/O; pure but for the bytes.
 */
import type { Binding } from '../session/binding.ts'
import { nextCookie } from './boundCookie.ts'
import { isRefreshChallenge } from './challenge.ts'
import { judgeRefresh, type ProofFlaw } from './proof.ts'

/** Refused proofs after which the session ends. */
const MOST_REFUSED = 3
/** Within so long. Milliseconds. */
const REFUSED_WITHIN_MS = 60_000

export type RefreshDecision =
  /** `unasked`: no proof came. `stale`: one that is signed as it should be, over another challenge than the current one. */
  | { readonly kind: 'challenge'; readonly why: 'unasked' | 'stale' }
  | { readonly kind: 'granted'; readonly cookie: string; readonly next: Binding }
  | {
      readonly kind: 'refused'
      readonly flaw: ProofFlaw
      readonly next: Binding
      /** Too many of them: the session ends. */
      readonly isAttack: boolean
    }

/** `proof`: the header as it came, undefined where there was none. */
export async function decideRefresh(
  binding: Binding,
  proof: string | undefined,
  nowMs: number,
  random: (bytes: number) => Uint8Array,
): Promise<RefreshDecision> {
  if (proof === undefined) return { kind: 'challenge', why: 'unasked' }
  const judged = await judgeRefresh(proof, binding.key)
  if ('flaw' in judged) return refuse(binding, judged.flaw, nowMs)
  if (!isRefreshChallenge(binding, judged.challenge, nowMs)) return { kind: 'challenge', why: 'stale' }
  const { value, binding: next } = nextCookie(binding, nowMs, random)
  return { kind: 'granted', cookie: value, next: { ...next, shownAtMs: binding.shownAtMs ?? nowMs } }
}

function refuse(binding: Binding, flaw: ProofFlaw, nowMs: number): RefreshDecision {
  const refusedAtMs = [...binding.refusedAtMs.filter((ms) => nowMs < ms + REFUSED_WITHIN_MS), nowMs]
  return {
    kind: 'refused',
    flaw,
    next: { ...binding, refusedAtMs },
    isAttack: refusedAtMs.length >= MOST_REFUSED,
  }
}
