/** What made-up codes may cost, and what becomes of people meanwhile: on a clock in the test's hand. */
import { describe, expect, it } from 'vitest'
import type { RedeemCode } from '../../../lib/entra/codeRedemption.ts'
import { createRedemptionBulkhead } from '../../../lib/entra/redemptionBulkhead.ts'
import { AppError, asAppError } from '../../../lib/errors/appError.ts'
import { heldClock, settled } from '../../support/heldClock.ts'

/** How long the token endpoint takes. Milliseconds. */
const ANSWER_MS = 100
const OURS = '1.AXQAtenant-and-app'

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
    if (kind === 'forged') throw new AppError('entra/grant_rejected')
    return { identity: 'somebody' }
  }) as unknown as RedeemCode)
  const post = (code: string): Promise<string> => {
    const response = { parameters: new URLSearchParams({ code }) }
    return bulkhead
      .admit(code, () => redeem({ response } as Parameters<RedeemCode>[0]))
      .then(
        () => 'signed in',
        (fault: unknown) => asAppError(fault).code,
      )
  }
  return { clock, post, requests, underway }
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
    expect(await Promise.race([crowd[29], settled()])).toBe('callback/crowded')
  })
})
