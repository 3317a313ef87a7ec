/**
 * The fixes as commands to copy, with this deployment's own names in them. What the environment does not tell stays a
 * `<placeholder>`. Pure.
 */
import { TABLE_NAME } from '../session/tableStore.ts'
import type { Environment } from '../settings.ts'
import { hostOf } from '../urls.ts'

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

export function createCommands(env: Environment) {
  const app = [
    '--name',
    env.AZURE_FUNCTION_APP_NAME ?? env.WEBSITE_SITE_NAME ?? '<function-app>',
    '--resource-group',
    env.AZURE_RESOURCE_GROUP ?? env.WEBSITE_RESOURCE_GROUP ?? '<resource-group>',
  ].join(' ')

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
      `az functionapp config appsettings set ${app} --settings ${names.map((name) => `${name}=<value>`).join(' ')}`,
    signIn: () => `az login${env.AZURE_TENANT_ID ? ` --tenant ${env.AZURE_TENANT_ID}` : ''}`,
    assignIdentity: () =>
      `az functionapp identity assign ${app} --identities <resource id of the identity that AZURE_CLIENT_ID names>`,
    grantSigner: (vaultUrl: string, { objectId, kind }: Principal) => {
      const vault = firstLabel(vaultUrl)
      return [
        `az role assignment create --assignee-object-id ${objectId} --assignee-principal-type ${kind}`,
        `--role "Signet signer (${vault})"`,
        `--scope "$(az keyvault show --name ${vault} --query id --output tsv)"`,
      ].join(' ')
    },
    admitToVault: (vaultUrl: string) =>
      `az keyvault network-rule add --name ${firstLabel(vaultUrl)} --ip-address <the address this runs at>`,
    showVaultNetwork: (vaultUrl: string) =>
      `az keyvault show --name ${firstLabel(vaultUrl)} --query "properties.{state: provisioningState, access: publicNetworkAccess, rules: networkAcls}"`,
    countVaultCalls: (vaultUrl: string) =>
      `az monitor metrics list --resource "$(az keyvault show --name ${firstLabel(vaultUrl)} --query id --output tsv)" --metric ServiceApiHit --interval PT1M`,
    listVersions: ({ vaultUrl, name }: NamedCertificate) =>
      `az keyvault certificate list-versions --vault-name ${firstLabel(vaultUrl)} --name ${name} --output table`,
    /** A new version, and its public part added to those that Entra accepts. */
    renewCertificate: (clientId: string, { vaultUrl, name }: NamedCertificate) => {
      const create = `az keyvault certificate create ${certificateOf({ vaultUrl, name })} --policy @${POLICY_FILE}`
      return `${create} && ${registerCertificate(clientId, { vaultUrl, name })}`
    },
    registerCertificate,
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
      `az storage table create --name ${TABLE_NAME} --account-name ${accountOf(tablesUrl)} --auth-mode login`,
    grantTable: (tablesUrl: string, { objectId, kind }: Principal) => {
      const account = accountOf(tablesUrl)
      return [
        `az role assignment create --assignee-object-id ${objectId} --assignee-principal-type ${kind}`,
        '--role "Storage Table Data Contributor"',
        `--scope "$(az storage account show --name ${account} --query id --output tsv)/tableServices/default/tables/${TABLE_NAME}"`,
      ].join(' ')
    },
    admitToAccount: (tablesUrl: string) =>
      `az storage account network-rule add --account-name ${accountOf(tablesUrl)} --ip-address <the address this runs at>`,
    showAccount: (tablesUrl: string) =>
      `az storage account show --name ${accountOf(tablesUrl)} --query "{state: statusOfPrimary, access: publicNetworkAccess, rules: networkRuleSet}"`,
    deploy: () => `az functionapp deployment source config-zip ${app} --src dist/signet.zip`,
    showApp: () => `az functionapp show ${app} --query "{state: state, host: defaultHostName}"`,
    portal: (clientId: string, blade: string) =>
      `Entra admin center > App registrations > application ${clientId} > ${blade}`,
  }
}

function certificateOf({ vaultUrl, name, version }: NamedCertificate): string {
  const pinned = version === undefined ? '' : ` --version ${version}`
  return `--vault-name ${firstLabel(vaultUrl)} --name ${name}${pinned}`
}

function firstLabel(url: string): string {
  return hostOf(url).split('.')[0] ?? ''
}

/** `https://{account}.table.core.windows.net`, or an emulator's `https://127.0.0.1:10002/{account}`. */
function accountOf(tablesUrl: string): string {
  const [, account = ''] = URL.parse(tablesUrl)?.pathname.split('/') ?? []
  return account === '' ? firstLabel(tablesUrl) : account
}
