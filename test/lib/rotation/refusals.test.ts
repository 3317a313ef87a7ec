/** A version that signs and is refused: by one place of the directory that has not heard of it, or for good. */
import { describe, expect, test } from 'vitest'
import { createRotationModel, type RotationModel } from '../../support/rotationModel.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** A version that signs and is registered, and a row that says so. */
async function openModel(): Promise<RotationModel> {
  const model = createRotationModel()
  model.registerByHand(model.makeVersion())
  model.clock.advance(48 * HOUR_MS)
  await model.run()
  return model
}

const activeOf = async (model: RotationModel): Promise<string | undefined> =>
  (await model.state())?.active?.version
const hindrancesOf = async (model: RotationModel): Promise<string[]> =>
  ((await model.state())?.hindrances ?? []).map(({ step, code }) => `${step} ${code}`)

describe('a refusal of the version that signs', () => {
  test('by one place of the directory deposes nobody: the newest signs on, and the one before it goes', async () => {
    const model = await openModel()
    model.makeVersion()
    await model.run()
    // Each run begins with the version that signs.
    for (let i = 0; i < 40; i += 1) {
      model.deafEvery = 2 + (i % 4)
      model.clock.advance(61 * MINUTE_MS)
      await model.run()
    }

    expect([await activeOf(model), model.own(), await hindrancesOf(model)]).toEqual(['v2', ['v2'], []])
  })

  test('by one place of the directory has an instance take the one before it, and come back when that one is removed', async () => {
    const model = await openModel()
    const instance = model.openInstance()
    model.makeVersion()
    await model.run()
    model.clock.advance(2 * MINUTE_MS)
    expect(await instance.work()).toBe('v2')
    model.isDeafToWork = true
    expect(await instance.work()).toBe('v1')
    model.clock.advance(26 * MINUTE_MS)
    await model.run()

    expect(model.own()).toEqual(['v2'])
    model.shown.length = 0
    expect(await instance.work()).toBe('v2')
    expect(model.shown.map(({ version, isKnown }) => [version, isKnown])).toEqual([['v2', true]])
  })

  test('that stands is believed: the next that Entra accepts takes its place', async () => {
    const model = await openModel()
    model.makeVersion()
    await model.run()
    const [removed] = model.entries.splice(
      model.entries.findIndex(({ displayName }) => displayName === 'v2'),
      1,
    )
    model.clock.advance(2 * MINUTE_MS)
    await model.run()
    model.clock.advance(61 * MINUTE_MS)
    await model.run()

    expect([removed?.displayName, await activeOf(model)]).toEqual(['v2', 'v1'])
  })
})
