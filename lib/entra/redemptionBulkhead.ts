/**
 * Limits what forged authorization responses can cost. Anybody can make up a transaction with its cookie and post a code to it, and only the token
 * endpoint can tell what the code is worth. While few codes are refused, everybody passes. Once the budget of refusals is used up, codes
 * that begin like one which Entra took lately have a lane of their own, and all others share a narrow one: whoever never signed in here does
 * not know how Entra's codes for this application begin. Whoever did can imitate that, and has no more than the wide lane then: the share of
 * token requests under way is bounded in any case. What is known of codes is a beginning that names tenant and application, in the
 * memory of one instance; nobody is refused for it alone.
 */
import type { Effects } from '../base/effects.ts'
import { putLast } from '../base/putLast.ts'
import { createQueue } from '../base/queue.ts'
import { AppError, asAppError } from '../errors/appError.ts'
import type { ErrorCode } from '../errors/table.ts'
import type { RedeemCode } from './codeRedemption.ts'
import { isRefusalOfContents } from './tokenAnswer.ts'

/** Refused codes that an instance puts up with at once. */
const REFUSALS = 30
/** After so long one of them is forgotten. Milliseconds. */
const FORGOTTEN_MS = 500
/** What says that it was the code which was no good; a page with status 4xx in place of an answer says so too. */
const REFUSES_THE_CODE: readonly ErrorCode[] = ['entra/grant_rejected', 'entra/request_rejected']
/** Redemptions under way at once while too many codes are refused: those that begin as they should, and all others. */
const KNOWN_AT_ONCE = 32
const STRANGERS_AT_ONCE = 4
/** How many of each may wait for their turn, and how long. */
const KNOWN_WAITING = 256
const STRANGERS_WAITING = 16
const WAIT_MS = 10_000
/** Characters of a code that tell where it comes from. */
const BEGINNING = 16
const MOST_BEGINNINGS = 64
/** How long a beginning is known after a code with it was taken. Milliseconds. */
const KNOWN_MS = 24 * 3_600_000

export interface RedemptionBulkhead {
  /** Does `work`, which redeems this code, once there is room for it. Throws `callback/crowded`, and then nothing was done. */
  admit<T>(code: string, work: () => Promise<T>): Promise<T>
  /** The same redemption, with an ear on what each code comes to. */
  watch(redeem: RedeemCode): RedeemCode
}

export function createRedemptionBulkhead(effects: Pick<Effects, 'now' | 'sleep'>): RedemptionBulkhead {
  const { now } = effects
  const refusal = (why: string): AppError => new AppError('callback/crowded', { detail: why })
  const lane = (mostUnderway: number, mostWaiting: number) =>
    createQueue({ mostUnderway, mostWaiting, effects, refusal })
  const known = lane(KNOWN_AT_ONCE, KNOWN_WAITING)
  const strangers = lane(STRANGERS_AT_ONCE, STRANGERS_WAITING)
  /** When a code with this beginning was last taken; the latest last. */
  const beginnings = new Map<string, number>()
  let refused = { count: 0, atMs: now() }

  const refusals = (): number => Math.max(0, refused.count - Math.max(0, now() - refused.atMs) / FORGOTTEN_MS)

  function isKnown(code: string): boolean {
    const takenAtMs = beginnings.get(code.slice(0, BEGINNING))
    return takenAtMs !== undefined && now() - takenAtMs < KNOWN_MS
  }

  const taken = (code: string): void => putLast(beginnings, code.slice(0, BEGINNING), now(), MOST_BEGINNINGS)

  return {
    admit(code, work) {
      if (refusals() < REFUSALS) return work()
      return (isKnown(code) ? known : strangers).run(work, WAIT_MS)
    },
    watch: (redeem) => async (input) => {
      const code = input.response.parameters.get('code') ?? ''
      try {
        const redemption = await redeem(input)
        taken(code)
        return redemption
      } catch (fault) {
        const thrown = asAppError(fault)
        if (REFUSES_THE_CODE.includes(thrown.code) || isRefusalOfContents(thrown))
          refused = { count: Math.min(refusals(), 2 * REFUSALS) + 1, atMs: now() }
        throw fault
      }
    },
  }
}
