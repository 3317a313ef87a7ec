import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ACTIVATION_DELAY_MS,
  chooseVersion,
  isSettled,
  type VersionFacts,
  whyUnusable,
} from '../../../lib/vault/versions.ts'

const NOW_MS = Date.UTC(2026, 0, 15)
const DAY_MS = 24 * 3_600_000
const at = (offsetMs: number): Date => new Date(NOW_MS + offsetMs)

function version(name: string, ageMs: number, facts: VersionFacts = {}): VersionFacts {
  return { version: name, enabled: true, createdOn: at(-ageMs), expiresOn: at(365 * DAY_MS), ...facts }
}

describe('isSettled', () => {
  it.each<[string, VersionFacts, boolean]>([
    ['a day old', version('v', ACTIVATION_DELAY_MS), true],
    ['a day less a millisecond old', version('v', ACTIVATION_DELAY_MS - 1), false],
    ['old but disabled', version('v', 9 * DAY_MS, { enabled: false }), false],
    ['old but expired this millisecond', version('v', 9 * DAY_MS, { expiresOn: at(0) }), false],
    ['old and in its last millisecond', version('v', 9 * DAY_MS, { expiresOn: at(1) }), true],
    ['old but not valid yet', version('v', 9 * DAY_MS, { notBefore: at(1) }), false],
    ['old and valid from now on', version('v', 9 * DAY_MS, { notBefore: at(0) }), true],
    ['of unknown age, with nothing said', { version: 'v' }, true],
  ])('of a version %s', (_name, facts, expected) => {
    expect(isSettled(facts, NOW_MS)).toBe(expected)
  })
})

describe('chooseVersion', () => {
  it.each<[string, VersionFacts[], string | undefined]>([
    ['none where there is none', [], undefined],
    ['the only one, however young', [version('only', 0)], 'only'],
    ['the newest of the settled ones', [version('a', 9 * DAY_MS), version('b', 2 * DAY_MS)], 'b'],
    ['the old one while the new one is young', [version('old', 300 * DAY_MS), version('new', 1)], 'old'],
    [
      'the new one where the old one has expired',
      [version('old', 300 * DAY_MS, { expiresOn: at(-1) }), version('new', 1)],
      'new',
    ],
    [
      'the new one where the old one is disabled',
      [version('old', 300 * DAY_MS, { enabled: false }), version('new', 1)],
      'new',
    ],
    ['the older of two young ones', [version('second', 1_000), version('first', 2_000)], 'first'],
    ['none where all have expired', [version('old', 9 * DAY_MS, { expiresOn: at(-1) })], undefined],
    ['none that starts tomorrow', [version('next', 9 * DAY_MS, { notBefore: at(DAY_MS) })], undefined],
  ])('is %s', (_name, versions, expected) => {
    expect(chooseVersion(versions, NOW_MS)).toBe(expected)
    expect(chooseVersion([...versions].reverse(), NOW_MS)).toBe(expected)
  })

  it.each<[string, VersionFacts[], string[], string | undefined]>([
    ['the one before a refused newest', [version('a', 9 * DAY_MS), version('b', 2 * DAY_MS)], ['b'], 'a'],
    [
      'a young one rather than a refused old one',
      [version('old', 9 * DAY_MS), version('new', 1)],
      ['old'],
      'new',
    ],
    [
      'the newest settled one of those that were not refused',
      [version('a', 9 * DAY_MS), version('b', 8 * DAY_MS), version('c', 7 * DAY_MS), version('d', 1)],
      ['c'],
      'b',
    ],
    [
      'the usual one where all were refused',
      [version('a', 9 * DAY_MS), version('b', 2 * DAY_MS)],
      ['a', 'b'],
      'b',
    ],
    ['the only one, refused or not', [version('only', 9 * DAY_MS)], ['only'], 'only'],
    [
      'a refused one rather than a disabled one',
      [version('a', 9 * DAY_MS, { enabled: false }), version('b', 2 * DAY_MS)],
      ['b'],
      'b',
    ],
  ])('is %s', (_name, versions, refused, expected) => {
    expect(chooseVersion(versions, NOW_MS, new Set(refused))).toBe(expected)
  })

  it('replaces the old version at the very moment the new one is a day old', () => {
    const versions = [version('old', 300 * DAY_MS), version('new', 0)]

    expect(chooseVersion(versions, NOW_MS + ACTIVATION_DELAY_MS - 1)).toBe('old')
    expect(chooseVersion(versions, NOW_MS + ACTIVATION_DELAY_MS)).toBe('new')
  })

  it('never signs with an invalid version, nor with a young one while a settled one is valid', () => {
    const offsetMs = fc.integer({ min: -3 * DAY_MS, max: 3 * DAY_MS })
    const facts = fc.record(
      {
        enabled: fc.boolean(),
        createdOn: offsetMs.map((ms) => at(Math.min(ms, 0))),
        notBefore: offsetMs.map(at),
        expiresOn: offsetMs.map(at),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 6 }), (all) => {
        const versions = all.map((one, i) => ({ ...one, version: `v${i}` }))
        const chosen = versions.find((one) => one.version === chooseVersion(versions, NOW_MS))
        const settled = versions.filter((one) => isSettled(one, NOW_MS))
        if (settled.length > 0) expect(settled).toContain(chosen)
        if (chosen === undefined) return
        expect(chosen.enabled).not.toBe(false)
        expect(chosen.notBefore?.getTime() ?? 0).toBeLessThanOrEqual(NOW_MS)
        expect(chosen.expiresOn?.getTime() ?? Number.POSITIVE_INFINITY).toBeGreaterThan(NOW_MS)
      }),
      { numRuns: 500 },
    )
  })
})

describe('whyUnusable', () => {
  it.each<[string, VersionFacts, string | undefined]>([
    ['nothing', version('v', DAY_MS), undefined],
    ['disabled', version('v', DAY_MS, { enabled: false }), 'disabled'],
    ['its end', version('v', DAY_MS, { expiresOn: at(0) }), 'expired 2026-01-15T00:00:00.000Z'],
    ['its start', version('v', DAY_MS, { notBefore: at(1) }), 'not valid before 2026-01-15T00:00:00.001Z'],
  ])('names %s', (_name, facts, expected) => {
    expect(whyUnusable(facts, NOW_MS)).toBe(expected)
  })
})
