/** The app registrations: compared with what they should be, and deployed (infra/entra) where they are not. */
import { azureFault } from './azureCli.ts'
import type { Clients } from './clients.ts'
import { type Deployment, requireValue } from './deployment.ts'
import { ENTRA, findSame, type Outputs, readOutput, send } from './deployOnce.ts'
import { GRAPH, NoDirectoryRights, saysNoRights } from './graph.ts'
import { HookFault } from './hookFault.ts'
import type { KeyCredential } from './keyCredential.ts'
import { type MergedCredentials, mergeCredentials } from './mergeCredentials.ts'
import { isAsWished, type RegisteredApplication, readRegistered } from './registered.ts'
import { type RegistrationInput, registrationRequest, subjectOf } from './registrationRequest.ts'

/** A deleted application keeps its unique name and its identifier URIs while it lies in the bin, for 30 days; a live one keeps its own. */
const NAME_IS_TAKEN = /same value for property (uniqueName|identifierUris)/i

export interface ClientIds {
  readonly ENTRA_CLIENT_ID: string
  /** Of the application objects: without any right to read them, the app proves by them that it may roll its own keys. */
  readonly ENTRA_OBJECT_ID: string
  readonly APP_ONLY_CLIENT_ID: string
  readonly APP_ONLY_OBJECT_ID: string
}

export interface Registered {
  readonly signIn: RegisteredApplication | undefined
  readonly appOnly: RegisteredApplication | undefined
}

/** Both applications as they are. Throws NoDirectoryRights. */
export async function readBoth(deployment: Deployment, { signIn, appOnly }: Clients): Promise<Registered> {
  const wished = wishedOf(deployment)
  return {
    signIn: await readRegistered(deployment, signIn.uniqueName, wished[signIn.uniqueName] ?? {}),
    appOnly: await readRegistered(deployment, appOnly.uniqueName, wished[appOnly.uniqueName] ?? {}),
  }
}

interface MergedBoth {
  readonly signIn: MergedCredentials
  readonly appOnly: MergedCredentials
}

/** The certificates of both, with those of the vault. */
export function mergeBoth(
  registered: Registered,
  held: RegistrationInput<KeyCredential>,
  nowMs: number,
): MergedBoth {
  return {
    signIn: mergeCredentials(registered.signIn?.keyCredentials ?? [], held.signingCertificates, nowMs),
    appOnly: mergeCredentials(registered.appOnly?.keyCredentials ?? [], held.appOnlyCertificates, nowMs),
  }
}

/**
 * The client ids of both applications and the sample API; sends nothing where they are all as they should be. Throws
 * NoDirectoryRights.
 */
export async function register(
  deployment: Deployment,
  clients: Clients,
  registered: Registered,
  merged: MergedBoth,
  values: Readonly<Record<string, string>>,
): Promise<ClientIds> {
  const isComplete =
    isRight(deployment, clients.signIn.uniqueName, registered.signIn, merged.signIn) &&
    isRight(deployment, clients.appOnly.uniqueName, registered.appOnly, merged.appOnly)
  const same = isComplete ? await findSame(deployment, ENTRA, values) : undefined
  return same !== undefined && isOfThese(same, registered)
    ? clientIdsOf(same)
    : clientIdsOf(await sendRegistration(deployment, merged, values))
}

/** Whether a deployment was of the very applications that are there: one that was made anew under its name has another id. */
function isOfThese(outputs: Outputs, { signIn, appOnly }: Registered): boolean {
  const { ENTRA_CLIENT_ID, APP_ONLY_CLIENT_ID } = clientIdsOf(outputs)
  return signIn?.appId === ENTRA_CLIENT_ID && appOnly?.appId === APP_ONLY_CLIENT_ID
}

/** The list as it is sent. */
export function listOf({ kept, added }: MergedCredentials): readonly object[] {
  return [...kept, ...added]
}

function isRight(
  deployment: Deployment,
  uniqueName: string,
  seen: RegisteredApplication | undefined,
  { added }: MergedCredentials,
): boolean {
  return seen !== undefined && added.length === 0 && isAsWished(wishedOf(deployment)[uniqueName], seen)
}

/** The applications by unique name, apart from their certificates, which are merged and not wished for. */
function wishedOf(deployment: Deployment): Readonly<Record<string, object>> {
  const request = registrationRequest(subjectOf(deployment), {
    signingCertificates: [],
    appOnlyCertificates: [],
  })
  return Object.fromEntries(
    Object.entries(request).map(([name, body]) => {
      const { keyCredentials: _, ...wished } = body as { keyCredentials?: unknown }
      return [name, wished]
    }),
  )
}

async function sendRegistration(
  deployment: Deployment,
  merged: MergedBoth,
  values: Readonly<Record<string, string>>,
): Promise<Outputs> {
  const answer = await send(deployment, ENTRA, {
    ...values,
    SIGNET_SIGNING_CERTIFICATES: JSON.stringify(listOf(merged.signIn)),
    SIGNET_APP_ONLY_CERTIFICATES: JSON.stringify(listOf(merged.appOnly)),
  })
  if ('outputs' in answer) return answer.outputs
  const { stderr } = answer.refusal
  if (saysNoRights(stderr)) throw new NoDirectoryRights(stderr)
  const [, property] = NAME_IS_TAKEN.exec(stderr) ?? []
  if (property !== undefined) throw nameTaken(requireValue(deployment, 'AZURE_ENV_NAME'))
  throw azureFault(answer.args, answer.refusal)
}

/** Graph names either property, whichever it comes upon first, and does not say where the other application is. */
function nameTaken(environment: string): HookFault {
  const bin = `${GRAPH}/directory/deletedItems`
  const listed = `/microsoft.graph.application?$filter=endswith(displayName,'(${environment})')&$count=true&$select=id,displayName`
  return new HookFault(
    `Another application has the name or an identifier URI of the environment ${environment}: most likely its own, which was deleted within the last 30 days.`,
    [
      `az rest --method get --url "${bin}${listed}" --headers ConsistencyLevel=eventual`,
      `To have it back: az rest --method post --url ${bin}/<id>/restore`,
      `To let it go: az rest --method delete --url ${bin}/<id>`,
      `Where the bin holds none, a live one has the URI: az ad app list --identifier-uri api://<tenant id>/signet-${environment} --query "[].{name: displayName, id: id}"`,
      `To take that one over: az rest --method patch --url "${GRAPH}/applications/<id>" --body "{'uniqueName': 'signet-${environment}'}"`,
      'Then: azd up',
    ],
  )
}

function clientIdsOf(outputs: Outputs): ClientIds {
  return {
    ENTRA_CLIENT_ID: readOutput(outputs, 'ENTRA_CLIENT_ID'),
    ENTRA_OBJECT_ID: readOutput(outputs, 'ENTRA_OBJECT_ID'),
    APP_ONLY_CLIENT_ID: readOutput(outputs, 'APP_ONLY_CLIENT_ID'),
    APP_ONLY_OBJECT_ID: readOutput(outputs, 'APP_ONLY_OBJECT_ID'),
  }
}
