/** Before anything is created the hook reads the settings as the app will, and has azd keep what everybody reads alike. */
import { expect, test } from 'vitest'
import { prepare } from '../../infra/hooks/prepare.ts'
import { openAzureCli } from '../support/azure/openAzureCli.ts'
import { commandDeployment, ENVIRONMENT } from '../support/commandDeployment.ts'
import { refusal } from '../support/openHookWorld.ts'

test('before anything is created each setting is kept in the form that the templates read as the app does', async () => {
  const cli = openAzureCli({
    ...ENVIRONMENT,
    PUBLIC_URL: 'HTTPS://SignIn.Contoso.com:443/',
    ENTRA_TENANT_ID: 'AAAAAAAA-0000-4000-8000-000000000001',
    CREDENTIAL: ' vault\n',
    SESSION_IDLE_MINUTES: '030',
    SIGNET_PRIVATE_NETWORKING: 'False',
    ENTRA_SCOPES: '  ',
    SIGNING_CERTIFICATE: 'signing',
  })
  await prepare(commandDeployment(cli))
  const written = cli.commands.map(({ line }) => line).filter((line) => line.startsWith('azd env set'))
  expect(written.map((line) => line.split(' ').slice(3, 5).join('=')).toSorted()).toEqual([
    'CREDENTIAL=vault',
    'ENTRA_TENANT_ID=aaaaaaaa-0000-4000-8000-000000000001',
    'PUBLIC_URL=https://signin.contoso.com',
    'SESSION_IDLE_MINUTES=30',
    'SIGNET_PRIVATE_NETWORKING=false',
  ])
  const before = cli.commands.length
  await prepare(commandDeployment(cli))
  expect(cli.commands.slice(before).filter(({ line }) => line.startsWith('azd env set'))).toEqual([])
})

test('settings with which the app would not start stop a deployment before it began, all of them by name', async () => {
  const cli = openAzureCli({
    ...ENVIRONMENT,
    PUBLIC_URL: 'https://signin.contoso.com/app',
    SESSION_IDLE_MINUTES: '600',
    SESSION_ABSOLUTE_MINUTES: '60',
    DOWNSTREAM_APIS: '{"orders": {}}',
  })
  const fault = await refusal(prepare(commandDeployment(cli)))
  expect(fault.message).toMatch(/PUBLIC_URL must be an origin/)
  expect(fault.fixes).toContain('azd env set PUBLIC_URL <value>')
  expect(cli.commands).toEqual([])
  cli.env.PUBLIC_URL = 'https://signin.contoso.com'
  const all = await refusal(prepare(commandDeployment(cli)))
  expect(all.message).toMatch(/SESSION_IDLE_MINUTES .*\n.*DOWNSTREAM_APIS orders /)
  expect(all.message).not.toMatch(/_ID |_URL /)
  expect(cli.commands).toEqual([])
})

test('a tenant that is left over from a time when several signed in stops nothing', async () => {
  const cli = openAzureCli({
    ...ENVIRONMENT,
    ENTRA_TENANT_ID: ENVIRONMENT.AZURE_SUBSCRIPTION_ID,
    APP_ONLY_TENANT_ID: ENVIRONMENT.AZURE_SUBSCRIPTION_ID,
  })
  await prepare(commandDeployment(cli))
  expect(cli.commands.map(({ line }) => line).filter((line) => line.startsWith('azd env'))).toEqual([])
})
