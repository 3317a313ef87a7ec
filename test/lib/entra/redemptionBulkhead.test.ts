/** What made-up codes may cost, and what becomes of people meanwhile: on a clock in the test's hand. */
import { describe, expect, it } from 'vitest'
import type { RedeemCode } from '../../../lib/entra/codeRedemption.ts'
import { createRedemptionBulkhead } from '../../../lib/entra/redemptionBulkhead.ts'
import { AppError, asAppError } from '../../../lib/errors/appError.ts'
import { heldClock, settled } from '../../support/heldClock.ts'

/** How long the token endpoint takes. Milliseconds. */
const ANSWER_MS = 100
const OURS = '1.AXQAtenant-and-app'

/** What a code that is no good one comes to, by its end. */
const FAULTS = {
  down: 'entra/unavailable',
  bad: 'entra/request_rejected',
  spent: 'entra/grant_rejected',
  filtered: 'entra/malformed_response',
  portal: 'entra/malformed_response',
} as const

/** The status of what came in place of an answer. */
const STATUS: Readonly<Record<string, number>> = { filtered: 400, portal: 200 }

/** An instance, and a token endpoint that takes codes which end in `good`. */
function openInstance() {
  const clock = heldClock()
  const underway = { forged: 0, real: 0, mostForged: 0 }
  const requests = { forged: 0, real: 0 }
  const bulkhead = createRedemptionBulkhead(clock)
  const redeem = bulkhead.watch((async ({ response }: Parameters<RedeemCode>[0]) => {
    const kind = response.parameters.get('code')?.endsWith('good') ? 'real' : 'forged'
    requests[kind] += 1
    underway[kind] += 1
    underway.mostForged = Math.max(underway.mostForged, underway.forged)
    await clock.sleep(ANSWER_MS)
    underway[kind] -= 1
    const end = response.parameters.get('code')?.split('-').at(-1) as keyof typeof FAULTS
    if (kind === 'forged')
      throw new AppError(FAULTS[end] ?? FAULTS.spent, { facts: { answerStatus: STATUS[end] } })
    return { identity: 'somebody' }
  }) as unknown as RedeemCode)
  const post = (code: string): Promise<string> => {
    const response = { parameters: new URLSearchParams({ code }) }
    return bulkhead
      .admit(code, () => redeem({ response } as Parameters<RedeemCode>[0]))
      .then(
        () => 'signed in',
        (fault: unknown) => {
          const { code, context } = asAppError(fault)
          return [code, context.detail].filter(Boolean).join(': ')
        },
      )
  }
  /** So many codes that come to nothing. */
  async function spend(count: number, end: keyof typeof FAULTS = 'spent'): Promise<void> {
    const outcomes = Array.from({ length: count }, (_, n) => post(`made-up-${n}-${end}`))
    await clock.advance(ANSWER_MS)
    await Promise.all(outcomes)
  }
  /** How many of a crowd whose codes begin so are redeemed at once. */
  async function atOnce(beginning: string): Promise<number> {
    const before = underway.real
    for (let n = 0; n < 40; n += 1) void post(`${beginning}.${n}-good`)
    await settled()
    return underway.real - before
  }
  const signIn = async (code: string): Promise<void> => {
    const outcome = post(code)
    await clock.advance(ANSWER_MS)
    expect(await outcome).toBe('signed in')
  }
  return { clock, post, requests, underway, spend, atOnce, signIn }
}
type Instance = ReturnType<typeof openInstance>

/** Ten seconds with a thousand made-up answers each, and with five people. */
async function flood({ clock, post }: Instance, forge: (n: number) => string, person: (n: number) => string) {
  const outcomes: Promise<string>[] = []
  for (let tick = 0; tick < 1_000; tick += 1) {
    for (let i = 0; i < 10; i += 1) void post(forge(tick * 10 + i))
    if (tick % 20 === 0) outcomes.push(post(person(tick)))
    await clock.advance(10)
  }
  for (let i = 0; i < 150; i += 1) await clock.advance(100)
  return Promise.all(outcomes)
}

describe('a flood of made-up answers, a thousand a second for ten seconds', () => {
  it('takes a bounded share of the token requests, and everybody whose code begins as it should signs in', async () => {
    const instance = openInstance()
    const first = instance.post(`${OURS}.0.good`)
    await instance.clock.advance(ANSWER_MS)
    expect(await first).toBe('signed in')
    const outcomes = await flood(
      instance,
      (n) => `made-up-${n}`,
      (n) => `${OURS}.${n}.good`,
    )

    expect(outcomes).toEqual(Array(50).fill('signed in'))
    // Of ten thousand: what came before the budget was used up, and four at a time after that.
    expect(instance.requests.forged).toBeLessThan(1_200)
    expect(instance.underway.forged).toBe(0)
  })

  it('by somebody who knows how codes begin has no more than the lane for those, and who else comes so has a share of it', async () => {
    const instance = openInstance()
    const first = instance.post(`${OURS}.0.good`)
    await instance.clock.advance(ANSWER_MS)
    await first
    await flood(
      instance,
      (n) => `${OURS}.${n}`,
      (n) => `${OURS}.${n}.good`,
    )

    expect(instance.requests.forged).toBeLessThan(32 * (10_000 / ANSWER_MS) * 2)
  })

  it('is over with it: a little later every code is redeemed at once again, whatever it looks like', async () => {
    const instance = openInstance()
    await flood(
      instance,
      (n) => `made-up-${n}`,
      (n) => `made-up-${n}`,
    )
    await instance.clock.advance(40_000)
    const late = Array.from({ length: 20 }, (_, n) => instance.post(`unheard-of-${n}-good`))
    await settled()

    expect(instance.underway.real).toBe(20)
    await instance.clock.advance(ANSWER_MS)
    expect(new Set(await Promise.all(late))).toEqual(new Set(['signed in']))
  })
})

describe('an answer', () => {
  it('waits for nobody while few codes are refused, however many come at once', async () => {
    const { post, underway, clock } = openInstance()
    const people = Array.from({ length: 500 }, (_, n) => post(`${n}-good`))
    await settled()

    expect(underway.real).toBe(500)
    await clock.advance(ANSWER_MS)
    expect(new Set(await Promise.all(people))).toEqual(new Set(['signed in']))
  })

  it('that there is no room for is told so, and nothing is done with it', async () => {
    const instance = openInstance()
    const outcomes = Array.from({ length: 40 }, (_, n) => instance.post(`made-up-${n}`))
    await instance.clock.advance(ANSWER_MS)
    await Promise.all(outcomes)
    const before = instance.requests.forged
    const crowd = Array.from({ length: 30 }, (_, n) => instance.post(`made-up-too-${n}`))
    await settled()

    expect(instance.requests.forged - before).toBe(4)
    expect(await Promise.race([crowd[29], settled()])).toBe('callback/crowded: full')
  })
})

describe('the budget of refused codes', () => {
  it.each([
    ['nobody waits while thirty codes are not yet refused', 29, 'spent', 40],
    ['thirty refused codes have all others wait for a place', 30, 'spent', 4],
    ['a code that Entra calls malformed counts as well', 30, 'bad', 4],
    ['so does one that a filter on the way refuses with a page of its own', 30, 'filtered', 4],
    ['a portal in place of Entra refuses no code', 100, 'portal', 40],
    ['a token endpoint that is down refuses no code', 100, 'down', 40],
  ] as const)('%s', async (_what, count, end, expected) => {
    const { spend, atOnce } = openInstance()
    await spend(count, end)

    expect(await atOnce('unheard-of')).toBe(expected)
  })

  it('has one back each half second', async () => {
    const { clock, spend, atOnce } = openInstance()
    await spend(30)
    await clock.advance(1)

    expect(await atOnce('unheard-of')).toBe(40)
  })
})

describe('the beginning of a code that was taken', () => {
  const DAY_MS = 24 * 3_600_000

  it.each([
    ['is known for a day', DAY_MS - 1, 32],
    ['and no longer', DAY_MS, 4],
  ])('%s', async (_what, ageMs, expected) => {
    const { clock, spend, atOnce, signIn } = openInstance()
    await signIn(`${OURS}.0-good`)
    await clock.advance(ageMs - ANSWER_MS)
    await spend(30)

    expect(await atOnce(OURS)).toBe(expected)
  })

  it('is known among 64; the one that was taken longest ago goes first', async () => {
    const beginning = (n: number) => `1.AXQA-${String(n).padStart(9, '0')}`
    const { spend, atOnce, signIn } = openInstance()
    for (let n = 0; n < 64; n += 1) await signIn(`${beginning(n)}.0-good`)
    await signIn(`${beginning(0)}.1-good`)
    await signIn(`${beginning(64)}.0-good`)
    await spend(60)

    expect(await atOnce(beginning(1))).toBe(4)
    expect(await atOnce(beginning(0))).toBe(32)
  })
})
