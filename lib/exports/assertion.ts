/**
 * `signet/assertion`: the vault-signed client assertion for other OAuth clients. Cached, renewed ahead and safe against rotation, in the
 * shapes that `oauth4webapi`, `openid-client` and `@azure/msal-node` take.
 */

import type { TokenCredential } from '@azure/identity'
import { createCertificateCredential } from '../credential/certificateCredential.ts'
import { ASSERTION_TYPE } from '../credential/clientAssertion.ts'
import type { Log } from '../effects.ts'
import { realEffects } from '../realEffects.ts'

export interface VaultAssertionOptions {
  /** Origin of the vault, e.g. `https://contoso-signet.vault.azure.net`. */
  readonly vaultUrl: string
  /** Name of the certificate. */
  readonly certificate: string
  /** One version of it, 32 hex digits; without it the newest one that is a day old, or the only one there is. */
  readonly certificateVersion?: string
  /** Client id of the app registration that knows the certificate. */
  readonly clientId: string
  /** Needs certificates/read and keys/sign on the vault. */
  readonly credential: TokenCredential
  /** Hears of signatures and of renewals that failed; silent unless given. */
  readonly log?: Log
}

/** What `oauth4webapi` and `openid-client` call a client authentication method. */
export type ClientAuthentication = (
  server: unknown,
  client: unknown,
  body: URLSearchParams,
  headers: Headers,
) => Promise<void>

export interface VaultAssertion {
  /** The assertion for a token endpoint, a compact JWS. A bearer credential for ten minutes: do not log it. Throws `vault/*`. */
  assertionFor(tokenEndpoint: string): Promise<string>
  /** For `oauth4webapi` and `openid-client`: authenticates at the server's token endpoint. */
  clientAuthentication(tokenEndpoint: string): ClientAuthentication
  /** For `@azure/msal-node`: `auth.clientAssertion`. Called before every acquisition, answered from the cache. */
  msalClientAssertion(config: { readonly tokenEndpoint?: string }): Promise<string>
  /** Forgets certificate and assertions: the next call reads and signs anew. */
  discard(): void
}

export function createVaultAssertion(options: VaultAssertionOptions): VaultAssertion {
  const {
    vaultUrl: url,
    certificate,
    certificateVersion,
    clientId,
    credential: identity,
    log = () => undefined,
  } = options
  const pinned = certificateVersion === undefined ? {} : { certificateVersion }
  const vault = { url, certificate, ...pinned }
  const credential = createCertificateCredential({
    clientId,
    vault,
    identity,
    effects: { ...realEffects, log },
  })

  async function assertionFor(tokenEndpoint: string): Promise<string> {
    const { jws } = await credential.assertionFor(tokenEndpoint)
    return jws
  }

  return {
    assertionFor,
    clientAuthentication: (tokenEndpoint) => async (_server, _client, body) => {
      body.set('client_id', clientId)
      body.set('client_assertion_type', ASSERTION_TYPE)
      body.set('client_assertion', await assertionFor(tokenEndpoint))
    },
    async msalClientAssertion({ tokenEndpoint }) {
      if (tokenEndpoint === undefined) throw new TypeError('msal-node gave no token endpoint to sign for')
      return assertionFor(tokenEndpoint)
    },
    discard: credential.discard,
  }
}
