/** The app registrations: what is registered already, and the deployment of infra/entra that writes them. */
import { askAzure, azureFault, requireAzure } from './azureCli.ts'
import { type Deployment, requireValue } from './deployment.ts'
import { HookFault } from './hookFault.ts'
import type { KeyCredential } from './keyCredential.ts'
import type { RegisteredCredential } from './mergeCredentials.ts'

/** The Graph extension of Bicep works in the public cloud only, and so does this. */
const APPLICATIONS = 'https://graph.microsoft.com/v1.0/applications'
const NO_RIGHTS = /Authorization_RequestDenied|Insufficient privileges/i
const UNKNOWN = /Request_ResourceNotFound/
/** A deleted application keeps its unique name while it lies in the bin, for 30 days. */
const NAME_IS_TAKEN = /same value for property uniqueName/i

/** The certificates of both clients, as they are to be registered. */
export interface RegistrationInput {
  readonly signingCertificates: readonly KeyCredential[]
  readonly appOnlyCertificates: readonly KeyCredential[]
}

/** The client ids, or `undefined` where the account has no right to register applications. */
export type Registration =
  | { readonly ENTRA_CLIENT_ID: string; readonly APP_ONLY_CLIENT_ID: string }
  | undefined

/** The certificates an application has now; none where there is no such application yet, `undefined` where nobody may look. */
export async function readRegistered(
  { run }: Pick<Deployment, 'run'>,
  uniqueName: string,
): Promise<readonly RegisteredCredential[] | undefined> {
  // Graph shows `key` only when it is selected by name, and only for a single application.
  const url = `${APPLICATIONS}(uniqueName='${uniqueName}')?$select=keyCredentials`
  const args = ['rest', '--method', 'get', '--url', url]
  const answer = await askAzure(run, args)
  if ('value' in answer) {
    const { keyCredentials = [] } = answer.value as { keyCredentials?: readonly RegisteredCredential[] }
    return keyCredentials
  }
  if (UNKNOWN.test(answer.refusal.stderr)) return []
  if (NO_RIGHTS.test(answer.refusal.stderr)) return undefined
  throw azureFault(args, answer.refusal)
}

/** Writes both registrations and the sample API; the same input again changes nothing. */
export async function deployRegistration(
  deployment: Deployment,
  input: RegistrationInput,
): Promise<Registration> {
  const args = [
    ...['deployment', 'group', 'create', '--name', 'signet-entra'],
    ...['--resource-group', requireValue(deployment, 'AZURE_RESOURCE_GROUP')],
    ...['--parameters', 'infra/entra/entra.bicepparam'],
  ]
  const answer = await askAzure(deployment.run, args, {
    SIGNET_SIGNING_CERTIFICATES: JSON.stringify(input.signingCertificates),
    SIGNET_APP_ONLY_CERTIFICATES: JSON.stringify(input.appOnlyCertificates),
  })
  if ('value' in answer) {
    return {
      ENTRA_CLIENT_ID: readOutput(answer.value, 'ENTRA_CLIENT_ID'),
      APP_ONLY_CLIENT_ID: readOutput(answer.value, 'APP_ONLY_CLIENT_ID'),
    }
  }
  if (NO_RIGHTS.test(answer.refusal.stderr)) return undefined
  if (NAME_IS_TAKEN.test(answer.refusal.stderr)) throw nameTaken(deployment)
  throw azureFault(args, answer.refusal)
}

function nameTaken(deployment: Deployment): HookFault {
  const environment = requireValue(deployment, 'AZURE_ENV_NAME')
  const bin = 'https://graph.microsoft.com/v1.0/directory/deletedItems'
  return new HookFault(
    `An application of the environment ${environment} was deleted within the last 30 days, and its name is still taken.`,
    [
      `az rest --method get --url "${bin}/microsoft.graph.application?$filter=endswith(displayName,'(${environment})')&$count=true&$select=id,displayName" --headers ConsistencyLevel=eventual`,
      `To have it back: az rest --method post --url ${bin}/<id>/restore`,
      `To let it go: az rest --method delete --url ${bin}/<id>`,
      'Then: azd up',
    ],
  )
}

/** Deploys main.bicep again, now that the clients are known: the settings of the app depend on them. */
export async function deploySettings(
  deployment: Deployment,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const args = [
    ...[
      'deployment',
      'sub',
      'create',
      '--name',
      `signet-${requireValue(deployment, 'AZURE_ENV_NAME')}-settings`,
    ],
    ...['--location', requireValue(deployment, 'AZURE_LOCATION'), '--parameters', 'infra/main.bicepparam'],
  ]
  await requireAzure(deployment.run, args, values)
}

/** Resource Manager does not promise to keep upper and lower case in the names of outputs. */
function readOutput(deployed: unknown, name: string): string {
  const { outputs = {} } =
    (deployed as { properties?: { outputs?: Record<string, { value?: unknown }> } }).properties ?? {}
  const entry = Object.entries(outputs).find(([key]) => key.toUpperCase() === name)
  const value = entry?.[1].value
  if (typeof value !== 'string') throw new Error(`the deployment of infra/entra gave no ${name}`)
  return value
}
