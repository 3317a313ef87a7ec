import { afterEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { ATTEMPT_MS, attemptVault, BUDGET_MS } from '../../../lib/vault/attempts.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** A vault that answers one outcome after another, each taking `tookMs`. */
function script(outcomes: readonly (string | Error)[], tookMs = 0) {
  const effects = heldEffects()
  const signals: AbortSignal[] = []
  const call = async (signal: AbortSignal): Promise<string> => {
    signals.push(signal)
    effects.advance(tookMs)
    const outcome = outcomes[signals.length - 1] ?? 'unexpected call'
    if (outcome instanceof Error) throw outcome
    return outcome
  }
  return { effects, signals, call }
}

const unavailable = Object.assign(new Error('down'), { statusCode: 503 })
const forbidden = Object.assign(new Error('no'), { statusCode: 403 })
const throttled = (retryAfterSec?: number) =>
  new AppError('vault/throttled', retryAfterSec === undefined ? {} : { retryAfterSec })
/** As the SDK throws it. */
const busy = (retryAfter: string) =>
  Object.assign(new Error('busy'), {
    statusCode: 429,
    response: { headers: new Headers({ 'retry-after': retryAfter }) },
  })

describe('attemptVault', () => {
  it('gives the result of a first attempt that succeeds', async () => {
    const { effects, signals, call } = script(['signed'])

    expect(await attemptVault(effects, call)).toBe('signed')
    expect(signals).toHaveLength(1)
    expect(effects.pauses).toEqual([])
  })

  it('tries once more after a fault that may pass', async () => {
    const { effects, call } = script([unavailable, 'signed'])

    expect(await attemptVault(effects, call)).toBe('signed')
    expect(effects.pauses).toHaveLength(1)
  })

  it('tries no third time, and throws the last fault', async () => {
    const { effects, signals, call } = script([throttled(), unavailable, 'signed'])

    expect((await faultOf(() => attemptVault(effects, call))).code).toBe('vault/unavailable')
    expect(signals).toHaveLength(2)
  })

  it('tries no second time after a fault that stays', async () => {
    const { effects, signals, call } = script([forbidden, 'signed'])

    expect((await faultOf(() => attemptVault(effects, call))).code).toBe('vault/forbidden')
    expect(signals).toHaveLength(1)
    expect(effects.pauses).toEqual([])
  })

  it('waits as long as Retry-After says where that fits the budget', async () => {
    const { effects, call } = script([throttled(2), 'signed'])

    expect(await attemptVault(effects, call)).toBe('signed')
    expect(effects.pauses).toEqual([2_000])
  })

  it.each(['0', '-1', '0.3', new Date(0).toUTCString()])(
    'is never made again at once, though the vault says that it may: %s',
    async (header) => {
      const { effects, call } = script([busy(header), 'signed'])

      expect(await attemptVault(effects, call)).toBe('signed')
      expect(effects.pauses).toEqual([1_000])
    },
  )

  it('is not made again where the vault asks for more time than there is a number for', async () => {
    const { effects, signals, call } = script([busy('9'.repeat(40)), 'signed'])

    expect((await faultOf(() => attemptVault(effects, call))).context.retryAfterSec).toBe(86_400)
    expect(signals).toHaveLength(1)
  })

  it('does not wait for a Retry-After beyond the budget, and passes it on', async () => {
    const { effects, signals, call } = script([throttled(4), 'signed'])

    const fault = await faultOf(() => attemptVault(effects, call))

    expect([fault.code, fault.context.retryAfterSec]).toEqual(['vault/throttled', 4])
    expect(effects.pauses).toEqual([])
    expect(signals).toHaveLength(1)
  })

  it('counts what the first attempt took against the budget, to the millisecond', async () => {
    const roomForPauseMs = BUDGET_MS - ATTEMPT_MS - 2_000
    const fits = script([throttled(2), 'signed'], roomForPauseMs)
    const tooLate = script([throttled(2), 'signed'], roomForPauseMs + 1)

    expect(await attemptVault(fits.effects, fits.call)).toBe('signed')
    expect((await faultOf(() => attemptVault(tooLate.effects, tooLate.call))).code).toBe('vault/throttled')
  })

  it.each([-3_600_000, 3_600_000])(
    'tries again all the same where the clock is set right by %i ms meanwhile',
    async (ms) => {
      const { effects, call } = script([throttled(1), 'signed'], ms)

      expect(await attemptVault(effects, call)).toBe('signed')
    },
  )

  it('waits no longer for a clock that is set back meanwhile', async () => {
    const { effects, call } = script([throttled(60), 'signed'], -3_600_000)

    expect((await faultOf(() => attemptVault(effects, call))).code).toBe('vault/throttled')
    expect(effects.pauses).toEqual([])
  })

  it('pauses at random around a third of a second where the vault names no time', async () => {
    const pauseWith = async (byte: number): Promise<number | undefined> => {
      const { effects, call } = script([throttled(), 'signed'])
      await attemptVault({ ...effects, random: () => Uint8Array.of(byte) }, call)
      return effects.pauses[0]
    }

    expect(await pauseWith(0)).toBe(150)
    expect(await pauseWith(255)).toBe(450)
  })

  it('gives every attempt a deadline of its own', async () => {
    const asked: number[] = []
    const deadlines = [new AbortController(), new AbortController()]
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      asked.push(ms)
      return deadlines[asked.length - 1]?.signal ?? AbortSignal.abort()
    })
    const { effects, signals, call } = script([unavailable, 'signed'])

    await attemptVault(effects, call)

    expect(asked).toEqual([ATTEMPT_MS, ATTEMPT_MS])
    expect(signals).toEqual(deadlines.map(({ signal }) => signal))
  })

  it('takes a missed deadline for a fault that may pass', async () => {
    const missed = Object.assign(new Error('The operation was aborted.'), { name: 'AbortError' })
    const { effects, call } = script([missed, 'signed'], ATTEMPT_MS)

    expect(await attemptVault(effects, call)).toBe('signed')
  })

  it('ends within its budget however the vault misbehaves', async () => {
    for (const retryAfterSec of [undefined, 0, 1, 2, 3, 4, 60, 86_400])
      for (const tookMs of [0, 500, 1_500, ATTEMPT_MS]) {
        const { effects, call } = script([throttled(retryAfterSec), throttled(retryAfterSec)], tookMs)
        const startedMs = effects.now()
        await faultOf(() => attemptVault(effects, call))
        expect(effects.now() - startedMs).toBeLessThanOrEqual(BUDGET_MS)
      }
  })
})
