import { X509Certificate } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { setUp } from '../../infra/hooks/setUp.ts'
import { vaultBundles } from '../../local/vault/vaultBundles.ts'
import { APP_ONLY_CLIENT_ID, objectIdOf, SIGN_IN_CLIENT_ID } from '../support/azure/openDirectory.ts'
import { openHookWorld, refusal } from '../support/openHookWorld.ts'

const world = await openHookWorld()
const { countAtVault, deployment, desk, linesOf, registrationInputs } = world

test('a new environment gets two certificates, both registered, and the settings that name both clients', async () => {
  await setUp(deployment())
  expect(countAtVault('certificate create')).toBe(2)
  expect(world.cli.env).toMatchObject({
    ENTRA_CLIENT_ID: SIGN_IN_CLIENT_ID,
    ENTRA_OBJECT_ID: objectIdOf(SIGN_IN_CLIENT_ID),
    APP_ONLY_CLIENT_ID,
    APP_ONLY_OBJECT_ID: objectIdOf(APP_ONLY_CLIENT_ID),
  })
  const [input] = registrationInputs()
  for (const json of [input?.SIGNET_SIGNING_CERTIFICATES, input?.SIGNET_APP_ONLY_CERTIFICATES]) {
    const [certificate, ...more] = JSON.parse(json ?? '[]') as { key: string; endDateTime: string }[]
    expect(more).toEqual([])
    const parsed = new X509Certificate(Buffer.from(certificate?.key ?? '', 'base64'))
    expect(parsed.subject).toBe('CN=Signet')
    expect(Date.parse(certificate?.endDateTime ?? '')).toBe(parsed.validToDate.getTime())
  }
  expect(world.cli.subscription.app).toEqual({
    ENTRA_CLIENT_ID: SIGN_IN_CLIENT_ID,
    PUBLIC_URL: 'https://signin.example.com',
  })
})

test('a second run sends nothing: not to the vault, not to the directory, not to Azure, and it changes no value', async () => {
  await setUp(deployment())
  const before = desk.vault.requests.length
  const commands = world.cli.commands.length
  await setUp(deployment())
  const operations = desk.vault.requests
    .slice(before)
    .map(({ operation, method }) => `${method} ${operation}`)
  expect(new Set(operations.filter((one) => !one.includes('challenge')))).toEqual(
    new Set(['GET certificate read', 'GET certificate list', 'GET key read']),
  )
  const again = world.cli.commands.slice(commands).map(({ line }) => line)
  expect(again.map((line) => line.split(' --name')[0]?.split(' --url')[0])).toEqual([
    'az rest --method get',
    'az rest --method get',
    'az deployment group show',
    'az deployment group show',
    'az functionapp config appsettings list --resource-group rg-example',
  ])
})

test('what stays registered goes back exactly as it was read, and only what is new comes without an id', async () => {
  await setUp(deployment())
  const [read] = world.cli.directory.credentialsOf('signet-example')
  world.cli.env.SIGNET_RENEW = `signing-${world.fresh}`
  await setUp(deployment())
  const sent = JSON.parse(registrationInputs()[1]?.SIGNET_SIGNING_CERTIFICATES ?? '[]') as object[]
  expect(sent).toHaveLength(2)
  expect(sent[0]).toEqual(read)
  expect(Object.keys(sent[1] ?? {}).toSorted()).toEqual([
    'displayName',
    'endDateTime',
    'key',
    'startDateTime',
  ])
})

test.each([
  ['a redirect URI', { web: { redirectUris: ['https://elsewhere.example'] } }],
  ['a certificate', { keyCredentials: [] }],
])('%s that somebody took away in the directory comes back', async (_what, change) => {
  await setUp(deployment())
  const { applications } = world.cli.directory
  const right = applications.get('signet-example')
  if (right === undefined) expect.unreachable()
  applications.set('signet-example', { ...right, ...change })
  await setUp(deployment())
  expect(registrationInputs()).toHaveLength(2)
  expect(applications.get('signet-example')?.web).toEqual(right.web)
  expect(applications.get('signet-example')?.keyCredentials).toHaveLength(1)
})

test('an application that somebody made anew under the same name is one that was never deployed', async () => {
  await setUp(deployment())
  const { applications } = world.cli.directory
  const right = applications.get('signet-example')
  if (right === undefined) expect.unreachable()
  applications.set('signet-example', { ...right, appId: '00000000-0000-4000-8000-00000000001c' })
  await setUp(deployment())
  expect(registrationInputs()).toHaveLength(2)
  expect(world.cli.subscription.app?.ENTRA_CLIENT_ID).toBe('00000000-0000-4000-8000-00000000001c')
})

test('a changed choice is sent, and only where it belongs', async () => {
  await setUp(deployment())
  world.cli.env.SESSION_IDLE_MINUTES = '30'
  await setUp(deployment())
  expect(linesOf('az deployment group create --name signet-live')).toHaveLength(2)
  expect(registrationInputs()).toHaveLength(1)
  world.cli.env.SIGNET_ASSIGNMENT_REQUIRED = 'true'
  await setUp(deployment())
  expect(linesOf('az deployment group create --name signet-live')).toHaveLength(2)
  expect(registrationInputs()).toHaveLength(2)
})

test('an app that was made anew gets its settings again, though nothing else has changed', async () => {
  await setUp(deployment())
  world.cli.subscription.app = {}
  await setUp(deployment())
  expect(world.cli.subscription.app).toMatchObject({ ENTRA_CLIENT_ID: SIGN_IN_CLIENT_ID })
  expect(registrationInputs()).toHaveLength(1)
})

test('a deployment of the settings that fails is made again by the next run', async () => {
  world.cli.answers.set('az deployment group create --name signet-live', [{ code: 1, stderr: 'Conflict' }])
  const fault = await refusal(setUp(deployment()))
  expect(fault.message).toBe('az deployment group create failed: Conflict')
  await setUp(deployment())
  expect(world.cli.subscription.app).toMatchObject({ ENTRA_CLIENT_ID: SIGN_IN_CLIENT_ID })
})

test('people of several tenants sign in: the app itself acts where its client is registered', async () => {
  Object.assign(world.cli.env, {
    ENTRA_TENANT_ID: 'organizations',
    ENTRA_ALLOWED_TENANTS: '00000000-0000-4000-8000-0000000000a1',
  })
  await setUp(deployment())
  expect(world.cli.env.APP_ONLY_TENANT_ID).toBe(world.cli.env.AZURE_TENANT_ID)
})

test('a certificate that is registered and in no vault stays registered', async () => {
  const foreign = {
    key: desk.vault.certificate().der.toString('base64'),
    keyId: '00000000-0000-4000-8000-0000000000c1',
    displayName: 'from elsewhere',
    startDateTime: '2026-01-01T00:00:00Z',
    endDateTime: '2099-01-01T00:00:00Z',
  }
  world.cli.directory.applications.set('signet-example', {
    appId: SIGN_IN_CLIENT_ID,
    uniqueName: 'signet-example',
    keyCredentials: [foreign],
  })
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
  expect(world.cli.directory.credentialsOf('signet-example')).toHaveLength(2)
  expect(world.cli.directory.credentialsOf('signet-app-only-example')).toHaveLength(1)
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
  expect(world.cli.directory.credentialsOf('signet-example')).toHaveLength(1)
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
  expect(world.cli.directory.credentialsOf('signet-example')).toHaveLength(1)
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
  const message = 'Client address is not authorized.\r\nClient address: 203.0.113.9\r\n'
  const body = { error: { code: 'Forbidden', message, innererror } }
  desk.vault.faults.next(1, { kind: 'answer', status: 403, body }, 'certificate read')
  const fault = await refusal(setUp(deployment()))
  expect(world.slept).toBe(0)
  expect(fault.fixes[0]).toBe(`azd env set SIGNET_ALLOWED_ADDRESSES '["203.0.113.9"]' && azd up`)
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

test('a version whose key may be exported is not registered, though the policy was mended since', async () => {
  const name = `signing-${world.fresh}`
  await desk.vault.addCertificate(name, { isExportable: true })
  const { version } = await desk.vault.rotate(name, { isExportable: false })
  const fault = await refusal(setUp(deployment()))
  expect(fault.message).toMatch(
    new RegExp(`^The key of version (?!${version})[0-9a-f]{32} of certificate ${name} may be exported`),
  )
  expect(registrationInputs()).toEqual([])
})

test('who may not read keys deploys all the same, by what the policy says', async () => {
  desk.vault.permissions.delete('keys/read')
  onTestFinished(() => void desk.vault.permissions.add('keys/read'))
  await setUp(deployment())
  expect(world.slept).toBe(0)
  expect(registrationInputs()).toHaveLength(1)
})
