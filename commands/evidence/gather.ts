/** Gathers the evidence, part by part: what one of them cannot have becomes its reason, and none keeps another from being looked at. */
import { settingsOf } from '../../lib/config/credentials.ts'
import type { Environment } from '../../lib/config/settingsReader.ts'
import { clientAuthenticationOf } from '../../lib/entra/clientAuthentication.ts'
import type { Graph } from '../../lib/entra/graph.ts'
import { type AppError, asAppError } from '../../lib/errors/appError.ts'
import type { Examination, ExaminedClient } from '../doctor/examination.ts'
import { AzureFault } from '../resourceManager.ts'
import { type Azure, createAzure } from './azure.ts'
import { certificateEvidence } from './certificate.ts'
import { type ApplicationEvidence, type Evidence, iso, known, type Part } from './evidence.ts'
import { policyEvidence, registrationEvidence } from './registration.ts'

export interface GatherOptions {
  readonly examination: Examination
  readonly env: Environment
  /** Microsoft Graph about one application. */
  readonly graphOf: (client: ExaminedClient) => Graph
}

/** Never rejects. */
export async function gatherEvidence({ examination, env, graphOf }: GatherOptions): Promise<Evidence> {
  const { config, effects, identity, signIn, appOnly } = examination
  const azure = createAzure({ env, credential: identity.credential, effects })
  const vaultUrl = (settingsOf(config.credentials, 'vault')?.vault ?? config.appOnly?.vault)?.url
  const gatheredAt = iso(effects.now())
  const { SIGNET_IDENTITY_PRINCIPAL_ID: principal } = env
  const applications = [
    await application('sign-in', signIn, examination, graphOf),
    ...(appOnly === undefined ? [] : [await application('app-only', appOnly, examination, graphOf)]),
  ]
  return {
    format: 1,
    gatheredAt,
    gatheredBy: identity.isApp ? 'the app' : 'a person',
    deployment: {
      publicUrl: config.app.base,
      tenants: config.allowedTenants,
      signInHost: config.entra.origin,
      vault: vaultUrl ?? 'none',
      ...(principal ? { identity: principal } : {}),
    },
    applications,
    ...(await ofAzure(azure, vaultUrl)),
  }
}

async function ofAzure(
  azure: Azure,
  vaultUrl: string | undefined,
): Promise<Pick<Evidence, 'vault' | 'roles' | 'signatures'>> {
  if (vaultUrl === undefined) {
    const none = { unknown: 'No vault is configured.' }
    return { vault: none, roles: none, signatures: none }
  }
  return {
    vault: await partOf(() => azure.vault(vaultUrl)),
    roles: await partOf(() => azure.roles(vaultUrl)),
    signatures: await partOf(() => azure.signatures(vaultUrl)),
  }
}

async function application(
  use: ApplicationEvidence['use'],
  client: ExaminedClient,
  examination: Examination,
  graphOf: (client: ExaminedClient) => Graph,
): Promise<ApplicationEvidence> {
  const { clientId, certificate } = client
  const graph = graphOf(client)
  return {
    use,
    clientId,
    registration: await partOf(() => registrationEvidence(graph)),
    policies: await partOf(() => policyEvidence(graph)),
    certificate:
      certificate === undefined
        ? { unknown: 'No certificate: a managed identity stands in for it.' }
        : await partOf(() => certificateEvidence(certificate, examination)),
    token: await partOf(() => tokenEvidence(client)),
  }
}

/** How the client is said to have proved itself in a token that it gets for itself just now. */
async function tokenEvidence(client: ExaminedClient) {
  const trial = await client.trial(client.clientId)
  if ('fault' in trial) throw trial.fault
  const seen = clientAuthenticationOf(trial.token, client.clientId)
  if (seen === undefined) throw new AzureFault('The token does not say how the client proved itself.')
  return seen
}

/** What was read, or a sentence on why it was not: the code of the fault and what is known of it, never the words of somebody else. */
async function partOf<T>(read: () => Promise<T>): Promise<Part<T>> {
  try {
    return known(await read())
  } catch (thrown) {
    return { unknown: thrown instanceof AzureFault ? thrown.message : sentenceOf(asAppError(thrown)) }
  }
}

function sentenceOf({ code, context: { detail } }: AppError): string {
  const more = detail === undefined ? '' : `: ${detail}`
  return `It could not be read (${code}${more}).`
}
