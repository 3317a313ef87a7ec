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
import { type Prediction, parsePrediction } from '../support/prediction.ts'
import { groupOf, join } from '../support/scenarios.ts'
import { domainFindings } from './findings/domainFindings.ts'
import { entraFindings, entraTemplateFindings } from './findings/entraFindings.ts'
import { findings } from './findings/findings.ts'
import { frontDoorFindings } from './findings/frontDoorFindings.ts'
import { secretFindings } from './findings/secretFindings.ts'
import { staticWebAppFindings } from './findings/staticWebAppFindings.ts'
import { APP_MISTAKES } from './mistakes/appMistakes.ts'
import { DOMAIN_MISTAKES } from './mistakes/domainMistakes.ts'
import {
  FRONT_DOOR_MISTAKES,
  FRONT_END_MISTAKES,
  STATIC_WEB_APP_MISTAKES,
} from './mistakes/frontEndMistakes.ts'
import type { Mistake } from './mistakes/mistake.ts'
import { REGISTRATION_MISTAKES, REGISTRATION_TEMPLATE_MISTAKES } from './mistakes/registrationMistakes.ts'
import { SETTING_MISTAKES } from './mistakes/settingMistakes.ts'
import { STORAGE_MISTAKES } from './mistakes/storageMistakes.ts'
import { TEMPLATE_MISTAKES } from './mistakes/templateMistakes.ts'
import { VAULT_MISTAKES } from './mistakes/vaultMistakes.ts'

// The compiler's first answer takes seconds on an idle machine and far longer on a busy one.
vi.setConfig({ testTimeout: 120_000 })
const compilerPath = bicepPath()
const routes = declaredRoutes()
const MISTAKES = [
  ...STORAGE_MISTAKES,
  ...VAULT_MISTAKES,
  ...SETTING_MISTAKES,
  ...APP_MISTAKES,
  ...FRONT_END_MISTAKES,
]

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

  it.each(DOMAIN_MISTAKES)('is found: $what', async (mistake) => {
    expect(domainFindings(await predicted('domain'), 'signin.example.com')).toEqual([])
    plant(mistake)
    expect(domainFindings(await predicted('domain'), 'signin.example.com')).toContainEqual(
      expect.stringMatching(mistake.finding),
    )
  })

  it.each(FRONT_DOOR_MISTAKES)('is found: $what', async (mistake) => {
    plant(mistake)
    expect(frontDoorFindings(await predicted('front-door'), routes)).toContainEqual(
      expect.stringMatching(mistake.finding),
    )
  })

  it.each(STATIC_WEB_APP_MISTAKES)('is found: $what', async (mistake) => {
    plant(mistake)
    expect(
      staticWebAppFindings(await predicted('static-web-app'), 'func-example', 'swedencentral'),
    ).toContainEqual(expect.stringMatching(mistake.finding))
  })

  it('private link without Premium is refused before anything is sent', async () => {
    undo = infra.plant('params/front-door-private.bicepparam', "'Premium_", "'Standard_")
    await expect(predicted('front-door-private')).rejects.toThrow(/privateLink needs sku Premium/)
  })

  it('a domain that is bound already keeps its TLS while it is deployed again', async () => {
    undo = infra.plant('params/domain.bicepparam', 'param location', 'param isBound = true\nparam location')
    const prediction = await predicted('domain')
    expect(domainFindings(prediction, 'signin.example.com')).toEqual([])
    expect(JSON.stringify(prediction).match(/hostNameBindings"/g)).toHaveLength(1)
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
        expect([...(await registrationFindings()), ...(await registrationTemplateFindings())]).toEqual([])
      })

      it.each(REGISTRATION_TEMPLATE_MISTAKES)('is found: $what', async (mistake) => {
        plant(mistake)
        expect(await registrationTemplateFindings()).toContainEqual(expect.stringMatching(mistake.finding))
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

/** With the parameters that use everything, in both parts. */
async function deploymentFindings(): Promise<string[]> {
  const prediction = join(await predicted('max'), await predicted('max.live'))
  return findings(prediction, { complete: true, routes })
}

async function predicted(name: string): Promise<Prediction> {
  return parsePrediction(await bicep.snapshot(infra.path(`params/${name}.bicepparam`), groupOf(name)))
}

/** What the compiler says, and what it would send that a snapshot does not show. */
async function templateFindings(file = 'main.bicep'): Promise<string[]> {
  const { diagnostics, template } = await bicep.compile(infra.path(file))
  return [...diagnostics.map(({ code, message }) => `${code}: ${message}`), ...secretFindings(template)]
}

async function registrationFindings(): Promise<string[]> {
  const prediction = await predicted('entra')
  return [
    ...secretFindings(JSON.stringify(prediction)),
    ...entraFindings(prediction, 'https://signin.example.com', routes),
  ]
}

async function registrationTemplateFindings(): Promise<string[]> {
  const { template } = await bicep.compile(infra.path('entra/entra.bicep'))
  return [...(await templateFindings('entra/entra.bicep')), ...entraTemplateFindings(template)]
}
