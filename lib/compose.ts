/** The composition root: the only place that knows the real clock, random source, network and environment. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { ManagedIdentityCredential, type TokenCredential } from '@azure/identity'
import type { App } from './app.ts'
import { type Config, readConfig } from './config.ts'
import type { ClientCredential } from './credential/clientCredential.ts'
import { createManagedIdentityCredential } from './credential/managedIdentityCredential.ts'
import { createVaultCredential } from './credential/vaultCredential.ts'
import type { Effects, Log } from './effects.ts'
import { createCodeRedemption } from './entra/codeRedemption.ts'
import { createProviderKeys, type ProviderKeys } from './entra/providerKeys.ts'
import { createTokenEndpoint } from './entra/tokenEndpoint.ts'
import { createGuard, type Guard } from './guard/guard.ts'
import { createTableStore } from './session/tableStore.ts'
import type { Environment } from './settings.ts'
import { createCertificateReader } from './vault/certificate.ts'
import { createRemoteSign } from './vault/sign.ts'

const writeLine: Log = (level, event, facts = {}) => {
  console[level](JSON.stringify({ event, ...facts }))
}

const realEffects: Effects = {
  now: Date.now,
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
  fetch: (input, init) => fetch(input, init),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  log: writeLine,
}

/** An App from an environment; effects can be replaced. Throws `config/invalid` when a setting is wrong. */
export function composeApp(env: Environment, replaced: Partial<Effects> = {}): App {
  const config = readConfig(env)
  const effects: Effects = { ...realEffects, ...replaced }
  const identity = managedIdentity(config)
  const credential = clientCredential(config, identity, effects)
  const providerKeys = createProviderKeys(config.entra, effects)
  const { clientId, entra } = config
  const { issuerTemplate, token: url } = entra
  const endpoint = createTokenEndpoint({ clientId, issuerTemplate, url, credential, effects })
  const redeemCode = createCodeRedemption({ config, endpoint, keys: providerKeys, effects })
  const sessions = createTableStore({ tablesUrl: config.sessions.tablesUrl, credential: identity, effects })
  const guard = guardOwnApi(config, providerKeys, effects)
  return Object.freeze({ config, effects, credential, providerKeys, redeemCode, sessions, guard })
}

let instance: App | undefined

/** The App of this instance. */
export function theApp(): App {
  instance ??= composeApp(process.env)
  return instance
}

/** Named explicitly: a chain of credentials would try whatever else the machine offers. */
function managedIdentity({ managedIdentityClientId }: Config): TokenCredential {
  return managedIdentityClientId === undefined
    ? new ManagedIdentityCredential()
    : new ManagedIdentityCredential({ clientId: managedIdentityClientId })
}

function clientCredential(
  { clientId, credential }: Config,
  identity: TokenCredential,
  effects: Effects,
): ClientCredential {
  if (credential.kind === 'managed-identity') {
    return createManagedIdentityCredential({ identity, audience: credential.audience, effects })
  }
  const { url, certificate, certificateVersion } = credential.vault
  const certificates = createCertificateReader({
    vaultUrl: url,
    name: certificate,
    ...(certificateVersion === undefined ? {} : { pinnedVersion: certificateVersion }),
    credential: identity,
    effects,
  })
  return createVaultCredential({ clientId, certificates, sign: createRemoteSign(identity, effects), effects })
}

/** The sample API is this app's own registration: only the app itself may call it, for a signed-in user. */
function guardOwnApi(
  { clientId, allowedTenants, entra }: Config,
  keys: ProviderKeys,
  effects: Effects,
): Guard {
  return createGuard({
    tenants: allowedTenants,
    audiences: [clientId, `api://${clientId}`],
    clients: [clientId],
    scopes: ['access_as_user'],
    authority: entra.origin,
    issuers: { v2: entra.issuerTemplate },
    keys,
    now: effects.now,
    log: effects.log,
  })
}
