/**
 * Between the resources and the app: certificates in the vault, applications in Entra that accept them, settings that name the
 * applications. Each step looks first, so that a second run sends nothing.
 */

import { isGuid } from '../../lib/config/settingsReader.ts'
import { awaitAdministrator, writeRegistrationRequest } from './administrator.ts'
import { rememberValues } from './azdEnvironment.ts'
import { certificateMonths } from './certificateMonths.ts'
import { type CertificateStore, openCertificateStore } from './certificateStore.ts'
import { type Client, type Clients, readClients } from './clients.ts'
import type { Deployment } from './deployment.ts'
import { actingTenant, derivedSettings } from './derivedSettings.ts'
import { NoDirectoryRights } from './graph.ts'
import { HookFault } from './hookFault.ts'
import { type KeyCredential, toKeyCredential } from './keyCredential.ts'
import { goLive } from './live.ts'
import { type ClientIds, listOf, mergeBoth, readBoth, register } from './registration.ts'
import type { RegistrationInput } from './registrationRequest.ts'
import { grantSampleRole } from './sampleRole.ts'
import { settled } from './settled.ts'

/** azd keeps every value it was given, so this one takes the place of none. */
const NO_RENEWAL = 'none'

export async function setUp(raw: Deployment): Promise<void> {
  const given = settled(raw)
  const clients = readClients(given.env)
  requireKnownRenewal(given.env.SIGNET_RENEW, [clients.signIn.certificate, clients.appOnly.certificate])
  const derived = derivedSettings(given)
  const deployment = { ...given, env: { ...given.env, ...derived } }
  let months: Promise<number> | undefined
  const store = openCertificateStore(
    given,
    () => (months ??= certificateMonths(given, { readsPolicy: !isForAdministrator(given.env) })),
  )
  const held = {
    signingCertificates: await holdCertificates(given, store, clients.signIn),
    appOnlyCertificates: await holdCertificates(given, store, clients.appOnly),
  }

  const clientIds = await registrations(deployment, clients, held, derived)
  const settings = { ...derived, ...clientIds, ...actingTenant(deployment, clientIds.APP_ONLY_CLIENT_ID) }
  await rememberValues(given, settings)
  await goLive(deployment, settings)
}

/** The client ids, once there are any. Throws HookFault where an administrator has to register the applications first. */
async function registrations(
  deployment: Deployment,
  clients: Clients,
  held: RegistrationInput<KeyCredential>,
  derived: Readonly<Record<string, string>>,
): Promise<Partial<ClientIds>> {
  const { env, say } = deployment
  if (isForAdministrator(env)) {
    const folder = await writeRegistrationRequest(deployment, held)
    const { ENTRA_CLIENT_ID, APP_ONLY_CLIENT_ID } = env
    if (!ENTRA_CLIENT_ID) throw awaitAdministrator(folder, deployment)
    say(`Registrations are an administrator's; what they should be is in ${folder}.`)
    return { ENTRA_CLIENT_ID, ...(APP_ONLY_CLIENT_ID ? { APP_ONLY_CLIENT_ID } : {}) }
  }

  let lists: RegistrationInput = held
  try {
    const registered = await readBoth(deployment, clients)
    const merged = mergeBoth(registered, held, deployment.now())
    lists = { signingCertificates: listOf(merged.signIn), appOnlyCertificates: listOf(merged.appOnly) }
    const clientIds = await register(deployment, clients, registered, merged, derived)
    if (env.SIGNET_GRANT_SAMPLE_ROLE === 'true')
      await grantSampleRole(deployment, clientIds.APP_ONLY_CLIENT_ID)
    say(
      `Registered: ${clients.signIn.uniqueName} (${clientIds.ENTRA_CLIENT_ID}), ${clients.appOnly.uniqueName}.`,
    )
    return clientIds
  } catch (fault) {
    if (!(fault instanceof NoDirectoryRights)) throw fault
    throw awaitAdministrator(await writeRegistrationRequest(deployment, lists), deployment)
  }
}

/** Registering is somebody else's, who alone may ask the directory anything. */
function isForAdministrator(env: Deployment['env']): boolean {
  return env.SIGNET_REGISTRATION === 'administrator' || isElsewhere(env)
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
