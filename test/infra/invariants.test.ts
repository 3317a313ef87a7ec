/** What holds for every deployment, asked of the snapshots; compiler.test.ts proves that these are what the templates predict. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { declaredRoutes } from '../support/declaredRoutes.ts'
import { INFRA } from '../support/infraCopy.ts'
import { at, ofType } from '../support/prediction.ts'
import { PARAMETER_FILES, predictionOf, SCENARIOS, snapshotOf } from '../support/scenarios.ts'
import { entraFindings } from './findings/entraFindings.ts'
import { findings } from './findings/findings.ts'
import { frontDoorFindings } from './findings/frontDoorFindings.ts'
import { secretFindings } from './findings/secretFindings.ts'
import { staticWebAppFindings } from './findings/staticWebAppFindings.ts'

const routes = declaredRoutes()

describe('a predicted deployment', () => {
  it.each(SCENARIOS)('%s has nothing wrong with it', (name) => {
    expect(findings(predictionOf(name), { complete: name === 'max', routes })).toEqual([])
  })

  it.each(SCENARIOS)('%s leaves what depends on the applications to the second part', (name) => {
    const types = snapshotOf(name).predictedResources.map(({ type }) => type)
    expect(types.filter((type) => /sites\/config|Alerts|Rules|webtests/.test(type))).toEqual([])
  })

  it('waf-aligned keeps everything in three zones, closed, with two instances ready and nobody but the app at the data', () => {
    const prediction = predictionOf('waf-aligned')
    const [plan] = ofType(prediction, 'Microsoft.Web/serverfarms')
    expect(at(plan, 'properties.zoneRedundant')).toBe(true)
    const accounts = ofType(prediction, 'Microsoft.Storage/storageAccounts')
    expect(accounts.map((account) => at(account, 'sku.name'))).toEqual(['Standard_ZRS', 'Standard_ZRS'])
    const principals = ofType(prediction, 'Microsoft.Authorization/roleAssignments').map((one) =>
      at(one, 'properties.principalType'),
    )
    expect(new Set(principals)).toEqual(new Set(['ServicePrincipal']))
    expect(ofType(prediction, 'Microsoft.Insights/actionGroups')).toHaveLength(1)
  })

  it('whoever deploys gets the rights that the hooks need, without being named', () => {
    const principals = ofType(snapshotOf('defaults'), 'Microsoft.Authorization/roleAssignments').map((one) =>
      at(one, 'properties.principalId'),
    )
    expect(principals.filter((one) => one === '[deployer().objectId]')).toHaveLength(3)
  })

  it('the app registrations have nothing wrong with them', () => {
    const prediction = snapshotOf('entra')
    expect(entraFindings(prediction, 'https://signin.example.com', routes)).toEqual([])
    expect(secretFindings(JSON.stringify(prediction))).toEqual([])
  })

  it.each([
    ['front-door', ''],
    ['front-door-private', '/signet'],
  ])(
    '%s has nothing wrong with it: two origins, and what the app cannot refuse is refused',
    (name, basePath) => {
      const prediction = snapshotOf(name)
      expect(frontDoorFindings(prediction, routes, basePath)).toEqual([])
      expect(secretFindings(JSON.stringify(prediction))).toEqual([])
    },
  )

  it('only the Premium Front Door reaches its origins by private link, and reaches both', () => {
    const links = ['front-door', 'front-door-private'].map((name) =>
      ofType(snapshotOf(name), 'Microsoft.Cdn/profiles/originGroups/origins').map((origin) =>
        at(origin, 'properties.sharedPrivateLinkResource.groupId'),
      ),
    )
    expect(links).toEqual([
      [undefined, undefined],
      ['sites', 'web'],
    ])
  })

  it('static-web-app has nothing wrong with it: Signet is its backend, and it has no second origin', () => {
    const prediction = snapshotOf('static-web-app')
    expect(staticWebAppFindings(prediction, 'func-example', 'swedencentral')).toEqual([])
    expect(secretFindings(JSON.stringify(prediction))).toEqual([])
  })

  it('the files of the front end are in an account of their own, which the app may not write', () => {
    const prediction = predictionOf('front-end')
    const accounts = ofType(prediction, 'Microsoft.Storage/storageAccounts').map(({ name }) => name)
    const writers = ofType(prediction, 'Microsoft.Authorization/roleAssignments').filter(({ id }) =>
      id?.includes('/stweb'),
    )
    expect(accounts.filter((name) => name?.startsWith('stweb'))).toHaveLength(1)
    expect(writers.map((one) => at(one, 'properties.principalId'))).toEqual(['[deployer().objectId]'])
  })

  it('only the fallback to built-in roles goes without the custom role', () => {
    const without = SCENARIOS.filter(
      (name) => ofType(predictionOf(name), 'Microsoft.Authorization/roleDefinitions').length === 0,
    )
    expect(without).toEqual(['built-in'])
  })

  it('private networking is there when asked for, and costs nothing otherwise', () => {
    const networks = ['defaults', 'private'].map((name) => {
      return predictionOf(name).predictedResources.filter(({ type }) => type.startsWith('Microsoft.Network/'))
        .length
    })
    expect(networks).toEqual([0, 17])
  })

  it('where people of several tenants sign in, the app itself acts in the tenant it is registered in', () => {
    const [settings] = ofType(predictionOf('private'), 'Microsoft.Web/sites/config')
    expect(at(settings, 'properties.APP_ONLY_TENANT_ID')).toBe('00000000-0000-4000-8000-000000000001')
    const [alone] = ofType(predictionOf('defaults'), 'Microsoft.Web/sites/config')
    expect(at(alone, 'properties.APP_ONLY_TENANT_ID')).toBeUndefined()
  })

  it('the snapshots name nobody: only placeholder ids, example domains and no path of a machine', () => {
    const texts = PARAMETER_FILES.map((name) => JSON.stringify(snapshotOf(name)))
    const matches = (pattern: RegExp): string[] => [
      ...new Set(texts.flatMap((text) => text.match(pattern) ?? [])),
    ]
    expect(matches(/\/subscriptions\/[^/"']+/g)).toEqual([
      '/subscriptions/00000000-0000-4000-8000-000000000002',
    ])
    expect(matches(/\/(?:home|Users|tmp|root)\/[^"]*/g)).toEqual([])
    expect(matches(/[\w.]+@[\w.]+\.[a-z]{2,}\b/g)).toEqual(['operators@example.com'])
  })
})

/** Older versions of the vault's control plane are switched off on 2027-02-27; of the others, what the templates rely on. */
const OLDEST: readonly (readonly [type: string, version: string])[] = [
  ['Microsoft.KeyVault/', '2026-02-01'],
  ['Microsoft.Web/', '2025-03-01'],
]

describe('the templates', () => {
  it.each(OLDEST)('name no version of %s that is older than %s', (type, oldest) => {
    const files = readdirSync(INFRA, { recursive: true, encoding: 'utf8' })
    const bicep = files.filter((file) => file.endsWith('.bicep'))
    const text = bicep.map((file) => readFileSync(`${INFRA}${file}`, 'utf8')).join('\n')
    const versions = [...text.matchAll(new RegExp(`'${type}[^']*@([^']+)'`, 'g'))].map(([, one]) => one ?? '')

    expect(versions.length).toBeGreaterThan(2)
    expect(versions.filter((version) => version < oldest)).toEqual([])
  })
})

describe('azd', () => {
  it('the service that the function app is tagged with is the one azure.yaml deploys', () => {
    const file = new URL('../../azure.yaml', import.meta.url)
    const services = existsSync(file)
      ? /^services:\n {2}(\w+):/m.exec(readFileSync(file, 'utf8'))?.[1]
      : 'app'
    expect(services).toBe('app')
  })
})
