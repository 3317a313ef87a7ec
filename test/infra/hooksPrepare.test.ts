/** What is looked at before anything is created. */
import { expect, test } from 'vitest'
import { prepare } from '../../infra/hooks/prepare.ts'
import { type AzureCli, openAzureCli } from '../support/azure/openAzureCli.ts'
import type { VaultResource } from '../support/azure/openSubscription.ts'
import { commandDeployment, ENVIRONMENT } from '../support/commandDeployment.ts'
import { refusal } from '../support/openHookWorld.ts'

test('nothing is created while the two command lines work in different subscriptions', async () => {
  const cli = openAzureCli(ENVIRONMENT)
  cli.answers.set('az account show', [{ stdout: '{"id":"another"}' }])
  const fault = await refusal(prepare(commandDeployment(cli)))
  expect(fault.fixes).toEqual([`az account set --subscription ${ENVIRONMENT.AZURE_SUBSCRIPTION_ID}`])
})

test.each([
  [['AZURE_SUBSCRIPTION_ID', 'AZURE_LOCATION'], '(AZURE_SUBSCRIPTION_ID, AZURE_LOCATION)'],
  [['AZURE_SUBSCRIPTION_ID'], '(AZURE_SUBSCRIPTION_ID)'],
])(
  'azd provision runs its hook before it asks where to deploy: without %j nothing is run, and the fix is azd up',
  async (missing, seen) => {
    const cli = openAzureCli({ ...ENVIRONMENT, ...Object.fromEntries(missing.map((name) => [name, ''])) })
    const { message, fixes } = await refusal(prepare(commandDeployment(cli)))
    expect(message).toContain(seen)
    expect(fixes[0]).toBe('azd up')
    expect(cli.commands).toEqual([])
  },
)

test('an environment that is in one resource group is not set up in another, and nothing is run', async () => {
  const cli = openAzureCli({ ...ENVIRONMENT, AZURE_RESOURCE_GROUP: 'signet', SIGNET_RESOURCE_GROUP: 'other' })
  const { fixes } = await refusal(prepare(commandDeployment(cli)))
  expect(fixes[0]).toBe('azd env set SIGNET_RESOURCE_GROUP signet && azd up')
  expect(cli.commands).toEqual([])
})

test.each([
  { AZURE_RESOURCE_GROUP: 'rg-example' },
  { AZURE_RESOURCE_GROUP: 'Signet', SIGNET_RESOURCE_GROUP: 'signet' },
])('an environment that is where it should be is looked at: %j', async (groups) => {
  const cli = openAzureCli({ ...ENVIRONMENT, ...groups })
  await prepare(commandDeployment(cli))
  expect(cli.commands).toHaveLength(2)
})

test.each([
  [{ ROTATION: 'auto', SIGNET_SIGNER_ROLE: 'built-in' }, 1],
  [{ ROTATION: 'auto' }, 0],
  [{ SIGNET_SIGNER_ROLE: 'built-in' }, 0],
])(
  'whoever has %j is told that the app will have no right to make versions: %i times',
  async (chosen, times) => {
    const said: string[] = []
    const deployment = commandDeployment(openAzureCli({ ...ENVIRONMENT, ...chosen }))
    await prepare({ ...deployment, say: (line) => said.push(line) })
    expect(said.filter((line) => line.includes('no right to make versions'))).toHaveLength(times)
  },
)

test('without a sign-in at the Azure CLI the fix is to sign in', async () => {
  const cli = openAzureCli(ENVIRONMENT)
  cli.answers.set('az account show', [{ code: 1, stderr: 'Please run az login' }])
  expect((await refusal(prepare(commandDeployment(cli)))).fixes).toEqual(['az login'])
})

test('private networking waits for its resource provider', async () => {
  const cli = openAzureCli({ ...ENVIRONMENT, SIGNET_PRIVATE_NETWORKING: 'true' })
  cli.answers.set('az provider show', [{ stdout: '{"registrationState":"NotRegistered"}' }])
  const fault = await refusal(prepare(commandDeployment(cli)))
  expect(fault.fixes).toEqual(['az provider register --namespace Microsoft.App --wait'])
})

/** A subscription in which the vaults were deleted, and their resource groups with them. */
function withDeleted(...vaults: readonly Partial<VaultResource>[]): AzureCli {
  const cli = openAzureCli(ENVIRONMENT)
  for (const vault of vaults) cli.subscription.deletedVaults.push({ ...DELETED, ...vault })
  return cli
}
const DELETED: VaultResource = {
  name: 'kv-example',
  group: 'rg-example',
  location: 'West Europe',
  tags: { 'azd-env-name': 'example', 'signet-environment': 'example' },
  admitted: [],
}

test('the deleted vault of this environment comes back first, into its group, and azd is made to deploy after it', async () => {
  const cli = withDeleted({ name: 'kv-other', tags: { 'signet-environment': 'other' } }, {})
  await prepare(commandDeployment(cli))
  expect(cli.subscription.vault?.name).toBe('kv-example')
  expect(cli.env.SIGNET_VAULT_RECOVERED).toBe('2026-06-01T00:00:00.000Z')
  expect(cli.commands.map(({ line }) => line.split(' --')[0]).slice(2)).toEqual([
    'azd env set SIGNET_VAULT_RECOVERED 2026-06-01T00:00:00.000Z',
    'az group exists',
    'az group create',
    'az keyvault recover',
  ])
})

test('a resource group that is still there is left as it is', async () => {
  const cli = withDeleted({})
  cli.subscription.groups.add('rg-example')
  await prepare(commandDeployment(cli))
  expect(cli.subscription.vault?.name).toBe('kv-example')
  expect(cli.commands.filter(({ line }) => line.startsWith('az group create'))).toEqual([])
})

test.each([
  ['of another environment', { tags: { 'signet-environment': 'other' } }],
  ['in another region', { location: 'eastus' }],
  ['of another project, whose environment has the same name', { tags: { 'azd-env-name': 'example' } }],
])('a deleted vault %s stays where it is', async (_whose, vault) => {
  const cli = withDeleted(vault)
  await prepare(commandDeployment(cli))
  expect(cli.subscription.vault).toBeUndefined()
  expect(cli.env.SIGNET_VAULT_RECOVERED).toBeUndefined()
})

test('a vault that was in another resource group can only come back there, which is said before anything is done', async () => {
  const cli = withDeleted({ group: 'rg-before' })
  const { fixes } = await refusal(prepare(commandDeployment(cli)))
  expect(fixes).toEqual(['azd env set SIGNET_RESOURCE_GROUP rg-before && azd up'])
  expect(cli.subscription.vault).toBeUndefined()
  expect(cli.env.SIGNET_VAULT_RECOVERED).toBeUndefined()
})

test('looking before a deployment writes nothing', async () => {
  const cli = openAzureCli(ENVIRONMENT)
  await prepare(commandDeployment(cli))
  expect(cli.commands.map(({ line }) => line.split(' --')[0])).toEqual([
    'az account show',
    'az keyvault list-deleted',
  ])
})
