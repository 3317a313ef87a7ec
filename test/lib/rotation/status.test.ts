/** What an operator is told of an exchange, at each of its stages. */
import { describe, expect, it } from 'vitest'
import { statusLines } from '../../../commands/rotate/statusLines.ts'
import { ERRORS } from '../../../lib/errors/table.ts'
import { POLICY_DOUBTS } from '../../../lib/rotation/policy.ts'
import {
  activated,
  type Candidate,
  type Former,
  type NamedVersion,
  NOTHING_YET,
  type RotationState,
} from '../../../lib/rotation/state.ts'
import { rotationStatus } from '../../../lib/rotation/status.ts'
import type { VersionFacts } from '../../../lib/vault/versions.ts'
import { START_MS } from '../../support/heldEffects.ts'

const DAY_MS = 24 * 3_600_000
const named = (version: string): NamedVersion => ({
  version,
  thumbprintS256: `s256-of-${version}`,
  thumbprintSha1: `SHA1-OF-${version}`,
  expiresAtMs: START_MS + 60.5 * DAY_MS,
})
const facts = (version: string, change: Partial<VersionFacts> = {}): VersionFacts => ({
  version,
  enabled: true,
  createdOn: new Date(START_MS - (10 - Number(version.slice(1))) * DAY_MS),
  expiresOn: new Date(START_MS + 60.5 * DAY_MS),
  thumbprintSha1: `SHA1-OF-${version}`,
  ...change,
})
const candidate = (phase: Candidate['phase']): Candidate => ({
  ...named('v2'),
  phase,
  by: 'run',
  sinceMs: START_MS,
  isClaimedAnew: false,
})
const former = (phase: Former['phase']): Former => ({ ...named('v0'), phase, sinceMs: START_MS })
const SIGNING: RotationState = {
  ...NOTHING_YET,
  active: { ...named('v1'), sinceMs: START_MS - DAY_MS },
  lookedAtMs: START_MS,
}
const statusOf = (state: RotationState, versions: readonly VersionFacts[], mayCreate = false) =>
  rotationStatus({ state, versions, mayCreate, nowMs: START_MS })

describe('what comes next', () => {
  const two = [facts('v1'), facts('v2')]

  it.each<[string, RotationState, readonly VersionFacts[], RegExp]>([
    ['before anything is known', NOTHING_YET, [facts('v1')], /^a version is looked for that Entra accepts$/],
    ['with nothing new', SIGNING, [facts('v1')], /^nothing until there is a new version$/],
    [
      'after an hour without a look',
      { ...SIGNING, lookedAtMs: START_MS - DAY_MS },
      [facts('v1')],
      /tried once an hour$/,
    ],
    ['with a new version', SIGNING, two, /^version v2 is going to be registered$/],
    [
      'with one that is claimed',
      { ...SIGNING, candidate: candidate('claimed') },
      two,
      /^version v2 is registered$/,
    ],
    [
      'with one that is registered',
      { ...SIGNING, candidate: candidate('registered') },
      two,
      /^version v2 is proven /,
    ],
    [
      'with one that was disabled meanwhile',
      { ...SIGNING, candidate: candidate('registered') },
      [facts('v1'), facts('v2', { enabled: false })],
      /^version v2 is given up/,
    ],
    [
      'with one that leaves',
      { ...SIGNING, former: [former('leaving')] },
      [facts('v1')],
      /^version v0 begins to rest/,
    ],
    [
      'with one that rests',
      { ...SIGNING, former: [former('resting')] },
      [facts('v1')],
      /^version v0 .*25 minutes$/,
    ],
    [
      'with one that goes',
      { ...SIGNING, former: [former('going')] },
      [facts('v1')],
      /^version v0 is removed /,
    ],
    [
      'with one that is wanted',
      { ...SIGNING, isWanted: true },
      [facts('v1')],
      /^a new version is made in the vault$/,
    ],
    [
      'where the one that signs was disabled',
      SIGNING,
      [facts('v1', { enabled: false })],
      /^a version is looked for/,
    ],
  ])('%s', (_when, state, versions, next) => {
    expect(statusOf(state, versions).next).toMatch(next)
  })

  it('is a new version where one may be made and a third of the life is left, and nothing where it may not', () => {
    const late = [
      facts('v1', {
        notBefore: new Date(START_MS - 130 * DAY_MS),
        expiresOn: new Date(START_MS + 60 * DAY_MS),
      }),
    ]
    expect(statusOf(SIGNING, late, true).next).toBe('a new version is made in the vault')
    expect(statusOf(SIGNING, late, false).next).toBe('nothing until there is a new version')
  })
})

describe('the status', () => {
  const state: RotationState = {
    ...SIGNING,
    candidate: candidate('registered'),
    former: [former('resting')],
    gone: ['v3'],
    revoked: ['v0'],
    hindrances: [
      { step: 'register', version: 'v2', code: 'graph/key_limit', detail: '400 Full', atMs: START_MS },
      { step: 'create', version: '', code: 'rotation/may_not_create', atMs: START_MS },
    ],
    doubts: ['own-not-read'],
    reigns: [
      { version: 'v1', thumbprintSha1: 'SHA1-OF-v1', fromMs: START_MS - DAY_MS },
      {
        version: 'v0',
        thumbprintSha1: 'SHA1-OF-v0',
        fromMs: START_MS - 2 * DAY_MS,
        untilMs: START_MS - DAY_MS,
      },
    ],
  }
  const versions = ['v0', 'v3', 'v1', 'v2', 'v4'].map((version) =>
    facts(version, version === 'v4' ? { enabled: false } : {}),
  )
  const status = statusOf(state, versions)

  it('lists every version of the vault, newest first, with where it stands', () => {
    expect(status.versions.map(({ version, standing }) => `${version} ${standing}`)).toEqual([
      'v4 not in use',
      'v3 gone',
      'v2 registered',
      'v1 signs',
      'v0 resting',
    ])
    expect(status.versions[0]).toMatchObject({ unusable: 'disabled', isRevoked: false })
    expect(status.versions.at(-1)?.isRevoked).toBe(true)
  })

  it('counts whole days that are left, and says what the operator does about each hindrance', () => {
    expect(status.active).toEqual({
      version: 'v1',
      sinceMs: START_MS - DAY_MS,
      isFoundSigning: false,
      daysLeft: 60,
    })
    expect(status.hindrances.map(({ action }) => action)).toEqual([
      ERRORS['graph/key_limit'].operatorAction,
      ERRORS['rotation/may_not_create'].operatorAction,
    ])
  })

  it('is printed with all of that, times in UTC', () => {
    expect(statusLines(status)).toEqual([
      '  v1 signs since 2026-01-14T12:00:00.000Z; 60 days are left of it',
      '    v4  not in use, disabled, until 2026-03-17T00:00:00.000Z, SHA1-OF-v4',
      '    v3  gone, until 2026-03-17T00:00:00.000Z, SHA1-OF-v3',
      '    v2  registered, until 2026-03-17T00:00:00.000Z, SHA1-OF-v2',
      '    v1  signs, until 2026-03-17T00:00:00.000Z, SHA1-OF-v1',
      '    v0  resting, revoked, until 2026-03-17T00:00:00.000Z, SHA1-OF-v0',
      `  in the way of register v2 since 2026-01-15T12:00:00.000Z: graph/key_limit, 400 Full\n    ${ERRORS['graph/key_limit'].operatorAction}`,
      `  in the way of create since 2026-01-15T12:00:00.000Z: rotation/may_not_create\n    ${ERRORS['rotation/may_not_create'].operatorAction}`,
      `  left open when a version was last made, by what the application may read of itself: ${POLICY_DOUBTS['own-not-read']}`,
      '    whoever may read more sees it with npm run doctor, at its check "policy"',
      `  next: ${status.next}`,
      '  who signed:',
      '    v1  SHA1-OF-v1  2026-01-14T12:00:00.000Z to now',
      '    v0  SHA1-OF-v0  2026-01-13T12:00:00.000Z at the latest to 2026-01-14T12:00:00.000Z',
      '    at the latest: so the first run of the timer found it; what signed before then, the log has (credential.signed)',
    ])
    expect(statusLines(statusOf(NOTHING_YET, []))[0]).toContain('no version is known to be accepted yet')
  })

  it('says no moment for the first signature of a version that was found signing, whatever build wrote the row', () => {
    const v1 = {
      version: 'v1',
      thumbprintS256: '',
      thumbprintSha1: 'SHA1-OF-v1',
      expiresAtMs: START_MS + DAY_MS,
    }
    const first = activated(NOTHING_YET, v1, START_MS)
    const found = statusLines(statusOf(first, [facts('v1')]))
    const ofOldBuild = first.reigns.map(({ isFoundSigning: _, ...old }) => old)
    expect(found[0]).toContain('v1 signs at the latest since 2026-01-15T12:00:00.000Z;')
    expect(found.join('\n')).toContain('SHA1-OF-v1  2026-01-15T12:00:00.000Z at the latest to now')
    expect(statusLines(statusOf({ ...first, reigns: ofOldBuild }, [facts('v1')]))).toEqual(found)

    const second = activated(first, { ...v1, version: 'v2', thumbprintSha1: 'SHA1-OF-v2' }, START_MS + DAY_MS)
    const lines = statusLines(statusOf(second, [facts('v2')]))
    expect(lines[0]).toContain('v2 signs since 2026-01-16T12:00:00.000Z;')
    expect(lines.join('\n')).toContain('SHA1-OF-v2  2026-01-16T12:00:00.000Z to now')
    expect(lines.join('\n')).toContain('Z at the latest to 2026-01-16T12:00:00.000Z')
  })
})
