/**
 * The way to one vault: a token before each call, so that a slow identity does not use up the time that the vault is given, and where an app
 * is patient, ten minutes for a right that was just granted. The SDK's clients keep the token they have: where the vault refuses one, they are
 * opened anew.
 */
import type { TokenCredential } from '@azure/identity'
import type { Effects } from '../base/effects.ts'
import { createGrace, type WithGrace } from '../vault/grace.ts'
import { type SharedIdentity, shareIdentity } from './sharedIdentity.ts'

/** The domains of Key Vault and Managed HSM in each cloud: a vault under one of them takes tokens for it. */
const VAULT_DOMAINS = /^(vault|managedhsm)\.(azure\.net|azure\.cn|usgovcloudapi\.net)$/

export interface VaultAccess<Clients> {
  readonly identity: SharedIdentity
  /** For what asks the vault nothing. */
  clients(): Clients
  /** Calls by one right: what the vault lets us do says nothing of what it does not. Throws what they do, and `identity/unavailable`. */
  byOneRight(): <T>(call: (clients: Clients) => Promise<T>) => Promise<T>
}

interface VaultAccessOptions<Clients> {
  readonly vaultUrl: string
  readonly identity: TokenCredential | SharedIdentity
  /** Whether a refusal (403) is waited out for a while, as by an app that has just been deployed; whoever looks for faults does not. */
  readonly isPatient: boolean
  readonly open: (identity: SharedIdentity) => Clients
  readonly effects: Pick<Effects, 'now' | 'log'>
}

export function createVaultAccess<Clients>(options: VaultAccessOptions<Clients>): VaultAccess<Clients> {
  const { vaultUrl, isPatient, open, effects } = options
  const identity =
    'isAwaited' in options.identity
      ? options.identity
      : shareIdentity({ identity: options.identity, effects, hasOneTenant: false })
  const scope = vaultScope(vaultUrl)
  let clients = open(identity)

  async function renewToken(): Promise<void> {
    if (scope !== undefined) await identity.renew(scope)
    clients = open(identity)
  }

  return {
    identity,
    clients: () => clients,
    byOneRight() {
      const withGrace: WithGrace = isPatient ? createGrace(effects, renewToken) : (call) => call()
      return (call) =>
        withGrace(async () => {
          if (scope !== undefined) await identity.ready(scope)
          return call(clients)
        })
    },
  }
}

/** What tokens for a vault are asked for; undefined where its address does not tell, so that the vault itself has to. */
function vaultScope(vaultUrl: string): string | undefined {
  const domain = URL.parse(vaultUrl)?.hostname.split('.').slice(1).join('.') ?? ''
  return VAULT_DOMAINS.test(domain) ? `https://${domain}/.default` : undefined
}
