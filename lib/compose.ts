/** The composition root: reads the settings and puts the parts together. */
import type { TokenCredential } from '@azure/identity'
import type { App } from './app.ts'
import type { Effects } from './base/effects.ts'
import { loadedOnce } from './base/loadedOnce.ts'
import { realEffects } from './base/realEffects.ts'
import { type Config, readConfig } from './config/config.ts'
import type { Environment } from './config/settingsReader.ts'
import { assertionProfile } from './credential/assertionProfile.ts'
import { createCertificateCredential } from './credential/certificateCredential.ts'
import type { ClientCredential } from './credential/clientCredential.ts'
import { createSource } from './credential/createSource.ts'
import { createOrderedSources } from './credential/orderedSources.ts'
import { type SharedIdentity, shareIdentity } from './credential/sharedIdentity.ts'
import { createAppOnlyTokens } from './entra/appOnlyTokens.ts'
import { createCodeRedemption } from './entra/codeRedemption.ts'
import { createEntraClock } from './entra/entraClock.ts'
import { createProviderKeys } from './entra/providerKeys.ts'
import { createRedemptionBulkhead } from './entra/redemptionBulkhead.ts'
import { createRefreshGrant } from './entra/refreshGrant.ts'
import { hasRole } from './entra/roles.ts'
import { createTokenAttempts } from './entra/tokenAttempts.ts'
import { createTokenEndpoint } from './entra/tokenEndpoint.ts'
import { AppError } from './errors/appError.ts'
import { createGrantRows } from './grant/grantRow.ts'
import { createUserTokens } from './grant/userTokens.ts'
import { createGuard, type Guard } from './guard/guard.ts'
import { namingFor, openRotations } from './rotation/openRotations.ts'
import { openSessionTable } from './session/table.ts'
import { createTableStore } from './session/tableStore.ts'

/** An App from an environment; effects can be replaced. Throws `config/invalid` when a setting is wrong. */
export function composeApp(env: Environment, replaced: Partial<Effects> = {}): App {
  const config = readConfig(env)
  const effects: Effects = { ...realEffects, ...replaced }
  const clock = createEntraClock(effects)
  const atEntra: Effects = { ...effects, fetch: clock.fetch }
  // What is signed for Entra is dated by its clock, and so are the certificate and what is kept of both.
  const dated: Effects = { ...effects, now: clock.now }
  const identity = managedIdentity(config, effects)
  const table = openSessionTable(config.sessions.tablesUrl, identity, effects)
  const rotations = openRotations({
    config,
    identity,
    isPatient: true,
    table,
    effects: { ...dated, fetch: clock.fetch },
  })
  const namingOf = (client: string) => namingFor(rotations, client, effects)
  const credential = clientCredential(config, identity, namingOf, dated)
  const providerKeys = createProviderKeys(config.entra, atEntra, { lookUpPauseMs: 0 })
  const { clientId, entra } = config
  const { issuerTemplate, token: url } = entra
  const attempts = createTokenAttempts(effects)
  const endpoint = createTokenEndpoint({
    clientId,
    issuerTemplate,
    url,
    credential,
    effects: atEntra,
    attempts,
  })
  const redemptions = createRedemptionBulkhead(effects)
  const redeemCode = redemptions.watch(
    createCodeRedemption({ config, endpoint, keys: providerKeys, effects }),
  )
  const appOnly = appOnlyTokens(config, identity, namingOf, { atEntra, dated })
  const sessions = createTableStore({ table, limits: config.sessions, effects })
  const userTokens = createUserTokens({
    rows: createGrantRows({ table, effects }),
    refresh: createRefreshGrant({ config, endpoint, keys: providerKeys, effects }),
    admits: (person) => hasRole(person, config.signInRoles),
    describe: (ticket, person) => sessions.describe(ticket, person),
    end: (id) => sessions.end(id),
    effects,
  })
  const guard = guardOwnApi(config, effects)
  return Object.freeze({
    config,
    effects,
    credential,
    providerKeys,
    tokenAttempts: attempts,
    redeemCode,
    redemptions,
    userTokens,
    sessions,
    guard,
    rotations,
    ...appOnly,
  })
}

let instance: App | undefined

/** The App of this instance. Throws a fault of the settings as an operator wants to read it: each on its line, without a stack. */
export function theApp(): App {
  try {
    instance ??= composeApp(process.env)
    return instance
  } catch (fault) {
    throw fault instanceof AppError && fault.code === 'config/invalid' ? settingsFault(fault) : fault
  }
}

function settingsFault({ context }: AppError): Error {
  const error = new Error(
    `Signet does not start. Correct these settings:\n  ${context.detail?.replaceAll('; ', '\n  ')}`,
  )
  error.stack = error.message
  return error
}

/** The SDK is a third of what there is to load, and no redirect needs it: it comes with the first token, behind what is being answered. */
function managedIdentity({ managedIdentityClientId }: Config, effects: Effects): SharedIdentity {
  const loaded = loadedOnce(async () => {
    await new Promise<void>((resolve) => setImmediate(resolve))
    const { platformIdentity } = await import('./credential/platformIdentity.ts')
    return platformIdentity(managedIdentityClientId)
  })
  const identity: TokenCredential = {
    async getToken(scopes, options) {
      return (await loaded()).getToken(scopes, options)
    },
  }
  return shareIdentity({ identity, effects, hasOneTenant: true })
}

/** Which version of its certificate a client signs with, where that is exchanged. */
type NamingOf = (clientId: string) => ReturnType<typeof namingFor>

function clientCredential(
  { clientId, credentials, assertion, entra }: Config,
  identity: SharedIdentity,
  namingOf: NamingOf,
  effects: Effects,
): ClientCredential {
  const profile = assertionProfile({ ...assertion, issuer: entra.issuerTemplate })
  const parts = { clientId, identity, profile, isPatient: true, ...namingOf(clientId), effects }
  return createOrderedSources({ sources: credentials.map((one) => createSource(one, parts)), effects })
}

/** The client for calls as the app itself has an id, a certificate and a token cache of its own. */
function appOnlyTokens(
  { appOnly, assertion }: Config,
  identity: SharedIdentity,
  namingOf: NamingOf,
  { atEntra, dated }: Readonly<Record<'atEntra' | 'dated', Effects>>,
): Pick<App, 'appOnly'> {
  if (appOnly === undefined) return {}
  const { clientId, entra, vault } = appOnly
  const { issuerTemplate, token: url } = entra
  const profile = assertionProfile({ ...assertion, issuer: issuerTemplate })
  const parts = { clientId, vault, identity, profile, isPatient: true, effects: dated, ...namingOf(clientId) }
  const credential = createCertificateCredential(parts)
  const endpoint = createTokenEndpoint({ clientId, issuerTemplate, url, credential, effects: atEntra })
  return { appOnly: createAppOnlyTokens({ endpoint, effects: atEntra }) }
}

/**
 * The sample API is this app's own registration: only the app itself may call it, for a signed-in user. Its keys are its own: anybody
 * can send it a token with a made-up key id, and none of that may use up what a sign-in needs.
 */
function guardOwnApi({ clientId, allowedTenants, entra }: Config, effects: Effects): Guard {
  return createGuard({
    tenants: allowedTenants,
    audiences: [clientId, `api://${clientId}`],
    clients: [clientId],
    scopes: ['access_as_user'],
    authorityHost: entra.origin,
    issuers: { v2: entra.issuerTemplate },
    keys: createProviderKeys(entra, effects),
    now: effects.now,
    log: effects.log,
  })
}
