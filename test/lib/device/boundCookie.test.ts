import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COOKIE_MS, isGood, nextCookie, OVERLAP_MS } from '../../../lib/device/boundCookie.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'

const { random } = heldEffects()
const EMPTY = { round: 0, cookies: [] }

describe('the bound cookie', () => {
  it('is good for ten minutes, and not a millisecond longer', () => {
    const { value, binding } = nextCookie(EMPTY, START_MS, random)

    expect(isGood(binding, value, START_MS + COOKIE_MS - 1)).toBe(true)
    expect(isGood(binding, value, START_MS + COOKIE_MS)).toBe(false)
  })

  it('is kept by its hash: neither the value nor a part of it is in the binding', () => {
    const { value, binding } = nextCookie(EMPTY, START_MS, random)

    expect(JSON.stringify(binding)).not.toContain(value.slice(0, 8))
  })

  it('of any hurry: the newest is good, each older one for a minute after its successor at most, and four at most', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 2 * COOKIE_MS }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(pauses, (waits) => {
        let nowMs = START_MS
        let binding: Parameters<typeof nextCookie>[0] = EMPTY
        const given: { value: string; atMs: number }[] = []
        for (const wait of waits) {
          nowMs += wait
          const next = nextCookie(binding, nowMs, random)
          binding = next.binding
          given.push({ value: next.value, atMs: nowMs })
        }
        const last = given.length - 1
        expect(isGood(binding, given[last]?.value ?? '', nowMs)).toBe(true)
        expect(binding).toMatchObject({ round: waits.length })
        expect(given.filter(({ value }) => isGood(binding, value, nowMs)).length).toBeLessThanOrEqual(4)
        given.forEach(({ value, atMs }, i) => {
          const successorMs = given[i + 1]?.atMs ?? Infinity
          const endsAtMs = Math.min(atMs + COOKIE_MS, successorMs + OVERLAP_MS)
          expect(isGood(binding, value, Math.max(nowMs, endsAtMs))).toBe(false)
        })
      }),
    )
  })

  it.each(['', 'A'.repeat(43), 'no value'])('is not %j', (value) => {
    const { binding } = nextCookie(EMPTY, START_MS, random)
    expect(isGood(binding, value, START_MS)).toBe(false)
  })
})
