/**
 * Between the resources and the app: certificates in the vault, applications in Entra that accept them, settings that name the
 * applications. Each step looks first, so that a second run writes nothing new.
 */

import { isGuid } from '../../lib/config/settingsReader.ts'
import { awaitAdministrator, writeRegistrationRequest } from './administrator.ts'
import { rememberValues } from './azdEnvironment.ts'
import { type CertificateStore, openCertificateStore } from './certificateStore.ts'
import { type Client, readClients } from './clients.ts'
import type { Deployment } from './deployment.ts'
import { HookFault } from './hookFault.ts'
import { type KeyCredential, toKeyCredential } from './keyCredential.ts'
import { mergeCredentials } from './mergeCredentials.ts'
import { deployRegistration, deploySettings, readRegistered } from './registration.ts'

/** azd keeps every value it was given, so this one takes the place of none. */
const NO_RENEWAL = 'none'

export async function setUp(deployment: Deployment): Promise<void> {
  const { env, say } = deployment
  // The vault is there now; to recover it once more would fail.
  if (env.SIGNET_RECOVER_VAULT === 'true') await rememberValues(deployment, { SIGNET_RECOVER_VAULT: 'false' })

  const { signIn, appOnly } = readClients(env)
  requireKnownRenewal(env.SIGNET_RENEW, [signIn.certificate, appOnly.certificate])
  const store = openCertificateStore(deployment)
  const held = {
    signIn: await holdCertificates(deployment, store, signIn),
    appOnly: await holdCertificates(deployment, store, appOnly),
  }

  const ofVault = { signingCertificates: held.signIn, appOnlyCertificates: held.appOnly }
  if (env.SIGNET_REGISTRATION === 'administrator' || isElsewhere(env)) {
    const folder = await writeRegistrationRequest(deployment, ofVault)
    if (!env.ENTRA_CLIENT_ID) throw awaitAdministrator(folder, deployment)
    say(`Registrations are an administrator's; what they should be is in ${folder}.`)
    return
  }

  const registered = {
    signIn: await readRegistered(deployment, signIn.uniqueName),
    appOnly: await readRegistered(deployment, appOnly.uniqueName),
  }
  if (registered.signIn === undefined || registered.appOnly === undefined) {
    throw awaitAdministrator(await writeRegistrationRequest(deployment, ofVault), deployment)
  }
  const input = {
    signingCertificates: mergeCredentials(registered.signIn, held.signIn, deployment.now()),
    appOnlyCertificates: mergeCredentials(registered.appOnly, held.appOnly, deployment.now()),
  }
  const clientIds = await deployRegistration(deployment, input)
  if (clientIds === undefined) {
    throw awaitAdministrator(await writeRegistrationRequest(deployment, input), deployment)
  }
  say(`Registered: ${signIn.uniqueName} (${clientIds.ENTRA_CLIENT_ID}), ${appOnly.uniqueName}.`)
  // With client ids that azd knew before, it has just written the settings itself.
  if (await rememberValues(deployment, clientIds)) {
    say('Writing the settings of the app.')
    await deploySettings(deployment, { ...clientIds, SIGNET_RECOVER_VAULT: 'false' })
  }
}

/** The template registers in the subscription's own tenant and in the public cloud; anywhere else it is for somebody who is there. */
function isElsewhere({ AZURE_TENANT_ID, ENTRA_TENANT_ID, ENTRA_AUTHORITY_HOST }: Deployment['env']): boolean {
  const isOtherTenant = isGuid(ENTRA_TENANT_ID ?? '') && ENTRA_TENANT_ID !== AZURE_TENANT_ID
  return isOtherTenant || !isPublicCloud(ENTRA_AUTHORITY_HOST)
}

function isPublicCloud(authorityHost = ''): boolean {
  return authorityHost === '' || URL.parse(authorityHost)?.host === 'login.microsoftonline.com'
}

/** There is a certificate, a newer one where that was asked for; returns every version that can be used. */
async function holdCertificates(
  deployment: Deployment,
  store: CertificateStore,
  { certificate }: Client,
): Promise<readonly KeyCredential[]> {
  if (certificate === undefined) return []
  deployment.say(`Certificate ${certificate}: ${await store.ensure(certificate)}.`)
  if (deployment.env.SIGNET_RENEW === certificate) {
    await store.renew(certificate)
    // At once, so that no later step that fails makes this happen twice.
    await rememberValues(deployment, { SIGNET_RENEW: NO_RENEWAL })
  }
  return (await store.versions(certificate)).map(toKeyCredential)
}

/** A name with a slip in it must not look like a renewal that was made. */
function requireKnownRenewal(wanted: string | undefined, names: readonly (string | undefined)[]): void {
  if (!wanted || wanted === NO_RENEWAL || names.includes(wanted)) return
  const known = names.filter((name) => name !== undefined)
  throw new HookFault(
    `SIGNET_RENEW names no certificate of this environment: it has ${known.join(' and ')}.`,
    known.map((name) => `azd env set SIGNET_RENEW ${name} && azd hooks run postprovision`),
  )
}
