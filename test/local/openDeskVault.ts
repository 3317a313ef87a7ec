import type { TokenCredential } from '@azure/identity'
import { ManagedIdentityCredential } from '@azure/identity'
import { CertificateClient } from '@azure/keyvault-certificates'
import { CryptographyClient, KeyClient } from '@azure/keyvault-keys'
import { afterAll, onTestFinished } from 'vitest'
import type { IdentityStub } from '../../local/identity/openIdentity.ts'
import { openIdentity } from '../../local/identity/openIdentity.ts'
import { loopbackOnly } from '../../local/loopbackOnly.ts'
import { createAuthority } from '../../local/pki.ts'
import { trustAuthority } from '../../local/trustAuthority.ts'
import type { VaultOptions } from '../../local/vault/openVault.ts'
import { openVault } from '../../local/vault/openVault.ts'

const authority = createAuthority()
trustAuthority(authority.certPem)

// `@azure/identity` stays with the first endpoint that it finds in a process.
const processIdentity = await openIdentity()
Object.assign(process.env, processIdentity.env)
afterAll(() => processIdentity.close())

/** A vault, the identity endpoint and the real SDK clients, with nothing about them changed but their patience. */
export async function openDeskVault(options: Partial<VaultOptions> & { identity?: IdentityStub } = {}) {
  const { identity = processIdentity } = options
  const vault = await openVault({ authority, ...options, identity })
  const unmap = loopbackOnly({ vaultPort: vault.port })
  onTestFinished(async () => {
    unmap()
    await vault.close()
  })

  const credential: TokenCredential = new ManagedIdentityCredential({ clientId: identity.clientId })
  const retryOptions = { maxRetries: 1, retryDelayInMs: 1, maxRetryDelayInMs: 1 }
  return {
    vault,
    identity,
    credential,
    certificates: new CertificateClient(vault.url, credential, { retryOptions }),
    keys: new KeyClient(vault.url, credential, { retryOptions }),
    signerOf: (kid: string) => new CryptographyClient(kid, credential, { retryOptions }),
    /** A request by hand, with a proper token unless told otherwise. */
    async request(method: string, path: string, body?: object, accessToken?: string): Promise<Response> {
      const authorization = `Bearer ${accessToken ?? (await identity.issue('https://vault.azure.net'))}`
      return fetch(`${vault.url}${path}`, {
        method,
        headers: { authorization },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    },
    /** What the vault was asked for, one word each. */
    operations: () => vault.requests.map(({ operation }) => operation),
  }
}
