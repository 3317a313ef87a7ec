/**
 * The federated identity credential: the managed identity's own token for Entra's exchange audience serves as the assertion
 * (RFC 7521 section 4.2). No key and no vault; the SDK caches the token and renews it.
 */
import type { TokenCredential } from '@azure/identity'
import type { Effects } from '../base/effects.ts'
import { AppError } from '../errors/appError.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import type { ClientCredential } from './clientCredential.ts'

interface ManagedIdentityOptions {
  /** One that answers in time or not at all. */
  readonly identity: TokenCredential
  /** `api://AzureADTokenExchange`, or its name in a national cloud. */
  readonly audience: string
  readonly effects: Pick<Effects, 'log'>
}

export function createManagedIdentityCredential({
  identity,
  audience,
  effects,
}: ManagedIdentityOptions): ClientCredential {
  async function assertion() {
    const token = await identity.getToken(`${audience}/.default`).catch((cause: unknown) => {
      throw new AppError('identity/unavailable', { cause })
    })
    if (token === null)
      throw new AppError('identity/unavailable', { detail: 'no token for the exchange audience' })
    return { jws: token.token, proof: { method: 'managed-identity' as const } }
  }

  return {
    assertionFor: assertion,
    check: async () => void (await assertion()),
    warm: () =>
      void assertion().catch((fault) => effects.log('warn', 'credential.renewal_failed', faultFacts(fault))),
    discard: () => undefined,
  }
}
