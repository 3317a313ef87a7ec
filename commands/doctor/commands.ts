/**
 * The fixes as commands to copy, with this deployment's own names in them. What the environment does not tell stays a
 * `<placeholder>`. Pure.
 */

import type { Environment } from '../../lib/config/settingsReader.ts'
import { withoutOuterSpace } from '../../lib/config/settingText.ts'
import { hostOf } from '../../lib/config/urls.ts'
import { TABLE_NAME } from '../../lib/session/table.ts'

/** What the environment of azd always holds, and nothing else does. */
const OF_AZD = ['AZURE_ENV_NAME', 'AZURE_SUBSCRIPTION_ID']
const ADDRESS = '<the address this runs at>'

/** One policy for every certificate: not exportable, signs and nothing else, renewed by people and not by itself. */
const POLICY_FILE = 'infra/certificate-policy.json'

export interface Principal {
  readonly objectId: string
  readonly kind: 'User' | 'ServicePrincipal'
}

/** One certificate in one vault; the newest version unless one is named. */
export interface NamedCertificate {
  readonly vaultUrl: string
  readonly name: string
  readonly version?: string
}

export type Commands = ReturnType<typeof createCommands>

/** Where azd keeps the deployment, it is told what to change: it would undo anything that was changed behind its back. */
export function createCommands(env: Environment) {
  const isAzd = OF_AZD.every((name) => Boolean(env[name]))
  const tellAzd = (values: Readonly<Record<string, string>>): string =>
    Object.entries(values)
      .map(([name, value]) => `azd env set ${name} ${value}`)
      .join(' && ')
  const provisionAnew = 'azd provision --no-state'
  const admitByAzd = (address: string): string =>
    `${tellAzd({ SIGNET_ALLOWED_ADDRESSES: `'["${address}"]'` })} && azd provision`
  const groupName = env.AZURE_RESOURCE_GROUP ?? env.WEBSITE_RESOURCE_GROUP ?? '<resource-group>'
  const app = [
    '--name',
    env.AZURE_FUNCTION_APP_NAME ?? env.WEBSITE_SITE_NAME ?? '<function-app>',
    '--resource-group',
    groupName,
  ].join(' ')
  const hasBuiltInRoles = withoutOuterSpace(env.SIGNET_SIGNER_ROLE ?? '') === 'built-in'
  const setSettings = (pairs: readonly string[]): string =>
    `az functionapp config appsettings set ${app} --settings ${pairs.join(' ')}`

  const createVersion = ({ vaultUrl, name }: NamedCertificate): string =>
    `az keyvault certificate create ${certificateOf({ vaultUrl, name })} --policy @${POLICY_FILE}`

  const registerCertificate = (clientId: string, certificate: NamedCertificate): string =>
    [
      // The download refuses to overwrite a file.
      'rm -f signet.pem',
      `az keyvault certificate download ${certificateOf(certificate)} --file signet.pem`,
      `az ad app credential reset --id ${clientId} --append --cert @signet.pem`,
    ].join(' && ')

  return {
    /** Gets an app's settings into a file and has the doctor read it. */
    readSettings: () =>
      [
        `az functionapp config appsettings list ${app} --query "[].join('=', [name, value])" --output tsv > signet.env`,
        'npm run doctor -- --settings signet.env',
      ].join(' && '),
    setSettings: (names: readonly string[]) =>
      isAzd
        ? `${tellAzd(Object.fromEntries(names.map((name) => [name, '<value>'])))} && azd up`
        : setSettings(names.map((name) => `${name}=<value>`)),
    signIn: () => `az login${env.AZURE_TENANT_ID ? ` --tenant ${env.AZURE_TENANT_ID}` : ''}`,
    assignIdentity: () =>
      `az functionapp identity assign ${app} --identities <resource id of the identity that AZURE_CLIENT_ID names>`,
    grantSigner: (vaultUrl: string, { objectId, kind }: Principal) => {
      if (isAzd) return provisionAnew
      const vault = firstLabel(vaultUrl)
      const roles = hasBuiltInRoles
        ? ['Key Vault Crypto User', 'Key Vault Reader']
        : [`Signet signer (${vault})`]
      return roles
        .map((role) =>
          [
            `az role assignment create --assignee-object-id ${objectId} --assignee-principal-type ${kind}`,
            `--role "${role}"`,
            `--scope "$(az keyvault show --name ${vault} --query id --output tsv)"`,
          ].join(' '),
        )
        .join(' && ')
    },
    /** A role for that alone, made and given as the templates do it. Without custom roles none is narrow enough: then the vault renews. */
    letAppMakeVersions: (vaultUrl: string) => {
      if (hasBuiltInRoles) {
        return isAzd ? `${tellAzd({ ROTATION: 'register' })} && azd up` : setSettings(['ROTATION=register'])
      }
      if (isAzd) return `${tellAzd({ ROTATION: 'auto' })} && ${provisionAnew}`
      const vault = firstLabel(vaultUrl)
      const role = `Signet maker (${vault})`
      const group = `$(az group show --name ${groupName} --query id --output tsv)`
      const definition = JSON.stringify({
        Name: role,
        DataActions: ['Microsoft.KeyVault/vaults/certificates/create/action'],
        AssignableScopes: [group],
      })
      return [
        `az role definition create --role-definition "${definition.replaceAll('"', String.raw`\"`)}"`,
        [
          `az role assignment create --assignee-object-id ${env.SIGNET_IDENTITY_PRINCIPAL_ID ?? '<object id of the app’s identity>'} --assignee-principal-type ServicePrincipal`,
          `--role "${role}"`,
          `--scope "$(az keyvault show --name ${vault} --query id --output tsv)"`,
        ].join(' '),
      ].join(' && ')
    },
    /** `address`: that this was seen to come from, where that is known. */
    admitToVault: (vaultUrl: string, address = ADDRESS) => {
      const vault = firstLabel(vaultUrl)
      const open = `az keyvault update --name ${vault} --public-network-access Enabled`
      return isAzd
        ? admitByAzd(address)
        : `${open} && az keyvault network-rule add --name ${vault} --ip-address ${address}`
    },
    showVaultNetwork: (vaultUrl: string) =>
      `az keyvault show --name ${firstLabel(vaultUrl)} --query "properties.{state: provisioningState, access: publicNetworkAccess, rules: networkAcls}"`,
    countVaultCalls: (vaultUrl: string) =>
      `az monitor metrics list --resource "$(az keyvault show --name ${firstLabel(vaultUrl)} --query id --output tsv)" --metric ServiceApiHit --interval PT1M`,
    listVersions: ({ vaultUrl, name }: NamedCertificate) =>
      `az keyvault certificate list-versions --vault-name ${firstLabel(vaultUrl)} --name ${name} --output table`,
    createVersion,
    showPolicies: () =>
      'az rest --method get --url https://graph.microsoft.com/v1.0/policies/defaultAppManagementPolicy',
    /** Those that the vault has an account with. */
    showIssuers: (vaultUrl: string) =>
      `az keyvault certificate issuer list --vault-name ${firstLabel(vaultUrl)}`,
    /** In the policy of the vault, so that versions to come are as short, and with one of them. */
    shortenLife: ({ vaultUrl, name }: NamedCertificate, months: number) =>
      `az keyvault certificate create ${certificateOf({ vaultUrl, name })} --validity ${months} --policy @${POLICY_FILE}`,
    /** A new version, and its public part added to those that Entra accepts. */
    renewCertificate: (clientId: string, { vaultUrl, name }: NamedCertificate) =>
      `${createVersion({ vaultUrl, name })} && ${registerCertificate(clientId, { vaultUrl, name })}`,
    /** Another certificate in place of one whose key may have been copied: a new version of the same name would leave the old one valid. */
    replaceCertificate: (
      setting: 'SIGNING_CERTIFICATE' | 'APP_ONLY_CERTIFICATE',
      clientId: string,
      { vaultUrl, name }: NamedCertificate,
    ) => {
      const other = { vaultUrl, name: `${name}-2` }
      if (isAzd) return `${tellAzd({ [setting]: other.name })} && azd up`
      const create = createVersion(other)
      const use = setSettings([`${setting}=${other.name}`])
      return `${create} && ${registerCertificate(clientId, other)} && ${use}`
    },
    registerCertificate,
    /** Of a file that may hold the key as well: only the certificate is sent. */
    registerFile: (clientId: string, file: string) =>
      `openssl x509 -in ${shellWord(file)} -out signet.pem && az ad app credential reset --id ${clientId} --append --cert @signet.pem`,
    removeKey: (clientId: string, keyId: string) =>
      `az ad app credential delete --cert --id ${clientId} --key-id ${keyId}`,
    turnOffTokenBinding: (vaultUrl: string) =>
      `az resource update --ids "$(az keyvault show --name ${firstLabel(vaultUrl)} --query id --output tsv)" --api-version 2026-02-01 --set properties.tokenBindingParameters.mode=disabled`,
    showApplication: (clientId: string) =>
      `az ad app show --id ${clientId} --query "{name: displayName, audience: signInAudience}"`,
    updateApplication: (clientId: string, change: string) => `az ad app update --id ${clientId} ${change}`,
    createPrincipal: (clientId: string) => `az ad sp create --id ${clientId}`,
    enablePrincipal: (clientId: string) => `az ad sp update --id ${clientId} --set accountEnabled=true`,
    /** Adds to the list instead of replacing it. */
    addRedirectUris: (clientId: string, uris: readonly string[]) =>
      `az ad app update --id ${clientId} --web-redirect-uris $(az ad app show --id ${clientId} --query web.redirectUris --output tsv) ${uris.join(' ')}`,
    addFederatedCredential: (
      clientId: string,
      credential: { readonly issuer: string; readonly subject: string; readonly audience: string },
    ) => {
      const { issuer, subject, audience } = credential
      const parameters = { name: 'signet-managed-identity', issuer, subject, audiences: [audience] }
      return `az ad app federated-credential create --id ${clientId} --parameters '${JSON.stringify(parameters)}'`
    },
    listFederatedCredentials: (clientId: string) => `az ad app federated-credential list --id ${clientId}`,
    createTable: (tablesUrl: string) =>
      isAzd
        ? provisionAnew
        : `az storage table create --name ${TABLE_NAME} --account-name ${accountOf(tablesUrl)} --auth-mode login`,
    grantTable: (tablesUrl: string, { objectId, kind }: Principal) => {
      if (isAzd) return provisionAnew
      const account = accountOf(tablesUrl)
      return [
        `az role assignment create --assignee-object-id ${objectId} --assignee-principal-type ${kind}`,
        '--role "Storage Table Data Contributor"',
        `--scope "$(az storage account show --name ${account} --query id --output tsv)/tableServices/default/tables/${TABLE_NAME}"`,
      ].join(' ')
    },
    admitToAccount: (tablesUrl: string) => {
      const account = accountOf(tablesUrl)
      const open = `az storage account update --name ${account} --public-network-access Enabled`
      return isAzd
        ? admitByAzd(ADDRESS)
        : `${open} && az storage account network-rule add --account-name ${account} --ip-address ${ADDRESS}`
    },
    showAccount: (tablesUrl: string) =>
      `az storage account show --name ${accountOf(tablesUrl)} --query "{state: statusOfPrimary, access: publicNetworkAccess, rules: networkRuleSet}"`,
    deploy: () => `az functionapp deployment source config-zip ${app} --src dist/signet.zip`,
    showApp: () => `az functionapp show ${app} --query "{state: state, host: defaultHostName}"`,
    /** A saved query of `infra/queries`, in the workspace that the logs are in. */
    queryLog: (query: string) =>
      `az monitor log-analytics query --workspace <workspace id> --analytics-query "$(grep -v '^//' infra/queries/${query}.kql)" --output table`,
    portal: (clientId: string, blade: string) =>
      `Entra admin center > App registrations > application ${clientId} > ${blade}`,
  }
}

function certificateOf({ vaultUrl, name, version }: NamedCertificate): string {
  const pinned = version === undefined ? '' : ` --version ${version}`
  return `--vault-name ${firstLabel(vaultUrl)} --name ${name}${pinned}`
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

function firstLabel(url: string): string {
  return hostOf(url).split('.')[0] ?? ''
}

/** `https://{account}.table.core.windows.net`, or an emulator's `https://127.0.0.1:10002/{account}`. */
function accountOf(tablesUrl: string): string {
  const [, account = ''] = URL.parse(tablesUrl)?.pathname.split('/') ?? []
  return account === '' ? firstLabel(tablesUrl) : account
}
