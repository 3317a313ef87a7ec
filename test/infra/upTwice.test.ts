/**
 * A whole life of an environment against stand-ins that remember and refuse as their users report: set up, set up again, removed, set up
 * anew. The hooks are the real ones; azd runs them in the order of azure.yaml.
 */
import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Deployment } from '../../infra/hooks/deployment.ts'
import { prepare } from '../../infra/hooks/prepare.ts'
import { prove } from '../../infra/hooks/prove.ts'
import { setUp } from '../../infra/hooks/setUp.ts'
import { parseAzureYaml } from '../support/azure/azureYaml.ts'
import { openAzd } from '../support/azure/openAzd.ts'
import {
  OUTPUTS,
  openProvisioning,
  type Provisioning,
  parametersFrom,
} from '../support/azure/provisioning.ts'
import { openHookWorld, refusal } from '../support/openHookWorld.ts'

const world = await openHookWorld()
const project = parseAzureYaml(readFileSync('azure.yaml', 'utf8'))
const APPLICATIONS = ['signet-example', 'signet-app-only-example', 'signet-sample-api-example']
/** Command lines that only look. */
const LOOKS =
  /^az (account show|provider show|keyvault list-deleted|group exists|rest --method get|deployment group show|functionapp config appsettings list) |^npm run /

const HOOKS: Readonly<Record<string, (deployment: Deployment) => Promise<void>>> = {
  'infra/hooks/prepackage.ts': async ({ run }) => void (await run('npm', ['run', '--silent', 'package'])),
  'infra/hooks/preprovision.ts': prepare,
  'infra/hooks/postprovision.ts': setUp,
  'infra/hooks/postdeploy.ts': prove,
}
let provisioning: Provisioning

beforeEach(() => {
  const { env, subscription } = world.cli
  const outputs = Object.fromEntries(Object.entries(env).filter(([name]) => OUTPUTS.includes(name)))
  // As before the first time: what azd was told, and nothing that a deployment gives.
  for (const name of OUTPUTS) delete env[name]
  subscription.groups.clear()
  subscription.app = undefined
  Object.assign(env, {
    SIGNET_ALLOWED_ADDRESSES: '["203.0.113.7"]',
    SIGNET_PRIVATE_NETWORKING: 'true',
    SIGNET_GRANT_SAMPLE_ROLE: 'true',
  })
  provisioning = openProvisioning(world.cli, outputs)
})

interface Run {
  /** Command lines that change something. */
  readonly writes: readonly string[]
  /** How often azd sent the resources. */
  readonly provisioned: number
  readonly certificatesMade: number
}

/** `azd up`, and what it changed. */
async function up(): Promise<Run> {
  const before = {
    commands: world.cli.commands.length,
    sent: provisioning.sent,
    made: world.countAtVault('certificate create'),
  }
  const azd = openAzd(project, {
    hook: (file, show) =>
      HOOKS[file]?.(world.deployment({ say: show })) ?? Promise.reject(new Error(`unknown hook ${file}`)),
    provision: () => provisioning.provision(),
    install: async () => {},
  })
  await azd.run('up')
  const lines = world.cli.commands.slice(before.commands).map(({ line }) => line)
  return {
    writes: lines.filter((line) => !LOOKS.test(`${line} `)).map((line) => line.split(' --resource')[0] ?? ''),
    provisioned: provisioning.sent - before.sent,
    certificatesMade: world.countAtVault('certificate create') - before.made,
  }
}

const NOTHING = { writes: [], provisioned: 0, certificatesMade: 0 }

describe('azd up', () => {
  test('twice: the first makes each thing once, the second sends nothing', async () => {
    const first = await up()
    expect(first).toMatchObject({ provisioned: 1, certificatesMade: 2 })
    expect(first.writes.map((line) => line.split(' --').slice(0, 2).join(' --'))).toEqual([
      'az deployment group create --name signet-entra',
      'az rest --method post',
      expect.stringMatching(/^azd env set PUBLIC_URL /),
      expect.stringMatching(/^azd env set ENTRA_TENANT_ID /),
      expect.stringMatching(/^azd env set ENTRA_CLIENT_ID /),
      expect.stringMatching(/^azd env set ENTRA_OBJECT_ID /),
      expect.stringMatching(/^azd env set APP_ONLY_CLIENT_ID /),
      expect.stringMatching(/^azd env set APP_ONLY_OBJECT_ID /),
      'az deployment group create --name signet-live',
    ])
    expect(await up()).toEqual(NOTHING)
  })

  test('removed and set up again: the vault is recovered, gets today’s network rules and keeps its certificates', async () => {
    await up()
    const registered = APPLICATIONS.map((name) => world.cli.directory.credentialsOf(name))
    provisioning.down()
    world.cli.env.SIGNET_ALLOWED_ADDRESSES = '["203.0.113.8"]'

    const again = await up()

    expect(again).toMatchObject({ provisioned: 1, certificatesMade: 0 })
    expect(again.writes.slice(0, 3)).toEqual([
      expect.stringMatching(/^azd env set SIGNET_VAULT_RECOVERED /),
      expect.stringMatching(/^az group create --name rg-example /),
      'az keyvault recover --name kv-example',
    ])
    expect(world.cli.subscription.vault?.admitted).toEqual(['203.0.113.8'])
    expect(APPLICATIONS.map((name) => world.cli.directory.credentialsOf(name))).toEqual(registered)
    expect(await up()).toEqual(NOTHING)
  })

  test('only the vault removed: recovered, and deployed once more although nothing else has changed', async () => {
    await up()
    const { subscription } = world.cli
    if (subscription.vault !== undefined)
      subscription.deletedVaults.push({ ...subscription.vault, admitted: [] })
    subscription.vault = undefined
    expect(await up()).toMatchObject({ provisioned: 1, certificatesMade: 0 })
    expect(subscription.vault).toMatchObject({ admitted: ['203.0.113.7'] })
    expect(await up()).toEqual(NOTHING)
  })

  test('removed with its applications: their names are taken while they lie in the bin, and restored they are used again', async () => {
    await up()
    const { directory } = world.cli
    const registered = directory.credentialsOf('signet-example')
    provisioning.down()
    for (const name of APPLICATIONS) directory.delete(name)
    const { fixes } = await refusal(up())
    expect(fixes.join('\n')).toContain('/restore')

    for (const name of APPLICATIONS) directory.restore(name)
    await up()
    expect(directory.credentialsOf('signet-example')).toEqual(registered)
    expect(await up()).toEqual(NOTHING)
  })

  test('removed with its applications for good: registered anew under other ids, with the certificates of the recovered vault', async () => {
    await up()
    const { directory, env } = world.cli
    const before = env.ENTRA_CLIENT_ID
    provisioning.down()
    for (const name of APPLICATIONS) directory.delete(name)
    const [old] = directory.bin.values()
    directory.bin.clear()
    directory.roleAssignments.length = 0
    expect(await up()).toMatchObject({ certificatesMade: 0 })
    expect(old?.keyCredentials).toHaveLength(1)
    expect(directory.credentialsOf('signet-example').map(({ key }) => key)).toEqual(
      old?.keyCredentials.map(({ key }) => key),
    )
    expect(world.cli.subscription.app?.ENTRA_CLIENT_ID).toBe(env.ENTRA_CLIENT_ID)
    expect(before).toBeDefined()
    expect(await up()).toEqual(NOTHING)
  })

  test('certificates whose update Entra would refuse are not sent for an update, whatever else changes', async () => {
    await up()
    Object.assign(world.cli.env, {
      PUBLIC_URL: 'https://another.example.com',
      SIGNET_RENEW: `signing-${world.fresh}`,
    })
    const { writes, provisioned } = await up()
    expect(provisioned).toBe(0)
    expect(writes).toContain('az deployment group create --name signet-entra')
    expect(world.cli.directory.credentialsOf('signet-example')).toHaveLength(2)
    expect(await up()).toEqual(NOTHING)
  })

  test('on another machine, without what azd remembered of the registrations, nothing is sent either', async () => {
    await up()
    for (const name of ['ENTRA_CLIENT_ID', 'APP_ONLY_CLIENT_ID', 'PUBLIC_URL', 'ENTRA_TENANT_ID'])
      delete world.cli.env[name]
    const { writes } = await up()
    expect(writes.filter((line) => !line.startsWith('azd env set '))).toEqual([])
  })
})

test('nothing that a deployment gives is read as a parameter of the next one', async () => {
  const env = { AZURE_ENV_NAME: 'example', AZURE_LOCATION: 'westeurope' }
  const given = Object.fromEntries(OUTPUTS.map((name) => [name, `<${name}>`]))
  expect(OUTPUTS.length).toBeGreaterThan(7)
  expect(parametersFrom({ ...env, ...given })).toEqual(parametersFrom(env))
})
