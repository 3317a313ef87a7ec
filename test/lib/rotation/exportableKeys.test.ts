/** A version whose key could be copied is no credential that stays in the vault: the exchange does not register it, and brings none into use. */
import { describe, expect, test } from 'vitest'
import { createRotationModel, type RotationModel } from '../../support/rotationModel.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** v1 signs; v2 is newer, and its key can be exported. */
async function openModel(): Promise<RotationModel> {
  const model = createRotationModel()
  model.registerByHand(model.makeVersion())
  model.clock.advance(2 * DAY_MS)
  await model.run()
  model.exportable.add(model.makeVersion())
  model.asked.length = 0
  return model
}

const activeOf = async (model: RotationModel) => (await model.state())?.active?.version
const hindrancesOf = async (model: RotationModel): Promise<string[]> =>
  ((await model.state())?.hindrances ?? []).map(({ step, version, code }) => `${step} ${version} ${code}`)

test('it is not registered, nothing is asked of Entra for it, and the log and the row say why', async () => {
  const model = await openModel()
  await model.run()

  expect([await activeOf(model), model.own(), model.asked.includes('add')]).toEqual(['v1', ['v1'], false])
  expect(await hindrancesOf(model)).toEqual(['claim v2 rotation/key_exportable'])
  const { level, facts } = model.clock.logs.find(({ event }) => event === 'rotation.hindered') ?? {}
  expect([level, facts?.certificateVersion, facts?.fault]).toEqual(['warn', 'v2', 'rotation/key_exportable'])
})

test('it stays one when the policy is mended afterwards: a copy may have been taken', async () => {
  const model = await openModel()
  await model.run()
  model.exportable.clear()
  model.clock.advance(DAY_MS)
  await model.run({ isUrgent: true })

  expect([await activeOf(model), model.own()]).toEqual(['v1', ['v1']])
})

test('that somebody registered it by hand does not bring it into use', async () => {
  const model = await openModel()
  model.registerByHand('v2')
  await model.run()
  model.clock.advance(HOUR_MS)
  await model.run()

  expect(await activeOf(model)).toBe('v1')
})

test('another new version is exchanged for past it, older or younger, and then it is in nobody’s way', async () => {
  const model = createRotationModel()
  model.registerByHand(model.makeVersion())
  model.clock.advance(2 * DAY_MS)
  await model.run()
  model.makeVersion()
  model.clock.advance(1_000)
  model.exportable.add(model.makeVersion())
  await model.run()
  expect([await activeOf(model), model.own()]).toEqual(['v2', ['v1', 'v2']])
  expect(await hindrancesOf(model)).toEqual(['claim v3 rotation/key_exportable'])

  model.clock.advance(1_000)
  model.makeVersion()
  await model.run()
  expect([await activeOf(model), await hindrancesOf(model)]).toEqual(['v4', []])
})

test('one that is disabled is in nobody’s way any more', async () => {
  const model = await openModel()
  await model.run()
  model.disable('v2')
  model.clock.advance(HOUR_MS)
  await model.run()

  expect(await hindrancesOf(model)).toEqual([])
})

test.each(['claimed', 'registered'] as const)(
  'one that an older build had %s is given up, and its key is taken out',
  async (phase) => {
    const model = await openModel()
    model.registerByHand('v2')
    const names = {
      version: 'v2',
      thumbprintS256: 's256-of-v2',
      thumbprintSha1: '',
      expiresAtMs: Number.MAX_SAFE_INTEGER,
    }
    const candidate = { ...names, phase, by: 'older', sinceMs: 0, isClaimedAnew: false }
    await model.change((state) => ({ ...state, candidate }))
    await model.run()
    model.clock.advance(30 * 60_000)
    await model.run()

    expect([await activeOf(model), model.own()]).toEqual(['v1', ['v1']])
  },
)

test('where no other can sign, the one whose key can be copied is tried after all others', async () => {
  const model = await openModel()
  await model.run()
  model.registerByHand('v2')
  model.clock.advance(1_000)
  model.registerByHand(model.makeVersion())
  model.disable('v1')
  await model.run()
  expect(await activeOf(model)).toBe('v3')

  model.disable('v3')
  await model.run()
  expect(await activeOf(model)).toBe('v2')
})

describe('with auto', () => {
  test('a version is made in its place when one is due', async () => {
    const model = await openModel()
    model.clock.advance(59 * DAY_MS)
    await model.run({ mayCreate: true })

    expect([model.versions.length, await activeOf(model)]).toEqual([3, 'v3'])
  })

  test.each([false, true])(
    'where what it makes comes out exportable as well, it makes one an hour and no more; in haste: %s',
    async (isUrgent) => {
      const model = await openModel()
      for (const version of ['v3', 'v4', 'v5']) model.exportable.add(version)
      model.clock.advance(59 * DAY_MS)
      for (let minutes = 0; minutes < 55; minutes += 5) {
        await model.run({ mayCreate: true, isUrgent: isUrgent && minutes === 0 })
        model.clock.advance(5 * 60_000)
      }

      expect([model.versions.length, await activeOf(model), model.own()]).toEqual([3, 'v1', ['v1']])
      expect(await hindrancesOf(model)).toContain('announce  rotation/key_exportable')
    },
  )
})
