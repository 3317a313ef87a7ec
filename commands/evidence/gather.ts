/** Gathers the evidence, part by part: what one of them cannot have becomes its reason, and none keeps another from being looked at. */
import { settingsOf } from '../../lib/config/credentials.ts'
import type { Environment } from '../../lib/config/settingsReader.ts'
import { clientAuthenticationOf } from '../../lib/entra/clientAuthentication.ts'
import type { Graph } from '../../lib/entra/graph.ts'
import type { Examination, ExaminedClient } from '../doctor/examination.ts'
import { AzureFault } from '../resourceManager.ts'
import { type Azure, createAzure } from './azure.ts'
import { certificateEvidence } from './certificate.ts'
import { type ApplicationEvidence, type Evidence, iso } from './evidence.ts'
import { localEvidence } from './localKeys.ts'
import { partOf } from './partOf.ts'
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
  const { clientId, certificate, sources } = client
  const graph = graphOf(client)
  return {
    use,
    clientId,
    sources: sources.map(({ kind }) => kind),
    registration: await partOf(() => registrationEvidence(graph)),
    policies: {
      tenant: await partOf(async () => policyEvidence(await graph.tenantPolicy())),
      own: await partOf(async () => {
        const own = await graph.ownPolicy()
        return own === undefined ? 'none' : policyEvidence(own)
      }),
    },
    ...(certificate === undefined
      ? {}
      : { certificate: await partOf(() => certificateEvidence(certificate, examination)) }),
    local: await localEvidence(sources.map(({ settings }) => settings)),
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
