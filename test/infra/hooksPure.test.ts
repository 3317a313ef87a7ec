import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { certificatePolicy } from '../../infra/hooks/certificatePolicy.ts'
import type { Deployment } from '../../infra/hooks/deployment.ts'
import { type KeyCredential, thumbprintOf } from '../../infra/hooks/keyCredential.ts'
import { mergeCredentials } from '../../infra/hooks/mergeCredentials.ts'
import { prepare } from '../../infra/hooks/prepare.ts'
import { prove } from '../../infra/hooks/prove.ts'
import { registrationRequest } from '../../infra/hooks/registrationRequest.ts'
import { runCommand } from '../../infra/hooks/run.ts'
import { type AzureCli, openAzureCli } from '../support/openAzureCli.ts'
import { refusal } from '../support/openHookWorld.ts'

const NOW_MS = Date.parse('2026-06-01T00:00:00Z')
const certificate = (label: string, startDateTime = '2026-01-01T00:00:00.000Z'): KeyCredential => ({
  key: Buffer.from(label).toString('base64'),
  keyId: `id of ${label}`,
  displayName: label,
  startDateTime,
  endDateTime: '2027-01-01T00:00:00.000Z',
})

const environment = {
  AZURE_ENV_NAME: 'example',
  AZURE_SUBSCRIPTION_ID: '00000000-0000-4000-8000-000000000002',
  AZURE_LOCATION: 'westeurope',
  SIGNET_IDENTITY_CLIENT_ID: '00000000-0000-4000-8000-0000000000e2',
}

function deploymentOf(cli: AzureCli, slept: number[] = []): Deployment {
  return {
    env: cli.env,
    run: cli.run,
    credential: { getToken: () => expect.unreachable() },
    folder: 'nowhere',
    now: () => NOW_MS,
    sleep: async (ms) => slept.push(ms),
    pollMs: 1,
    say: () => {},
  }
}

test('the list of certificates is what is registered and what the vault holds, each once', () => {
  const [old, next] = [certificate('old'), certificate('next', '2026-05-01T00:00:00.000Z')]
  expect(mergeCredentials([old], [next, old], NOW_MS)).toEqual([old, next])
  expect(mergeCredentials([next, old], [], NOW_MS)).toEqual([old, next])
})

test('the order in which Graph answers and the way it writes times change nothing', () => {
  const [a, b] = [certificate('a'), certificate('b')]
  const short = { ...a, startDateTime: '2026-01-01T00:00:00Z', endDateTime: '2027-01-01T00:00:00Z' }
  expect(mergeCredentials([b, short], [a], NOW_MS)).toEqual(mergeCredentials([short, b], [b], NOW_MS))
})

test('only an entry that has expired is left out', () => {
  const expired = { ...certificate('expired'), endDateTime: '2026-05-31T23:59:59Z' }
  const ending = { ...certificate('ending'), endDateTime: '2026-06-01T00:00:01.000Z' }
  expect(mergeCredentials([expired, ending], [], NOW_MS)).toEqual([ending])
})

test('an entry that Graph shows without its key is found in the vault by thumbprint or key id', () => {
  const held = certificate('held')
  for (const customKeyIdentifier of [
    thumbprintOf(held).toString('base64'),
    thumbprintOf(held).toString('hex').toUpperCase(),
  ]) {
    const shown = { ...held, keyId: 'another', key: null, customKeyIdentifier }
    expect(mergeCredentials([shown], [held], NOW_MS)).toEqual([{ ...held, keyId: 'another' }])
  }
  expect(mergeCredentials([{ ...held, key: null }], [held], NOW_MS)).toEqual([held])
})

test('an entry without its key that no vault holds stops the deployment, which would remove it', () => {
  const shown = { ...certificate('lost'), key: null }
  expect(() => mergeCredentials([shown], [certificate('held')], NOW_MS)).toThrow(/would remove it/)
})

test('the policy cannot be exported, reuses no key, only signs, and is not renewed behind our back', () => {
  expect(certificatePolicy()).toEqual({
    issuerName: 'Self',
    exportable: false,
    keyType: 'RSA-HSM',
    keySize: 2048,
    reuseKey: false,
    contentType: 'application/x-pkcs12',
    subject: 'CN=Signet',
    keyUsage: ['digitalSignature'],
    validityInMonths: 12,
    lifetimeActions: [{ action: 'EmailContacts', daysBeforeExpiry: 60 }],
  })
})

test('an administrator is asked for what the template would register', () => {
  const snapshot = JSON.parse(readFileSync('infra/params/entra.snapshot.json', 'utf8')) as {
    predictedResources: { properties: { uniqueName?: string; keyCredentials?: unknown[] } }[]
  }
  const request = registrationRequest(
    {
      environmentName: 'example',
      tenantId: '00000000-0000-4000-8000-000000000001',
      publicUrl: 'https://signin.example.com',
      isMultiTenant: false,
      issuer: 'https://login.example.com/v2.0',
      federatedPrincipalId: '00000000-0000-4000-8000-0000000000e1',
    },
    { signingCertificates: [], appOnlyCertificates: [] },
  )
  for (const uniqueName of ['signet-example', 'signet-app-only-example']) {
    const predicted = snapshot.predictedResources.find((one) => one.properties.uniqueName === uniqueName)
    const { uniqueName: _, keyCredentials, ...properties } = predicted?.properties ?? {}
    expect(keyCredentials?.length).toBeGreaterThan(0)
    expect(request[uniqueName]).toEqual({ ...properties, keyCredentials: [] })
  }
  expect(request['federated-credential']).toMatchObject({ subject: '00000000-0000-4000-8000-0000000000e1' })
})

test('nothing is created while the two command lines work in different subscriptions', async () => {
  const cli = openAzureCli(environment)
  cli.answers.set('az account show', [{ stdout: '{"id":"another"}' }])
  const fault = await refusal(prepare(deploymentOf(cli)))
  expect(fault.fixes).toEqual([`az account set --subscription ${environment.AZURE_SUBSCRIPTION_ID}`])
})

test('a pipeline that is a service principal has its role assignments made as one', async () => {
  const cli = openAzureCli(environment)
  const id = environment.AZURE_SUBSCRIPTION_ID
  cli.answers.set('az account show', [{ stdout: JSON.stringify({ id, user: { type: 'servicePrincipal' } }) }])
  await prepare(deploymentOf(cli))
  expect(cli.env.AZURE_PRINCIPAL_TYPE).toBe('ServicePrincipal')
})

test('without a sign-in at the Azure CLI the fix is to sign in', async () => {
  const cli = openAzureCli(environment)
  cli.answers.set('az account show', [{ code: 1, stderr: 'Please run az login' }])
  expect((await refusal(prepare(deploymentOf(cli)))).fixes).toEqual(['az login'])
})

test('private networking waits for its resource provider', async () => {
  const cli = openAzureCli({ ...environment, SIGNET_PRIVATE_NETWORKING: 'true' })
  cli.answers.set('az provider show', [{ stdout: '{"registrationState":"NotRegistered"}' }])
  const fault = await refusal(prepare(deploymentOf(cli)))
  expect(fault.fixes).toEqual(['az provider register --namespace Microsoft.App --wait'])
})

test('the deleted vault of this environment is recovered, and nobody else’s', async () => {
  const vault = (name: string, location: string) => ({
    properties: { location, tags: { 'azd-env-name': name, 'signet-environment': name } },
  })
  const cases = [
    { deleted: [vault('example', 'West Europe')], flag: 'true' },
    { deleted: [vault('other', 'westeurope'), vault('example', 'eastus'), {}], flag: undefined },
    {
      // Another project of azd may call its environment the same.
      deleted: [{ properties: { location: 'westeurope', tags: { 'azd-env-name': 'example' } } }],
      flag: undefined,
    },
  ]
  for (const { deleted, flag } of cases) {
    const cli = openAzureCli(environment)
    cli.answers.set('az keyvault list-deleted', [{ stdout: JSON.stringify(deleted) }])
    await prepare(deploymentOf(cli))
    expect(cli.env.SIGNET_RECOVER_VAULT).toBe(flag)
  }
})

test('a wish to recover that has nothing to recover is taken back', async () => {
  const cli = openAzureCli({ ...environment, SIGNET_RECOVER_VAULT: 'true' })
  await prepare(deploymentOf(cli))
  expect(cli.env.SIGNET_RECOVER_VAULT).toBe('false')
})

test('looking before a deployment writes nothing', async () => {
  const cli = openAzureCli(environment)
  await prepare(deploymentOf(cli))
  expect(cli.commands.map(({ line }) => line.split(' --')[0])).toEqual([
    'az account show',
    'az keyvault list-deleted',
  ])
})

test('the doctor looks again while things spread, as the identity of the app', async () => {
  const [cli, slept]: [AzureCli, number[]] = [openAzureCli(environment), []]
  cli.answers.set('npm run', [{ code: 1 }, { code: 1 }])
  await prove(deploymentOf(cli, slept))
  expect(slept).toEqual([30_000, 30_000])
  expect(cli.commands).toHaveLength(3)
  expect(cli.commands[0]).toEqual({
    line: 'npm run --silent doctor -- --json',
    env: { AZURE_CLIENT_ID: environment.SIGNET_IDENTITY_CLIENT_ID },
  })
})

test('what the doctor cannot find out from here is told and fails nothing', async () => {
  const cli = openAzureCli(environment)
  cli.answers.set('npm run', [{ code: 2, stdout: report('pass') }])
  const said: string[] = []
  await prove({ ...deploymentOf(cli), say: (line) => said.push(line) })
  expect(cli.commands).toHaveLength(1)
  expect(said.join()).toMatch(/✓ assertion .*\n\? public .*\n\n1 passed, 0 failed, 1 unknown\./)
})

test('but without a token of Entra nothing is proven, though nothing failed', async () => {
  const cli = openAzureCli(environment)
  cli.answers.set('npm run', Array(9).fill({ code: 2, stdout: report('unknown') }))
  await refusal(prove(deploymentOf(cli)))
  expect(cli.commands).toHaveLength(6)
})

test('the managed identity proves itself in Azure only, which is told', async () => {
  const cli = openAzureCli({ ...environment, CREDENTIAL: 'managed-identity' })
  cli.answers.set('npm run', [{ code: 2, stdout: report('unknown') }])
  await prove(deploymentOf(cli))
  expect(cli.commands).toHaveLength(1)
})

function report(assertion: 'pass' | 'unknown'): string {
  const checks = [
    { id: 'assertion', title: 'a', verdict: assertion, seen: 'Seen.' },
    { id: 'public', title: 'p', verdict: 'unknown', seen: 'Not seen.' },
  ]
  return JSON.stringify({ verdict: 'unknown', checks })
}

test('a doctor that stays unhappy fails the deployment, with its words', async () => {
  const cli = openAzureCli(environment)
  cli.answers.set(
    'npm run',
    Array.from({ length: 9 }, () => ({ code: 1, stdout: 'sign: fail' })),
  )
  const said: string[] = []
  await refusal(prove({ ...deploymentOf(cli), say: (line) => said.push(line) }))
  expect(cli.commands).toHaveLength(6)
  expect(said.at(-1)).toBe('sign: fail')
})

test('a command gets its arguments as they are, its environment on top, and gives back what it printed', async () => {
  const script =
    'console.log(process.argv[1], process.env.SIGNET_TEST); console.error("no"); process.exitCode = 3'
  const argument = '[{"key": "a b$c"}]'
  const result = await runCommand(process.execPath, ['-e', script, argument], { SIGNET_TEST: 'laid over' })
  expect(result).toEqual({ code: 3, stdout: `${argument} laid over\n`, stderr: 'no\n' })
})

test.for([
  ['prepackage', 'npm could not be started.', '  Install npm'],
  ['preprovision', 'az could not be started.', '  Install the Azure CLI'],
  ['postprovision', 'KEY_VAULT_URL is not set', '  azd up'],
  ['postdeploy', 'npm could not be started.', '  Install npm'],
])('the hook %s runs in plain Node, and fails with what it saw and what to do', async ([name, seen, fix]) => {
  const env = { AZURE_ENV_NAME: 'example', AZURE_SUBSCRIPTION_ID: 'any', AZURE_LOCATION: 'any', PATH: '' }
  const { code, stderr } = await runCommand(process.execPath, [`infra/hooks/${name}.ts`], env)
  const [first = '', second = ''] = stderr.split('\n')
  expect(code).toBe(1)
  expect(first).toContain(seen)
  expect(second).toContain(fix)
})

test('a command that is not installed says where it comes from', async () => {
  const path = process.env.PATH
  process.env.PATH = ''
  try {
    expect((await refusal(runCommand('az', ['account', 'show']))).fixes[0]).toContain('install-azure-cli')
  } finally {
    process.env.PATH = path
  }
})
