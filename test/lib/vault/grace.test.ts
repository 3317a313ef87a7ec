import { describe, expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { createGrace, GRACE_MS } from '../../../lib/vault/grace.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const refusal = () => new AppError('vault/forbidden', { detail: 'RestError 403 ForbiddenByRbac' })

/** A vault call with grace: `answers` are what the vault does, one after another, the last of them for ever. */
function world(...answers: readonly ('in' | 'refused' | 'away')[]) {
  const effects = heldEffects()
  const seen = { calls: 0, renewals: 0 }
  const withGrace = createGrace(effects, async () => {
    seen.renewals += 1
  })
  const call = async () => {
    const answer = answers[Math.min(seen.calls, answers.length - 1)]
    seen.calls += 1
    if (answer === 'refused') throw refusal()
    if (answer === 'away') throw new AppError('vault/unavailable')
    return 'signed'
  }
  return {
    effects,
    seen,
    ask: () => withGrace(call),
    codeOf: async () => (await faultOf(() => withGrace(call))).code,
  }
}

describe('a vault that refuses us', () => {
  it('is tried once more with a token that was asked for anew, and nobody notices', async () => {
    const { ask, seen } = world('refused', 'in')
    expect(await ask()).toBe('signed')
    expect(seen).toEqual({ calls: 2, renewals: 1 })
  })

  it('has ten minutes from its first refusal on; then it is a fault that somebody has to set right', async () => {
    const { codeOf, effects } = world('refused')
    expect(await codeOf()).toBe('vault/not_yet_allowed')
    effects.advance(GRACE_MS - 1)
    expect(await codeOf()).toBe('vault/not_yet_allowed')
    effects.advance(1)
    expect(await codeOf()).toBe('vault/forbidden')
    expect(await codeOf()).toBe('vault/forbidden')
  })

  it('says the vault’s own reason from the first refusal on', async () => {
    const { ask } = world('refused')
    const { context } = await faultOf(ask)
    expect(context.detail).toBe('RestError 403 ForbiddenByRbac')
    expect(context.cause).toBeUndefined()
  })

  it('is asked with a new token once, and not with each refusal', async () => {
    const { codeOf, seen } = world('refused')
    for (let i = 0; i < 3; i += 1) await codeOf()
    expect(seen).toEqual({ calls: 4, renewals: 1 })
  })

  it('has the ten minutes anew once it let us in between', async () => {
    const { ask, codeOf, effects } = world('refused', 'refused', 'in', 'refused')
    await codeOf()
    effects.advance(GRACE_MS - 1)
    expect(await ask()).toBe('signed')
    effects.advance(GRACE_MS)
    expect(await codeOf()).toBe('vault/not_yet_allowed')
  })

  it('has no more of it where the clock was set back meanwhile', async () => {
    const { codeOf, effects } = world('refused')
    await codeOf()
    effects.advance(-3_600_000)
    expect(await codeOf()).toBe('vault/not_yet_allowed')
    effects.advance(GRACE_MS)
    expect(await codeOf()).toBe('vault/forbidden')
  })
})

it('any other fault is left as it is, and costs no new token', async () => {
  const { codeOf, seen } = world('away')
  expect(await codeOf()).toBe('vault/unavailable')
  expect(seen).toEqual({ calls: 1, renewals: 0 })
})
