import { X509Certificate } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManagedIdentityCredential } from '@azure/identity'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Deployment } from '../../infra/hooks/deployment.ts'
import { HookFault } from '../../infra/hooks/hookFault.ts'
import { setUp } from '../../infra/hooks/setUp.ts'
import { type Desk, openDesk } from '../../local/desk.ts'
import { loopbackOnly } from '../../local/loopbackOnly.ts'
import { trustAuthority } from '../../local/trustAuthority.ts'
import { vaultBundles } from '../../local/vault/vaultBundles.ts'
import type { VaultOperation } from '../../local/vault/vaultRoute.ts'
import {
  APP_ONLY_CLIENT_ID,
  type AzureCli,
  openAzureCli,
  SIGN_IN_CLIENT_ID,
} from '../support/openAzureCli.ts'

let desk: Desk
let unmap: () => void
let folder: string
let cli: AzureCli
let said: string[]
let slept: number
let fresh = 0

beforeAll(async () => {
  desk = await openDesk({ appOrigin: 'https://signin.example.com' })
  trustAuthority(desk.authorityPem)
  unmap = loopbackOnly({ vaultPort: desk.vault.port })
  Object.assign(process.env, desk.identity.env)
  folder = await mkdtemp(join(tmpdir(), 'signet-hooks-'))
})

afterAll(async () => {
  unmap()
  await desk.close()
  await rm(folder, { recursive: true, force: true })
})

beforeEach(() => {
  fresh += 1
  said = []
  slept = 0
  desk.vault.permissions.add('certificates/create/action')
  cli = openAzureCli({
    AZURE_ENV_NAME: 'example',
    AZURE_SUBSCRIPTION_ID: '00000000-0000-4000-8000-000000000002',
    AZURE_TENANT_ID: '00000000-0000-4000-8000-000000000001',
    AZURE_LOCATION: 'westeurope',
    AZURE_RESOURCE_GROUP: 'rg-example',
    KEY_VAULT_URL: desk.vault.url,
    PUBLIC_URL: 'https://signin.example.com',
    SIGNING_CERTIFICATE: `signing-${fresh}`,
    APP_ONLY_CERTIFICATE: `app-only-${fresh}`,
  })
})

afterEach(() => desk.vault.faults.clear())

function deployment(changes: Partial<Deployment> = {}): Deployment {
  return {
    env: cli.env,
    run: cli.run,
    credential: new ManagedIdentityCredential({ clientId: desk.identity.clientId }),
    folder,
    now: Date.now,
    sleep: async (ms) => {
      slept += ms
    },
    pollMs: 20,
    say: (line) => said.push(line),
    ...changes,
  }
}

const linesOf = (start: string): string[] =>
  cli.commands.map(({ line }) => line).filter((line) => line.startsWith(start))
const registrationInputs = () =>
  cli.commands.filter(({ line }) => line.startsWith('az deployment group create')).map(({ env }) => env)
const countAtVault = (operation: VaultOperation): number =>
  desk.vault.requests.filter((request) => request.operation === operation).length
const refusal = (attempt: Promise<unknown>): Promise<HookFault> =>
  attempt.then(
    () => expect.unreachable(),
    (fault: unknown) => {
      expect(fault).toBeInstanceOf(HookFault)
      return fault as HookFault
    },
  )

test('a new environment gets two certificates, both registered, and the settings that name both clients', async () => {
  await setUp(deployment())
  expect(countAtVault('certificate create')).toBe(2)
  expect(cli.env).toMatchObject({ ENTRA_CLIENT_ID: SIGN_IN_CLIENT_ID, APP_ONLY_CLIENT_ID })
  const [input] = registrationInputs()
  for (const json of [input?.SIGNET_SIGNING_CERTIFICATES, input?.SIGNET_APP_ONLY_CERTIFICATES]) {
    const [certificate, ...more] = JSON.parse(json ?? '[]') as { key: string; endDateTime: string }[]
    expect(more).toEqual([])
    const parsed = new X509Certificate(Buffer.from(certificate?.key ?? '', 'base64'))
    expect(parsed.subject).toBe('CN=Signet')
    expect(Date.parse(certificate?.endDateTime ?? '')).toBe(parsed.validToDate.getTime())
  }
  const settings = cli.commands.find(({ line }) => line.startsWith('az deployment sub create'))
  expect(settings?.env).toMatchObject({ ENTRA_CLIENT_ID: SIGN_IN_CLIENT_ID, SIGNET_RECOVER_VAULT: 'false' })
})

test('a second run makes no write at the vault, registers the same and changes no value', async () => {
  await setUp(deployment())
  const before = desk.vault.requests.length
  const commands = cli.commands.length
  await setUp(deployment())
  const operations = desk.vault.requests
    .slice(before)
    .map(({ operation, method }) => `${method} ${operation}`)
  expect(new Set(operations.filter((one) => !one.includes('challenge')))).toEqual(
    new Set(['GET certificate read', 'GET certificate list']),
  )
  const [first, second] = registrationInputs()
  expect(second).toEqual(first)
  const again = cli.commands.slice(commands).map(({ line }) => line)
  expect(again.filter((line) => /azd env set|deployment sub/.test(line))).toEqual([])
})

test('a certificate that is registered and in no vault stays registered', async () => {
  const foreign = {
    key: desk.vault.certificate().der.toString('base64'),
    keyId: '00000000-0000-4000-8000-0000000000c1',
    displayName: 'from elsewhere',
    startDateTime: '2026-01-01T00:00:00Z',
    endDateTime: '2099-01-01T00:00:00Z',
  }
  cli.registered.set('signet-example', [foreign])
  await setUp(deployment())
  const list = JSON.parse(registrationInputs()[0]?.SIGNET_SIGNING_CERTIFICATES ?? '[]') as { keyId: string }[]
  expect(list).toHaveLength(2)
  expect(list.map(({ keyId }) => keyId)).toContain(foreign.keyId)
})

test('renewal makes one version, registers it beside the old one, and happens once', async () => {
  await setUp(deployment())
  cli.env.SIGNET_RENEW = `signing-${fresh}`
  const created = countAtVault('certificate create')
  await setUp(deployment())
  await setUp(deployment())
  expect(countAtVault('certificate create')).toBe(created + 1)
  expect(cli.env.SIGNET_RENEW).toBe('none')
  expect(cli.registered.get('signet-example')).toHaveLength(2)
  expect(cli.registered.get('signet-app-only-example')).toHaveLength(1)
})

test('a renewal of a certificate that is not there is a slip, not a success', async () => {
  cli.env.SIGNET_RENEW = 'signning'
  const fault = await refusal(setUp(deployment()))
  expect(fault.fixes[0]).toBe(`azd env set SIGNET_RENEW signing-${fresh} && azd hooks run postprovision`)
  expect(cli.commands).toEqual([])
})

test('a disabled version is neither used nor registered anew, and a certificate without any other is made again', async () => {
  const series = await desk.vault.addCertificate(`signing-${fresh}`)
  series.disable(series.find()?.version ?? '')
  const created = countAtVault('certificate create')
  await setUp(deployment())
  expect(countAtVault('certificate create')).toBe(created + 2)
  expect(cli.registered.get('signet-example')).toHaveLength(1)
})

test('with a managed identity as the credential only the app-only client gets a certificate', async () => {
  cli.env.CREDENTIAL = 'managed-identity'
  const created = countAtVault('certificate create')
  await setUp(deployment())
  expect(countAtVault('certificate create')).toBe(created + 1)
  expect(registrationInputs()[0]?.SIGNET_SIGNING_CERTIFICATES).toBe('[]')
})

test('a role that has just been granted is waited for', async () => {
  desk.vault.permissions.delete('certificates/create/action')
  const sleep = async (ms: number): Promise<void> => {
    slept += ms
    if (slept === 60_000) desk.vault.permissions.add('certificates/create/action')
  }
  await setUp(deployment({ sleep }))
  expect(slept).toBe(60_000)
  expect(said.join('\n')).toContain('has not arrived yet')
  expect(cli.registered.get('signet-example')).toHaveLength(1)
})

test('a role that never arrives ends after five minutes and says how to get it', async () => {
  desk.vault.permissions.delete('certificates/create/action')
  const fault = await refusal(setUp(deployment()))
  expect(slept).toBe(300_000)
  expect(fault.message).toContain('does not let you create or read certificates')
  expect(fault.fixes[0]).toContain('az login and azd auth login')
  expect(registrationInputs()).toEqual([])
})

test('a vault behind a closed network says how to get in, at once', async () => {
  const innererror = { code: 'ForbiddenByFirewall' }
  const body = { error: { code: 'Forbidden', message: 'Client address is not authorized', innererror } }
  desk.vault.faults.next(1, { kind: 'answer', status: 403, body }, 'certificate read')
  const fault = await refusal(setUp(deployment()))
  expect(slept).toBe(0)
  expect(fault.fixes.join('\n')).toContain('SIGNET_ALLOWED_ADDRESSES')
})

test('a deleted certificate of the same name says how it is recovered', async () => {
  const body = { error: { code: 'Conflict', message: 'is currently in a deleted but recoverable state' } }
  desk.vault.faults.next(1, { kind: 'answer', status: 409, body }, 'certificate create')
  const fault = await refusal(setUp(deployment()))
  expect(fault.fixes[0]).toBe(
    `az keyvault certificate recover --vault-name signet-desk --name signing-${fresh} && azd up`,
  )
})

test('a certificate whose key may be exported is refused, not replaced', async () => {
  const bundle = vaultBundles.certificate(desk.vault.certificate())
  const body = {
    ...bundle,
    policy: { ...bundle.policy, key_props: { ...bundle.policy.key_props, exportable: true } },
  }
  desk.vault.faults.next(1, { kind: 'answer', status: 200, body }, 'certificate read')
  const fault = await refusal(setUp(deployment()))
  expect(fault.message).toContain('may be exported')
  expect(fault.fixes[0]).toContain('SIGNING_CERTIFICATE')
})

test('an account without rights in the directory leaves files for an administrator, with nothing secret in them', async () => {
  const denied = { code: 1, stderr: 'Authorization_RequestDenied: Insufficient privileges to complete' }
  cli.answers.set('az deployment group create', [denied])
  const fault = await refusal(setUp(deployment()))
  expect(fault.fixes).toContain('azd env set SIGNET_REGISTRATION administrator')
  const files = await readdir(join(folder, 'registration'))
  expect(files.toSorted()).toEqual(['signet-app-only-example.json', 'signet-example.json'])
  const texts = await Promise.all(files.map((file) => readFile(join(folder, 'registration', file), 'utf8')))
  expect(texts.join()).not.toMatch(/PRIVATE KEY|password|secret/i)
  expect(texts.join()).toContain('"key":')
})

test('nor does an account that may not even look, such as a pipeline without rights in the directory', async () => {
  cli.answers.set('az rest --method get', [
    { code: 1, stderr: 'Forbidden({"error":{"code":"Authorization_RequestDenied"}})' },
  ])
  const fault = await refusal(setUp(deployment()))
  expect(fault.fixes).toContain('azd env set SIGNET_REGISTRATION administrator')
  expect(registrationInputs()).toEqual([])
  const text = await readFile(join(folder, 'registration', 'signet-example.json'), 'utf8')
  expect(JSON.parse(text).keyCredentials).toHaveLength(1)
})

test.each([
  ['another tenant', { ENTRA_TENANT_ID: '00000000-0000-4000-8000-0000000000ee' }],
  ['another cloud', { ENTRA_AUTHORITY_HOST: 'https://login.microsoftonline.us/' }],
])(
  'people who sign in to %s need registrations there, which is for somebody who is there',
  async (_where, settings) => {
    Object.assign(cli.env, settings)
    await refusal(setUp(deployment()))
    expect(linesOf('az ')).toEqual([])
    const { identifierUris } = JSON.parse(
      await readFile(join(folder, 'registration', 'signet-example.json'), 'utf8'),
    )
    const tenant = cli.env.ENTRA_TENANT_ID ?? cli.env.AZURE_TENANT_ID
    expect(identifierUris).toEqual([`api://${tenant}/signet-example`])
  },
)

test('the sign-in host of the public cloud is not another cloud, however it is written', async () => {
  Object.assign(cli.env, {
    ENTRA_AUTHORITY_HOST: 'https://login.microsoftonline.com/',
    ENTRA_TENANT_ID: cli.env.AZURE_TENANT_ID,
  })
  await setUp(deployment())
  expect(registrationInputs()).toHaveLength(1)
})

test('what no file can hold is said to the administrator', async () => {
  Object.assign(cli.env, { SIGNET_REGISTRATION: 'administrator', SIGNET_ASSIGNMENT_REQUIRED: 'true' })
  const { fixes } = await refusal(setUp(deployment()))
  expect(fixes.join()).toContain(
    'az ad sp update --id <client id of signet-example> --set appRoleAssignmentRequired=true',
  )
})

test('an application in the bin, whose name is taken, says how it comes back or goes', async () => {
  const stderr =
    'Request_BadRequest: Another object with the same value for property uniqueName already exists.'
  cli.answers.set('az deployment group create', [{ code: 1, stderr }])
  const { message, fixes } = await refusal(setUp(deployment()))
  expect(message).toContain('deleted within the last 30 days')
  expect(fixes.join('\n')).toContain('/restore')
  expect(fixes.at(-1)).toBe('Then: azd up')
})

test('when an administrator keeps the registrations, nothing is asked of the directory', async () => {
  const request = (): Promise<string> => readFile(join(folder, 'registration', 'signet-example.json'), 'utf8')
  cli.env.SIGNET_REGISTRATION = 'administrator'
  await refusal(setUp(deployment()))
  const first = await request()
  cli.env.ENTRA_CLIENT_ID = SIGN_IN_CLIENT_ID
  await setUp(deployment())
  expect(linesOf('az ')).toEqual([])
  expect(await request()).toBe(first)
})

test('a deployment that fails for another reason passes on what Azure said', async () => {
  cli.answers.set('az deployment group create', [{ code: 1, stderr: 'PropertyNotSet: displayName' }])
  const fault = await refusal(setUp(deployment()))
  expect(fault.message).toBe('az deployment group create failed: PropertyNotSet: displayName')
  expect(cli.env.ENTRA_CLIENT_ID).toBeUndefined()
})

test('a vault that was recovered is not recovered twice', async () => {
  cli.env.SIGNET_RECOVER_VAULT = 'true'
  await setUp(deployment())
  expect(cli.env.SIGNET_RECOVER_VAULT).toBe('false')
})
