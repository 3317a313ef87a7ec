/** A right that was granted a moment ago is waited for by the app, as long as at the vault; who looks for faults hears at once. */
import { describe, expect, test, vi } from 'vitest'
import { openRotation, type RotationOptions } from '../../../lib/rotation/openRotation.ts'
import { GRACE_MS } from '../../../lib/vault/grace.ts'
import { CLIENT } from '../../support/configOf.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'
import { createRotationModel, type RotationModel } from '../../support/rotationModel.ts'

// A vault that refuses whatever is asked.
vi.mock('@azure/keyvault-certificates', () => {
  const refuse = (): never => {
    throw Object.assign(new Error('Forbidden'), { statusCode: 403 })
  }
  return {
    WellKnownIssuer: { Self: 'Self' },
    CertificateClient: class {
      listPropertiesOfCertificateVersions = refuse
      getCertificatePolicy = refuse
    },
  }
})

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

async function openModel(): Promise<RotationModel> {
  const model = createRotationModel()
  model.registerByHand(model.makeVersion())
  model.clock.advance(48 * HOUR_MS)
  await model.run()
  return model
}

const activeOf = async (model: RotationModel) => (await model.state())?.active?.version
const metOf = async (model: RotationModel): Promise<string[]> =>
  ((await model.state())?.hindrances ?? []).map(({ step, code }) => `${step} ${code}`)

describe('a refusal by Graph', () => {
  test('is tried by each run for ten minutes, whichever instance makes it; then it is a fault that somebody has to set right', async () => {
    const model = await openModel()
    model.refuses.add = 'graph/forbidden'
    model.makeVersion()
    await model.run({ isPatient: true })
    model.clock.advance(GRACE_MS - 3 * MINUTE_MS)
    await model.run({ isPatient: true })
    expect(await metOf(model)).toEqual(['register graph/not_yet_allowed'])
    expect(model.asked.filter((what) => what === 'add')).toHaveLength(2)

    model.clock.advance(3 * MINUTE_MS)
    await model.run({ isPatient: true })
    expect(await metOf(model)).toContain('register graph/forbidden')
    const levels = model.clock.logs.flatMap(({ event, facts }) =>
      event === 'rotation.hindered' && facts?.step === 'register' ? [facts.kind] : [],
    )
    expect(levels).toEqual(['upstream', 'upstream', 'setup'])
  })

  test('that passes meanwhile costs no hour', async () => {
    const model = await openModel()
    model.refuses.add = 'graph/forbidden'
    model.makeVersion()
    await model.run({ isPatient: true })
    delete model.refuses.add
    model.clock.advance(5 * MINUTE_MS)
    await model.run({ isPatient: true })

    expect([await activeOf(model), await metOf(model)]).toEqual(['v2', []])
  })

  test('is told at once to who looks for faults, and has no ten minutes anew once it lasted', async () => {
    const model = await openModel()
    model.refuses.add = 'graph/forbidden'
    model.makeVersion()
    await model.run()
    expect(await metOf(model)).toContain('register graph/forbidden')

    model.clock.advance(HOUR_MS)
    await model.run({ isPatient: true })
    expect(await metOf(model)).toContain('register graph/forbidden')
  })
})

test('a version that the vault lets nobody make yet is asked for by the next run, whichever instance makes it', async () => {
  const model = await openModel()
  model.refuses.create = 'vault/not_yet_allowed'
  model.clock.advance(59 * 24 * HOUR_MS)
  await model.run({ mayCreate: true, isPatient: true })
  expect(await metOf(model)).toEqual(['create vault/not_yet_allowed'])
  delete model.refuses.create
  model.clock.advance(5 * MINUTE_MS)
  await model.run({ mayCreate: true, isPatient: true })

  expect([model.versions.length, await activeOf(model), await metOf(model)]).toEqual([2, 'v2', []])
})

describe('a refusal by the vault', () => {
  function open(options: Pick<RotationOptions, 'isPatient'>) {
    const effects = heldEffects()
    const rotation = openRotation({
      clientId: CLIENT,
      entra: { issuerTemplate: 'https://login.example/', token: 'https://login.example/token' },
      graphOrigin: 'https://graph.example',
      vault: { url: 'https://contoso.vault.azure.net', certificate: 'signing' },
      mayCreate: true,
      table: { insert: async () => true, read: async () => undefined, replace: async () => undefined },
      identity: { getToken: async () => null },
      effects,
      ...options,
    })
    const create = () => rotation.ports.vault.create(() => 3)
    return {
      effects,
      codes: async () => [(await faultOf(() => rotation.run())).code, (await faultOf(create)).code],
    }
  }

  test('has ten minutes in a run of the app, to list versions and to make one, each by itself', async () => {
    const { effects, codes } = open({ isPatient: true })

    expect(await codes()).toEqual(['vault/not_yet_allowed', 'vault/not_yet_allowed'])
    effects.advance(GRACE_MS)
    expect(await codes()).toEqual(['vault/forbidden', 'rotation/may_not_create'])
  })

  test('is told at once to who looks for faults', async () => {
    expect(await open({ isPatient: false }).codes()).toEqual(['vault/forbidden', 'rotation/may_not_create'])
  })
})
