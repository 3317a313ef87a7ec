import type { Mistake } from './mistake.ts'

const VAULT = 'modules/vault.bicep'

/** Mistakes in the vault and the roles on it. */
export const VAULT_MISTAKES: readonly Mistake[] = [
  {
    what: 'the vault goes by access policies',
    file: VAULT,
    right: 'enableRbacAuthorization: true',
    wrong: 'enableRbacAuthorization: false',
    finding: /enableRbacAuthorization is false/,
  },
  {
    what: 'the vault can be purged',
    file: VAULT,
    right: '    enablePurgeProtection: true\n',
    wrong: '',
    finding: /enablePurgeProtection is undefined/,
  },
  {
    what: 'the vault keeps no audit trail',
    file: VAULT,
    right: "categoryGroup: 'audit', enabled: true",
    wrong: "categoryGroup: 'audit', enabled: false",
    finding: /keeps no audit trail/,
  },
  {
    what: 'trusted services walk around the firewall of the vault',
    file: VAULT,
    right: "bypass: 'None'",
    wrong: "bypass: 'AzureServices'",
    finding: /networkAcls\.bypass is "AzureServices"/,
  },
  {
    what: 'private networking leaves the vault open',
    file: VAULT,
    right: "defaultAction: privateNetworking ? 'Deny' : 'Allow'",
    wrong: "defaultAction: 'Allow'",
    finding: /kv-\w+ is open to the internet/,
  },
  {
    what: 'private networking leaves the public door of the vault ajar',
    file: VAULT,
    right: "publicNetworkAccess: closed ? 'Disabled' : 'Enabled'",
    wrong: "publicNetworkAccess: 'Enabled'",
    finding: /kv-\w+ is open to the internet/,
  },
  {
    what: 'the app may read secrets',
    file: VAULT,
    right: '? [signerRoleName]',
    wrong: "? [signerRoleName, '4633458b-17de-408a-b874-0445c86b69e6']",
    finding: /not allowed: app: 4633458b-17de-408a-b874-0445c86b69e6 on vault/,
  },
  {
    what: 'the signer role has a wildcard',
    file: VAULT,
    right: "'Microsoft.KeyVault/vaults/keys/sign/action'",
    wrong: "'Microsoft.KeyVault/vaults/keys/*'",
    finding: /the signer role may .*keys\/\*/,
  },
  {
    what: 'the signer role can be assigned in the whole subscription',
    file: VAULT,
    right: 'var roleScopes = [resourceGroup().id]',
    wrong: 'var roleScopes = [subscription().id]',
    finding: /the signer role can be assigned at/,
  },
  {
    what: 'the app may create certificates whoever exchanges them',
    file: 'params/max.live.bicepparam',
    right: "ROTATION: 'auto'",
    wrong: "ROTATION: 'register'",
    finding: /not allowed: app: maker on vault/,
  },
  {
    what: 'the app is to make versions and may not',
    file: VAULT,
    right: "var hasMaker = appMayCreate && signerRole == 'custom'",
    wrong: 'var hasMaker = false',
    finding: /missing: app: maker on vault/,
  },
  {
    what: 'who may create certificates may import them too',
    file: VAULT,
    right: "'Microsoft.KeyVault/vaults/certificates/create/action'",
    wrong:
      "'Microsoft.KeyVault/vaults/certificates/create/action'\n          'Microsoft.KeyVault/vaults/certificates/import/action'",
    finding: /the maker role may .*certificates\/import/,
  },
  {
    what: 'what the app needs for making versions is in the role that the deployer gets too',
    file: VAULT,
    right: "'Microsoft.KeyVault/vaults/certificates/read'",
    wrong:
      "'Microsoft.KeyVault/vaults/certificates/create/action'\n          'Microsoft.KeyVault/vaults/certificates/read'",
    finding: /the signer role may .*certificates\/create/,
  },
]
