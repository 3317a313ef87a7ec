/** How long an instance believes what the row says about who signs: as long as a former version rests, and no longer. */
import { expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { createNameVersions } from '../../../lib/rotation/nameVersions.ts'
import {
  type Former,
  type NamedVersion,
  NOTHING_YET,
  type RotationState,
} from '../../../lib/rotation/state.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'

const SECOND_MS = 1_000
const named = (version: string): NamedVersion => ({
  version,
  thumbprintS256: '',
  thumbprintSha1: '',
  expiresAtMs: START_MS,
})
const signing = (version: string, change: Partial<RotationState> = {}): RotationState => ({
  ...NOTHING_YET,
  active: { ...named(version), sinceMs: START_MS },
  ...change,
})

function openNaming(first = signing('v1')) {
  const effects = heldEffects()
  const row: { state: RotationState | undefined; isAway: boolean; reads: number } = {
    state: first,
    isAway: false,
    reads: 0,
  }
  const nameVersions = createNameVersions(
    {
      async read() {
        row.reads += 1
        if (row.isAway) throw new AppError('session/store_unavailable')
        return row.state && { state: row.state, etag: 'W/"1"' }
      },
    },
    effects,
  )
  const signs = async (anew?: boolean) => (await nameVersions(anew))?.signs
  return { effects, row, nameVersions, signs }
}

it('the row is read once in half a minute, however often something is signed', async () => {
  const { effects, row, signs } = openNaming()
  await signs()
  effects.advance(29 * SECOND_MS)
  expect([await signs(), await signs(), row.reads]).toEqual(['v1', 'v1', 1])
})

it('for another half minute nobody waits for it, and what was read in the background holds for the next', async () => {
  const { effects, row, signs } = openNaming()
  await signs()
  row.state = signing('v2')
  effects.advance(45 * SECOND_MS)
  expect([await signs(), row.reads]).toEqual(['v1', 2])
  expect([await signs(), row.reads]).toEqual(['v2', 2])
})

it('what is a minute old is not signed with before the row was asked', async () => {
  const { effects, row, signs } = openNaming()
  await signs()
  row.state = signing('v2')
  effects.advance(60 * SECOND_MS)
  expect(await signs()).toBe('v2')
})

it('a table that does not answer is believed for ten minutes, then nothing is signed', async () => {
  const { effects, row, signs } = openNaming()
  await signs()
  row.isAway = true
  effects.advance(10 * 60 * SECOND_MS - 1)
  expect(await signs()).toBe('v1')
  expect(effects.logs.map(({ event }) => event)).toEqual(['rotation.not_read'])
  effects.advance(1)
  await expect(signs()).rejects.toMatchObject({ code: 'session/store_unavailable' })
})

it('after a refusal the row is read anew, and what is remembered serves where it cannot be', async () => {
  const { row, signs } = openNaming()
  await signs()
  row.state = signing('v2')
  expect(await signs(true)).toBe('v2')
  row.isAway = true
  expect(await signs(true)).toBe('v2')
})

it('before Entra accepted a first version nothing is named, and the rule of age decides', async () => {
  expect(await openNaming(NOTHING_YET).nameVersions()).toBeUndefined()
  const { row, nameVersions } = openNaming()
  row.state = undefined
  expect(await nameVersions()).toBeUndefined()
})

it('versions that leave or rest may stand in, and those that go, are gone or were revoked may not', async () => {
  const former = (version: string, phase: Former['phase']): Former => ({ ...named(version), phase })
  const state = signing('v9', {
    former: [
      former('v8', 'leaving'),
      former('v7', 'resting'),
      former('v6', 'going'),
      former('v5', 'resting'),
    ],
    gone: ['v4', 'v9'],
    revoked: ['v5'],
  })
  expect(await openNaming(state).nameVersions()).toEqual({
    signs: 'v9',
    instead: ['v8', 'v7'],
    barred: new Set(['v4', 'v5', 'v6']),
  })
})
