/** Who can write the row of an exchange can name any key in it: none is removed that is not of this certificate, and never the one that signs. */
import { describe, expect, test } from 'vitest'
import type { Former } from '../../../lib/rotation/state.ts'
import { createRotationModel, type RotationModel } from '../../support/rotationModel.ts'

const HOUR_MS = 3_600_000

/** v1 is registered and rests, v2 signs; both were registered by the exchange, but for a first key that is of neither. */
async function openModel(mayRead: boolean): Promise<RotationModel> {
  const model = createRotationModel({ mayRead })
  const first = model.makeVersion()
  model.registerByHand(first)
  for (let i = 0; i < 2; i += 1) {
    model.clock.advance(2 * HOUR_MS)
    await model.run()
    model.makeVersion()
    await model.run()
  }
  return model
}

/** What the row says of v2, which left last. */
async function formerOf(model: RotationModel): Promise<Former> {
  const one = (await model.state())?.former.find(({ version }) => version === 'v2')
  return one ?? expect.fail('v2 has not left')
}

const write = (model: RotationModel, ...former: readonly Former[]) =>
  model.change((state) => ({ ...state, former, hindrances: [] }))
const metOf = async (model: RotationModel): Promise<string[]> =>
  ((await model.state())?.hindrances ?? []).map(({ step, version, code }) => `${step} ${version} ${code}`)

/** One more run, and what it left alone. */
async function left(model: RotationModel): Promise<{ removals: number; met: string[] }> {
  model.asked.length = 0
  await model.run({ isUrgent: true })
  return { removals: model.asked.filter((what) => what === 'remove').length, met: await metOf(model) }
}

const LEFT = { removals: 0, met: ['remove v2 rotation/key_not_own'] }

describe('an app that may not look at its registration', () => {
  test('removes by the id that the key of the version has signed for', async () => {
    const model = await openModel(false)
    await write(model, { ...(await formerOf(model)), phase: 'going' })
    await model.run({ isUrgent: true })

    expect(model.own()).toEqual(['v1', 'v3'])
    expect(model.entries).toContain(model.foreign)
  })

  test.each<[what: string, change: (one: Former, foreignId: string) => Partial<Former>]>([
    ['another id', (_one, entryId) => ({ entryId })],
    ['another id, signed for by nobody', (_one, entryId) => ({ entryId, entryProof: '' })],
    ['another id, and a made-up signature', (_one, entryId) => ({ entryId, entryProof: 'AAAA' })],
    ['another id with its own signature', ({ entryProof = '' }, entryId) => ({ entryId, entryProof })],
  ])('removes nothing where the row has %s', async (_what, change) => {
    const model = await openModel(false)
    const one = await formerOf(model)
    await write(model, { ...one, ...change(one, model.foreign.keyId), phase: 'going' })

    expect(await left(model)).toEqual(LEFT)
    expect(model.entries).toContain(model.foreign)
  })

  test('leaves a key that an older build added, says so, and says no more once it has run out', async () => {
    const model = await openModel(false)
    const { entryProof: _none, ...before } = await formerOf(model)
    await write(model, { ...before, phase: 'going' })
    expect(await left(model)).toEqual(LEFT)

    await write(model, { ...before, phase: 'going', expiresAtMs: model.clock.now() })
    expect(await left(model)).toEqual({ removals: 0, met: [] })
  })
})

describe('an app that sees its registration', () => {
  test('removes no key by the thumbprint that a row gives to a version of ours', async () => {
    const model = await openModel(true)
    const { thumbprintSha1 = '', thumbprintS256 = '' } = model.foreign
    const one = await formerOf(model)
    await write(model, { ...one, thumbprintSha1, thumbprintS256, phase: 'going' })
    expect(await left(model)).toEqual(LEFT)

    await write(model, { ...one, thumbprintSha1, thumbprintS256: '', phase: 'going' })
    expect(await left(model)).toEqual(LEFT)
    expect(model.entries).toContain(model.foreign)
  })

  test('removes no key by the name of a version that the vault does not list', async () => {
    const model = await openModel(true)
    const { thumbprintSha1 = '', thumbprintS256 = '' } = model.foreign
    await write(model, {
      ...(await formerOf(model)),
      version: 'v9',
      thumbprintSha1,
      thumbprintS256,
      phase: 'going',
    })

    expect(await left(model)).toEqual({ removals: 0, met: ['remove v9 rotation/key_not_own'] })
  })
})

test.each([true, false])(
  'the version that signs is not removed because a row says that it goes; with the right to read: %s',
  async (mayRead) => {
    const model = await openModel(mayRead)
    const { active } = (await model.state()) ?? {}
    await write(model, { ...(active ?? expect.fail('nothing signs')), phase: 'going' })

    expect(await left(model)).toEqual({ removals: 0, met: [] })
    expect(model.own()).toContain('v3')
    expect((await model.state())?.former).toEqual([])
  },
)
