/**
 * `signet-entra/assertion`: the vault-signed client assertion for other OAuth clients. Cached, renewed ahead and safe against rotation, in the
 * shapes that `oauth4webapi`, `openid-client` and `@azure/msal-node` take.
 */
import { setClientAssertion } from '../credential/clientAssertion.ts'
import type { ClientAssertion } from '../credential/clientCredential.ts'
import { createVaultClient, type VaultAssertionOptions } from './vaultClient.ts'

export type { VaultAssertionOptions, VaultTokenCredential } from './vaultClient.ts'

/** A client authentication method of `oauth4webapi` and `openid-client`. */
export type ClientAuthentication = (
  server: { readonly token_endpoint?: string },
  client: unknown,
  body: URLSearchParams,
  headers: Headers,
) => Promise<void>

export interface VaultAssertion {
  /** The assertion for a token endpoint, a compact JWS. A bearer credential for ten minutes: do not log it. Throws `vault/*`. */
  assertionFor(tokenEndpoint: string): Promise<string>
  /** For `oauth4webapi` and `openid-client`: authenticates at the token endpoint of the server's metadata. */
  readonly clientAuthentication: ClientAuthentication
  /** For `@azure/msal-node`: `auth.clientAssertion`. msal calls it before every acquisition, cached token or not. */
  readonly msalClientAssertion: (request: { readonly tokenEndpoint?: string }) => Promise<string>
  /**
   * To be called when Entra answered `invalid_client`, as after a certificate was taken off the registration before its time. Reads the
   * certificate anew; calls from now on wait for an assertion by another valid version, three seconds at most. Where there is none, the
   * one at hand serves until a new one is signed. Settles once it is known which, never throws, and looks once a minute at most.
   */
  discard(): Promise<void>
}

/** Makes the assertions of one client. No I/O until the first is needed. Throws `config/invalid` naming every faulty option. */
export function createVaultAssertion(options: VaultAssertionOptions): VaultAssertion {
  const { clientId, credential } = createVaultClient(options)
  const handedOut = new Map<string, ClientAssertion>()
  let replacement: Promise<void> = Promise.resolve()

  async function assertionFor(tokenEndpoint: string | undefined): Promise<string> {
    if (tokenEndpoint === undefined) throw new TypeError('no token endpoint is known to sign for')
    await replacement
    const assertion = await credential.assertionFor(tokenEndpoint)
    handedOut.set(tokenEndpoint, assertion)
    return assertion.jws
  }

  async function replace(): Promise<void> {
    const refused = [...handedOut]
    await Promise.all(refused.map(([endpoint, assertion]) => credential.alternativeTo(assertion, endpoint)))
  }

  return Object.freeze<VaultAssertion>({
    assertionFor,
    async clientAuthentication({ token_endpoint: tokenEndpoint }, _client, body) {
      setClientAssertion(body, clientId, await assertionFor(tokenEndpoint))
    },
    msalClientAssertion: ({ tokenEndpoint }) => assertionFor(tokenEndpoint),
    discard() {
      replacement = replace()
      return replacement
    },
  })
}
