import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { setUp } from '../../infra/hooks/setUp.ts'
import { vaultBundles } from '../../local/vault/vaultBundles.ts'
import { APP_ONLY_CLIENT_ID, SIGN_IN_CLIENT_ID } from '../support/openAzureCli.ts'
import { openHookWorld, refusal } from '../support/openHookWorld.ts'

const world = await openHookWorld()
const { countAtVault, deployment, desk, registrationInputs } = world

test('a new environment gets two certificates, both registered, and the settings that name both clients', async () => {
  await setUp(deployment())
  expect(countAtVault('certificate create')).toBe(2)
  expect(world.cli.env).toMatchObject({ ENTRA_CLIENT_ID: SIGN_IN_CLIENT_ID, APP_ONLY_CLIENT_ID })
  const [input] = registrationInputs()
  for (const json of [input?.SIGNET_SIGNING_CERTIFICATES, input?.SIGNET_APP_ONLY_CERTIFICATES]) {
    const [certificate, ...more] = JSON.parse(json ?? '[]') as { key: string; endDateTime: string }[]
    expect(more).toEqual([])
    const parsed = new X509Certificate(Buffer.from(certificate?.key ?? '', 'base64'))
    expect(parsed.subject).toBe('CN=Signet')
    expect(Date.parse(certificate?.endDateTime ?? '')).toBe(parsed.validToDate.getTime())
  }
  const settings = world.cli.commands.find(({ line }) => line.startsWith('az deployment sub create'))
  expect(settings?.env).toMatchObject({ ENTRA_CLIENT_ID: SIGN_IN_CLIENT_ID, SIGNET_RECOVER_VAULT: 'false' })
})

test('a second run makes no write at the vault, registers the same and changes no value', async () => {
  await setUp(deployment())
  const before = desk.vault.requests.length
  const commands = world.cli.commands.length
  await setUp(deployment())
  const operations = desk.vault.requests
    .slice(before)
    .map(({ operation, method }) => `${method} ${operation}`)
  expect(new Set(operations.filter((one) => !one.includes('challenge')))).toEqual(
    new Set(['GET certificate read', 'GET certificate list']),
  )
  const [first, second] = registrationInputs()
  expect(second).toEqual(first)
  const again = world.cli.commands.slice(commands).map(({ line }) => line)
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
  world.cli.registered.set('signet-example', [foreign])
  await setUp(deployment())
  const list = JSON.parse(registrationInputs()[0]?.SIGNET_SIGNING_CERTIFICATES ?? '[]') as { keyId: string }[]
  expect(list).toHaveLength(2)
  expect(list.map(({ keyId }) => keyId)).toContain(foreign.keyId)
})

test('renewal makes one version, registers it beside the old one, and happens once', async () => {
  await setUp(deployment())
  world.cli.env.SIGNET_RENEW = `signing-${world.fresh}`
  const created = countAtVault('certificate create')
  await setUp(deployment())
  await setUp(deployment())
  expect(countAtVault('certificate create')).toBe(created + 1)
  expect(world.cli.env.SIGNET_RENEW).toBe('none')
  expect(world.cli.registered.get('signet-example')).toHaveLength(2)
  expect(world.cli.registered.get('signet-app-only-example')).toHaveLength(1)
})

test('a renewal of a certificate that is not there is a slip, not a success', async () => {
  world.cli.env.SIGNET_RENEW = 'signning'
  const fault = await refusal(setUp(deployment()))
  expect(fault.fixes[0]).toBe(
    `azd env set SIGNET_RENEW signing-${world.fresh} && azd hooks run postprovision`,
  )
  expect(world.cli.commands).toEqual([])
})

test('a disabled version is neither used nor registered anew, and a certificate without any other is made again', async () => {
  const series = await desk.vault.addCertificate(`signing-${world.fresh}`)
  series.disable(series.find()?.version ?? '')
  const created = countAtVault('certificate create')
  await setUp(deployment())
  expect(countAtVault('certificate create')).toBe(created + 2)
  expect(world.cli.registered.get('signet-example')).toHaveLength(1)
})

test('with a managed identity as the credential only the app-only client gets a certificate', async () => {
  world.cli.env.CREDENTIAL = 'managed-identity'
  const created = countAtVault('certificate create')
  await setUp(deployment())
  expect(countAtVault('certificate create')).toBe(created + 1)
  expect(registrationInputs()[0]?.SIGNET_SIGNING_CERTIFICATES).toBe('[]')
})

test('a role that has just been granted is waited for', async () => {
  desk.vault.permissions.delete('certificates/create/action')
  const sleep = async (ms: number): Promise<void> => {
    world.slept += ms
    if (world.slept === 60_000) desk.vault.permissions.add('certificates/create/action')
  }
  await setUp(deployment({ sleep }))
  expect(world.slept).toBe(60_000)
  expect(world.said.join('\n')).toContain('has not arrived yet')
  expect(world.cli.registered.get('signet-example')).toHaveLength(1)
})

test('a role that never arrives ends after five minutes and says how to get it', async () => {
  desk.vault.permissions.delete('certificates/create/action')
  const fault = await refusal(setUp(deployment()))
  expect(world.slept).toBe(300_000)
  expect(fault.message).toContain('does not let you create or read certificates')
  expect(fault.fixes[0]).toContain('az login and azd auth login')
  expect(registrationInputs()).toEqual([])
})

test('a vault behind a closed network says how to get in, at once', async () => {
  const innererror = { code: 'ForbiddenByFirewall' }
  const body = { error: { code: 'Forbidden', message: 'Client address is not authorized', innererror } }
  desk.vault.faults.next(1, { kind: 'answer', status: 403, body }, 'certificate read')
  const fault = await refusal(setUp(deployment()))
  expect(world.slept).toBe(0)
  expect(fault.fixes.join('\n')).toContain('SIGNET_ALLOWED_ADDRESSES')
})

test('a deleted certificate of the same name says how it is recovered', async () => {
  const body = { error: { code: 'Conflict', message: 'is currently in a deleted but recoverable state' } }
  desk.vault.faults.next(1, { kind: 'answer', status: 409, body }, 'certificate create')
  const fault = await refusal(setUp(deployment()))
  expect(fault.fixes[0]).toBe(
    `az keyvault certificate recover --vault-name signet-desk --name signing-${world.fresh} && azd up`,
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

test('a vault that was recovered is not recovered twice', async () => {
  world.cli.env.SIGNET_RECOVER_VAULT = 'true'
  await setUp(deployment())
  expect(world.cli.env.SIGNET_RECOVER_VAULT).toBe('false')
})
