/** The directory that says no: registrations that are somebody else's to make, and names that are taken. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { setUp } from '../../infra/hooks/setUp.ts'
import { APP_ONLY_CLIENT_ID, SIGN_IN_CLIENT_ID } from '../support/azure/openDirectory.ts'
import { openHookWorld, refusal } from '../support/openHookWorld.ts'

const world = await openHookWorld()
const { deployment, folder, linesOf, registrationInputs } = world

test('an account without rights in the directory leaves files for an administrator, with nothing secret in them', async () => {
  const denied = { code: 1, stderr: 'Authorization_RequestDenied: Insufficient privileges to complete' }
  world.cli.answers.set('az deployment group create', [denied])
  const fault = await refusal(setUp(deployment()))
  expect(fault.fixes).toContain('azd env set SIGNET_REGISTRATION administrator')
  const files = await readdir(join(folder, 'registration'))
  expect(files.toSorted()).toEqual(['signet-app-only-example.json', 'signet-example.json'])
  const texts = await Promise.all(files.map((file) => readFile(join(folder, 'registration', file), 'utf8')))
  expect(texts.join()).not.toMatch(/PRIVATE KEY|password|secret/i)
  expect(texts.join()).toContain('"key":')
})

test('nor does an account that may not even look, such as a pipeline without rights in the directory', async () => {
  const denied = { code: 1, stderr: 'Forbidden({"error":{"code":"Authorization_RequestDenied"}})' }
  // The policy on certificates, and the applications.
  world.cli.answers.set('az rest --method get', [denied, denied])
  const fault = await refusal(setUp(deployment()))
  expect(fault.fixes).toContain('azd env set SIGNET_REGISTRATION administrator')
  expect(registrationInputs()).toEqual([])
  const text = await readFile(join(folder, 'registration', 'signet-example.json'), 'utf8')
  expect(JSON.parse(text).keyCredentials).toHaveLength(1)
})

test.each([
  ['another tenant', { ENTRA_TENANT_ID: '00000000-0000-4000-8000-0000000000ee' }],
  ['another tenant, in capitals', { ENTRA_TENANT_ID: '00000000-0000-4000-8000-0000000000EE' }],
  ['another cloud', { ENTRA_AUTHORITY_HOST: 'https://login.microsoftonline.us/' }],
])(
  'people who sign in to %s need registrations there, which is for somebody who is there',
  async (_where, settings) => {
    Object.assign(world.cli.env, settings)
    await refusal(setUp(deployment()))
    expect(linesOf('az ')).toEqual([])
    const { identifierUris } = JSON.parse(
      await readFile(join(folder, 'registration', 'signet-example.json'), 'utf8'),
    )
    const tenant = world.cli.env.ENTRA_TENANT_ID ?? world.cli.env.AZURE_TENANT_ID
    expect(identifierUris).toEqual([`api://${tenant?.toLowerCase()}/signet-example`])
  },
)

test.each(['https://login.microsoftonline.com/', ' HTTPS://Login.MicrosoftOnline.com:443', ''])(
  'the sign-in host of the public cloud is not another cloud, however it is written: %j',
  async (host) => {
    Object.assign(world.cli.env, {
      ENTRA_AUTHORITY_HOST: host,
      ENTRA_TENANT_ID: world.cli.env.AZURE_TENANT_ID,
    })
    await setUp(deployment())
    expect(registrationInputs()).toHaveLength(1)
  },
)

test('an administrator is asked for the redirect URI that the app will send', async () => {
  Object.assign(world.cli.env, {
    PUBLIC_URL: 'https://SignIn.Example.com/',
    SIGNET_REGISTRATION: 'administrator',
  })
  await refusal(setUp(deployment()))
  const { web } = JSON.parse(await readFile(join(folder, 'registration', 'signet-example.json'), 'utf8'))
  expect(web.redirectUris[0]).toBe('https://signin.example.com/auth/callback')
})

test('what no file can hold is said to the administrator', async () => {
  Object.assign(world.cli.env, { SIGNET_REGISTRATION: 'administrator', SIGNET_ASSIGNMENT_REQUIRED: 'true' })
  const { fixes } = await refusal(setUp(deployment()))
  expect(fixes.join()).toContain(
    'az ad sp update --id <client id of signet-example> --set appRoleAssignmentRequired=true',
  )
})

test.each(['uniqueName', 'identifierUris'])(
  'an application in the bin, whose name is taken, says how it comes back or goes, though Graph may name %s',
  async (property) => {
    const stderr = `Request_BadRequest: Another object with the same value for property ${property} already exists.`
    world.cli.answers.set('az deployment group create', [{ code: 1, stderr }])
    const { message, fixes } = await refusal(setUp(deployment()))
    expect(message).toContain('deleted within the last 30 days')
    expect(fixes.join('\n')).toContain('/restore')
    expect(fixes.join('\n')).toContain('--identifier-uri api://')
    expect(fixes.at(-1)).toBe('Then: azd up')
  },
)

test('the role of the sample API is granted once, to the app-only client and nobody else', async () => {
  world.cli.env.SIGNET_GRANT_SAMPLE_ROLE = 'true'
  await setUp(deployment())
  await setUp(deployment())
  expect(linesOf('az rest --method post')).toHaveLength(1)
  expect(world.cli.directory.roleAssignments).toMatchObject([
    { principalId: `principal of ${APP_ONLY_CLIENT_ID}` },
  ])
})

test('a role that somebody else granted meanwhile is granted', async () => {
  world.cli.env.SIGNET_GRANT_SAMPLE_ROLE = 'true'
  const stderr = 'Request_BadRequest: Permission being assigned already exists on the object'
  world.cli.answers.set('az rest --method post', [{ code: 1, stderr }])
  await setUp(deployment())
  expect(world.cli.env.ENTRA_CLIENT_ID).toBe(SIGN_IN_CLIENT_ID)
})

test('without the wish, no role is looked for', async () => {
  await setUp(deployment())
  expect(linesOf('az rest').join()).not.toMatch(/servicePrincipals|sample-api/)
})

test('when an administrator keeps the registrations, nothing is asked of the directory', async () => {
  const request = (): Promise<string> => readFile(join(folder, 'registration', 'signet-example.json'), 'utf8')
  world.cli.env.SIGNET_REGISTRATION = 'administrator'
  await refusal(setUp(deployment()))
  const first = await request()
  world.cli.env.ENTRA_CLIENT_ID = SIGN_IN_CLIENT_ID
  await setUp(deployment())
  expect(linesOf('az rest')).toEqual([])
  expect(registrationInputs()).toEqual([])
  expect(await request()).toBe(first)
  expect(world.cli.subscription.app).toMatchObject({ ENTRA_CLIENT_ID: SIGN_IN_CLIENT_ID })
})

test('a deployment that fails for another reason passes on what Azure said', async () => {
  world.cli.answers.set('az deployment group create', [{ code: 1, stderr: 'PropertyNotSet: displayName' }])
  const fault = await refusal(setUp(deployment()))
  expect(fault.message).toBe('az deployment group create failed: PropertyNotSet: displayName')
  expect(world.cli.env.ENTRA_CLIENT_ID).toBeUndefined()
})
