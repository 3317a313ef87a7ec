/**
 * The federated identity credential: the managed identity's own token for Entra's exchange audience serves as the assertion
 * (RFC 7521 section 4.2). No key, no vault, and one token per instance: where it is refused there is no other to try.
 */
import type { ClientAssertion, ClientCredential } from './clientCredential.ts'
import { IDENTITY_WAIT_MS, type SharedIdentity } from './sharedIdentity.ts'

interface ManagedIdentityOptions {
  readonly identity: SharedIdentity
  /** `api://AzureADTokenExchange`, or its name in a national cloud. */
  readonly audience: string
}

export function createManagedIdentityCredential({
  identity,
  audience,
}: ManagedIdentityOptions): ClientCredential {
  const scope = `${audience}/.default`
  async function assertion(): Promise<ClientAssertion> {
    await identity.ready(scope, IDENTITY_WAIT_MS)
    const { token } = await identity.getToken(scope)
    return { jws: token, proof: { method: 'managed-identity' } }
  }

  return {
    assertionFor: assertion,
    alternativeTo: async () => undefined,
    check: async () => void (await assertion()),
    warm: () => void assertion().catch(() => undefined),
  }
}
