/** The fixes as they are copied: where azd keeps the deployment they go through azd, which would undo anything else. */
import { describe, expect, test } from 'vitest'
import { createCommands } from '../../../commands/doctor/commands.ts'

const VAULT = 'https://kv-x.vault.azure.net'
const TABLES = 'https://stx.table.core.windows.net'
const SOMEBODY = { objectId: '00000000-0000-4000-8000-0000000000aa', kind: 'User' } as const
const OF_AZD = { AZURE_ENV_NAME: 'prod', AZURE_SUBSCRIPTION_ID: '00000000-0000-4000-8000-000000000002' }

describe('under azd', () => {
  const commands = createCommands(OF_AZD)

  test('settings are values of the environment', () => {
    expect(commands.setSettings(['PUBLIC_URL', 'ENTRA_TENANT_ID'])).toBe(
      'azd env set PUBLIC_URL <value> && azd env set ENTRA_TENANT_ID <value> && azd up',
    )
  })

  test('roles and tables come from the templates, which are deployed although nothing in them has changed', () => {
    const anew = 'azd provision --no-state'
    expect(commands.grantSigner(VAULT, SOMEBODY)).toBe(anew)
    expect(commands.grantTable(TABLES, SOMEBODY)).toBe(anew)
    expect(commands.createTable(TABLES)).toBe(anew)
  })

  test('addresses are let in by the templates', () => {
    const admit = `azd env set SIGNET_ALLOWED_ADDRESSES '["<the address this runs at>"]' && azd provision`
    expect([commands.admitToVault(VAULT), commands.admitToAccount(TABLES)]).toEqual([admit, admit])
  })

  test('a certificate whose key may have been copied is replaced by one of another name', () => {
    const named = { vaultUrl: VAULT, name: 'signet-signing' }
    expect(commands.replaceCertificate('SIGNING_CERTIFICATE', 'client', named)).toBe(
      'azd env set SIGNING_CERTIFICATE signet-signing-2 && azd up',
    )
  })
})

describe('without azd', () => {
  const env = { AZURE_ENV_NAME: 'prod', AZURE_FUNCTION_APP_NAME: 'func-x', AZURE_RESOURCE_GROUP: 'rg-x' }
  const commands = createCommands(env)

  test('a name alone is not azd: the path without it exports the same name', () => {
    expect(commands.setSettings(['PUBLIC_URL'])).toBe(
      'az functionapp config appsettings set --name func-x --resource-group rg-x --settings PUBLIC_URL=<value>',
    )
  })

  test('where the custom role was not made, both built-in ones are granted', () => {
    const granted = createCommands({ ...env, SIGNET_SIGNER_ROLE: 'built-in' }).grantSigner(VAULT, SOMEBODY)
    expect([...granted.matchAll(/--role "([^"]+)"/g)].map(([, role]) => role)).toEqual([
      'Key Vault Crypto User',
      'Key Vault Reader',
    ])
    expect(commands.grantSigner(VAULT, SOMEBODY)).toContain('--role "Signet signer (kv-x)"')
  })

  test('the right to make versions is a role of its own, and where none can be made the vault renews instead', () => {
    const [make = '', give = ''] = commands.letAppMakeVersions(VAULT).split(' && ')
    expect(make).toBe(
      String.raw`az role definition create --role-definition "{\"Name\":\"Signet maker (kv-x)\",\"DataActions\":[\"Microsoft.KeyVault/vaults/certificates/create/action\"],\"AssignableScopes\":[\"$(az group show --name rg-x --query id --output tsv)\"]}"`,
    )
    expect(give).toMatch(
      /^az role assignment create --assignee-object-id <object id of the app’s identity> .*--role "Signet maker \(kv-x\)" --scope /,
    )
    const builtIn = { ...env, SIGNET_SIGNER_ROLE: 'built-in' }
    expect(createCommands(builtIn).letAppMakeVersions(VAULT)).toMatch(/ --settings ROTATION=register$/)
    const byAzd = createCommands({ ...builtIn, AZURE_SUBSCRIPTION_ID: 'x' })
    expect(byAzd.letAppMakeVersions(VAULT)).toBe('azd env set ROTATION register && azd up')
  })

  test('a closed door is opened before an address is let in, or the rule would mean nothing', () => {
    expect(commands.admitToVault(VAULT)).toMatch(
      /^az keyvault update --name kv-x --public-network-access Enabled && az keyvault network-rule add --name kv-x /,
    )
    expect(commands.admitToAccount(TABLES)).toMatch(
      /^az storage account update --name stx --public-network-access Enabled && az storage account network-rule add --account-name stx /,
    )
  })

  test('the certificate of another name is made, registered and used', () => {
    const named = { vaultUrl: VAULT, name: 'signet-signing', version: '0'.repeat(32) }
    const steps = commands.replaceCertificate('SIGNING_CERTIFICATE', 'client', named).split(' && ')
    expect(steps.map((step) => step.split(' --')[0])).toEqual([
      'az keyvault certificate create',
      'rm -f signet.pem',
      'az keyvault certificate download',
      'az ad app credential reset',
      'az functionapp config appsettings set',
    ])
    expect(steps.join()).not.toContain('0000')
    expect(steps.at(-1)).toMatch(/SIGNING_CERTIFICATE=signet-signing-2$/)
  })
})
