/**
 * Mistakes planted in a copy of the templates, one at a time: the compiler or the invariants have to name each. The invariants
 * are the very functions that invariants.test.ts holds against the real ones.
 */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { bicepPath } from '../support/bicepPath.ts'
import { declaredRoutes } from '../support/declaredRoutes.ts'
import { describeWith } from '../support/describeWith.ts'
import { copyInfra, type InfraCopy } from '../support/infraCopy.ts'
import { type Bicep, openBicep } from '../support/openBicep.ts'
import { parsePrediction } from '../support/prediction.ts'
import { entraFindings } from './findings/entraFindings.ts'
import { findings } from './findings/findings.ts'
import { secretFindings } from './findings/secretFindings.ts'
import { APP_MISTAKES } from './mistakes/appMistakes.ts'
import type { Mistake } from './mistakes/mistake.ts'
import { REGISTRATION_MISTAKES } from './mistakes/registrationMistakes.ts'
import { SETTING_MISTAKES } from './mistakes/settingMistakes.ts'
import { STORAGE_MISTAKES } from './mistakes/storageMistakes.ts'
import { TEMPLATE_MISTAKES } from './mistakes/templateMistakes.ts'
import { VAULT_MISTAKES } from './mistakes/vaultMistakes.ts'

// The compiler's first answer takes seconds on an idle machine and far longer on a busy one.
vi.setConfig({ testTimeout: 120_000 })
const compilerPath = bicepPath()
const routes = declaredRoutes()
const MISTAKES = [...STORAGE_MISTAKES, ...VAULT_MISTAKES, ...SETTING_MISTAKES, ...APP_MISTAKES]

let bicep: Bicep
let infra: InfraCopy
let undo: () => void = () => undefined

describeWith({ 'the Bicep compiler (BICEP)': compilerPath }, 'a planted mistake', () => {
  beforeAll(() => {
    bicep = openBicep(compilerPath ?? '')
    infra = copyInfra()
  })
  afterEach(() => undo())
  afterAll(() => {
    bicep.close()
    infra.remove()
  })

  it('without one there is nothing to find', async () => {
    expect([...(await deploymentFindings()), ...(await templateFindings())]).toEqual([])
  })

  it.each(MISTAKES)('is found: $what', async (mistake) => {
    plant(mistake)
    expect(await deploymentFindings()).toContainEqual(expect.stringMatching(mistake.finding))
  })

  it.each(TEMPLATE_MISTAKES)('is found: $what', async (mistake) => {
    plant(mistake)
    expect(await templateFindings()).toContainEqual(expect.stringMatching(mistake.finding))
  })

  describeWith(
    { 'the Graph extension (GRAPH_EXTENSION)': process.env.GRAPH_EXTENSION },
    'in the registrations',
    () => {
      it('without one there is nothing to find', async () => {
        expect(await registrationFindings()).toEqual([])
      })

      it.each(REGISTRATION_MISTAKES)('is found: $what', async (mistake) => {
        plant(mistake)
        expect(await registrationFindings()).toContainEqual(expect.stringMatching(mistake.finding))
      })
    },
  )
})

function plant({ file, right, wrong }: Mistake): void {
  undo = infra.plant(file, right, wrong)
}

/** With the parameters that use everything. */
async function deploymentFindings(): Promise<string[]> {
  const prediction = parsePrediction(await bicep.snapshot(infra.path('params/private.bicepparam')))
  return findings(prediction, { complete: true, routes })
}

/** What the compiler says, and what it would send that a snapshot does not show. */
async function templateFindings(): Promise<string[]> {
  const { diagnostics, template } = await bicep.compile(infra.path('main.bicep'))
  return [...diagnostics.map(({ code, message }) => `${code}: ${message}`), ...secretFindings(template)]
}

async function registrationFindings(): Promise<string[]> {
  const prediction = parsePrediction(
    await bicep.snapshot(infra.path('params/entra.bicepparam'), 'rg-example'),
  )
  return [
    ...secretFindings(JSON.stringify(prediction)),
    ...entraFindings(prediction, 'https://signin.example.com', routes),
  ]
}
