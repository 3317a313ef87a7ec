/** One run after another against a directory that refuses: each refusal has its outcome, and the version that signs goes on signing. */
import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../../lib/errors/table.ts'
import { runRotation } from '../../../lib/rotation/runRotation.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'
import { createRotationModel, type RotationModel } from '../../support/rotationModel.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** A version that signs and is registered, and a row that says so. */
async function openModel(options: Parameters<typeof createRotationModel>[0] = {}): Promise<RotationModel> {
  const model = createRotationModel(options)
  model.registerByHand(model.makeVersion())
  model.clock.advance(48 * HOUR_MS)
  await model.run()
  return model
}

const stepsOf = (report: Awaited<ReturnType<RotationModel['run']>>): string[] =>
  report?.done.map(({ step, version }) => `${step} ${version}`.trim()) ?? []
const activeOf = async (model: RotationModel): Promise<string | undefined> =>
  (await model.state())?.active?.version
const hindrancesOf = async (model: RotationModel): Promise<string[]> =>
  ((await model.state())?.hindrances ?? []).map(({ step, code }) => `${step} ${code}`)

test('a row that somebody removes each time it is begun is begun five times, and no version is touched', async () => {
  let begun = 0
  const rows = {
    read: async () => undefined,
    insert: async () => {
      begun += 1
      return true
    },
    replace: async () => true,
  }
  const vault = { versions: async () => [] }
  const effects = heldEffects()
  const fault = await faultOf(() =>
    runRotation({ rows, vault } as never, { mayCreate: true, runId: 'run', clientId: 'client', effects }),
  )

  expect([fault.code, begun]).toEqual(['session/store_unavailable', 5])
  expect(effects.logs).toEqual([])
})

describe('a new version', () => {
  test('is registered, proven and active in one run; the old one rests, and goes by Entra’s clock', async () => {
    const model = await openModel()
    model.makeVersion()

    expect(stepsOf(await model.run())).toEqual(['claim v2', 'register v2', 'prove v2', 'rest v1'])
    expect(model.own()).toEqual(['v1', 'v2'])
    model.clock.advance(24 * MINUTE_MS)
    await model.run({ clockAheadMs: HOUR_MS })
    expect(model.own()).toEqual(['v1', 'v2'])
    model.clock.advance(2 * MINUTE_MS)
    await model.run({ clockAheadMs: -HOUR_MS })
    expect(model.own()).toEqual(['v2'])
    expect(model.entries).toContain(model.foreign)
  })

  test('that somebody registered by hand is used without being registered again', async () => {
    const model = await openModel()
    model.registerByHand(model.makeVersion())
    model.asked.length = 0
    await model.run()

    expect([await activeOf(model), model.asked.includes('add')]).toEqual(['v2', false])
  })

  test('that is not known everywhere yet is tried by request after request, and does not sign before', async () => {
    const model = await openModel()
    model.propagationMs = 5 * MINUTE_MS
    model.makeVersion()
    await model.run()

    expect([await activeOf(model), await hindrancesOf(model)]).toEqual([
      'v1',
      ['prove rotation/not_accepted'],
    ])
    model.clock.advance(5 * MINUTE_MS)
    await model.run()
    expect([await activeOf(model), await hindrancesOf(model)]).toEqual(['v2', []])
  })

  test('that is disabled in mid-flight is given up, and its key is removed', async () => {
    const model = await openModel()
    model.propagationMs = HOUR_MS
    const version = model.makeVersion()
    await model.run()
    expect(model.own()).toEqual(['v1', 'v2'])
    model.disable(version)
    await model.run()
    model.clock.advance(30 * MINUTE_MS)
    await model.run()

    expect([await activeOf(model), model.own()]).toEqual(['v1', ['v1']])
  })
})

describe('what the platform refuses', () => {
  test.each<[what: string, code: ErrorCode]>([
    ['the proof', 'graph/proof_refused'],
    ['for want of a right', 'graph/forbidden'],
    ['because the registration is full', 'graph/key_limit'],
    ['by a policy of the tenant', 'graph/policy_refused'],
  ])(
    '%s: the old version signs on, nothing is asked again for an hour, and a registration by hand is taken up',
    async (_what, code) => {
      const model = await openModel()
      model.refuses.add = code
      const version = model.makeVersion()
      await model.run()

      expect(await activeOf(model)).toBe('v1')
      expect(await hindrancesOf(model)).toContain(`register ${code}`)
      model.asked.length = 0
      await model.run()
      expect(model.asked).not.toContain('add')
      model.registerByHand(version)
      model.clock.advance(HOUR_MS)
      await model.run()
      expect(await activeOf(model)).toBe('v2')
    },
  )

  test('the vault being away: nothing changes, and the next run goes on', async () => {
    const model = await openModel()
    model.makeVersion()
    model.refuses.held = 'vault/unavailable'
    await model.run()
    expect([await activeOf(model), model.own()]).toEqual(['v1', ['v1']])
    delete model.refuses.held
    await model.run()
    expect(await activeOf(model)).toBe('v2')
  })

  test('every version: no proof is possible, nothing is added or removed, and the outcome says so', async () => {
    const model = await openModel()
    const [entry] = model.entries.splice(1, 1)
    model.clock.advance(HOUR_MS)
    model.asked.length = 0
    await model.run()

    expect(entry?.displayName).toBe('v1')
    expect(await hindrancesOf(model)).toContain('adopt rotation/no_proof')
    expect(model.asked).not.toContain('add')
    expect(model.asked).not.toContain('remove')
  })
})

describe('with auto', () => {
  test('a version is made when a third of the life is left, once, and brought into use', async () => {
    const model = await openModel()
    model.clock.advance(59 * 24 * HOUR_MS)
    await model.run({ mayCreate: false })
    expect(model.versions).toHaveLength(1)
    await model.run({ mayCreate: true })
    await model.run({ mayCreate: true })

    expect(model.versions).toHaveLength(2)
    expect(await activeOf(model)).toBe('v2')
  })

  test.each([
    ['P100D', [3], 'v2'],
    ['P30D', [], 'v1'],
  ])(
    'under a policy that allows %s the vault is asked for months within it, or for nothing',
    async (maxLifetime, months, active) => {
      const model = await openModel()
      const restriction = {
        type: 'asymmetricKeyLifetime',
        isInForce: true,
        exemptsCallers: false,
        maxLifetime,
      }
      const tenant = { id: 'p', displayName: '', isEnabled: true, restrictions: [restriction] }
      model.policies = { tenant, own: 'none' }
      model.clock.advance(59 * 24 * HOUR_MS)
      await model.run({ mayCreate: true })

      expect([model.monthsAsked, await activeOf(model)]).toEqual([months, active])
      expect(await hindrancesOf(model)).toEqual(months.length > 0 ? [] : ['create graph/policy_refused'])
    },
  )

  test('what the policies left open is in the log and in the row, until a version is made without it', async () => {
    const model = await openModel()
    const makeAnother = async () => {
      await model.change((state) => ({ ...state, isWanted: true }))
      await model.run({ isUrgent: true })
      const { facts } = model.clock.logs.findLast(({ facts: one }) => one?.step === 'create') ?? {}
      return [facts?.policyDoubts, (await model.state())?.doubts]
    }
    model.policies = { tenant: undefined, own: 'not-permitted' }
    const doubts = ['tenant-not-read', 'own-not-read']

    expect(await makeAnother()).toEqual([doubts, doubts])
    model.policies = {
      ...model.policies,
      own: 'none',
      tenant: { id: '', displayName: '', isEnabled: false, restrictions: [] },
    }
    expect(await makeAnother()).toEqual([undefined, undefined])
  })

  test('a vault that lets nobody make one is said to, and asked again in an hour', async () => {
    const model = await openModel()
    model.refuses.create = 'rotation/may_not_create'
    model.clock.advance(59 * 24 * HOUR_MS)
    await model.run({ mayCreate: true })

    expect([await activeOf(model), await hindrancesOf(model)]).toEqual([
      'v1',
      ['create rotation/may_not_create'],
    ])
  })

  test('once the vault lets it, whoever asks has it made at once, and nobody has to wait for the hour', async () => {
    const model = await openModel()
    model.refuses.create = 'rotation/may_not_create'
    await model.change((state) => ({ ...state, isWanted: true }))
    await model.run({ isUrgent: true })
    delete model.refuses.create
    await model.run()
    expect(model.versions).toHaveLength(1)
    await model.run({ isUrgent: true })

    expect([await activeOf(model), await hindrancesOf(model)]).toEqual(['v2', []])
  })
})

test('a revoked version goes as soon as another one signs, without resting', async () => {
  const model = await openModel()
  model.makeVersion()
  await model.change((state) => ({ ...state, revoked: ['v1'], isWanted: true }))
  await model.run()

  expect([await activeOf(model), model.own()]).toEqual(['v2', ['v2']])
})

test.each([true, false])(
  'a key that was removed by a run which died over it counts as gone, however Graph puts that; with the right to read: %s',
  async (mayRead) => {
    let dying = 0
    const model = await openModel({
      mayRead,
      missingIs: 'graph/request_rejected',
      mishap: (what) => (what === 'remove' && dying-- > 0 ? 'dies after' : undefined),
    })
    model.makeVersion()
    await model.run()
    model.makeVersion()
    await model.run()
    model.clock.advance(30 * MINUTE_MS)
    dying = 2
    await model.run()
    await model.run()
    await model.run()

    expect(model.own()).not.toContain('v2')
    expect((await model.state())?.gone).toContain('v2')
    expect(await hindrancesOf(model)).not.toContain('remove graph/request_rejected')
  },
)

test('a version that was wanted before the first one was known is made all the same', async () => {
  const model = createRotationModel()
  model.registerByHand(model.makeVersion())
  model.clock.advance(HOUR_MS)
  model.refuses.held = 'vault/unavailable'
  await model.run()
  delete model.refuses.held
  await model.change((state) => ({ ...state, isWanted: true }))
  await model.run()

  expect([await activeOf(model), (await model.state())?.isWanted]).toEqual(['v2', false])
})
