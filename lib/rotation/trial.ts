/**
 * A token request of its own by one version of the certificate: whether Entra accepts it, a token for Graph, and what time it is there. The
 * assertion is signed for this request and kept nowhere.
 */
import * as oauth from 'oauth4webapi'
import { uuid } from '../base/crypto.ts'
import type { Effects } from '../base/effects.ts'
import type { EntraUrls } from '../config/urls.ts'
import { ENTRA_PROFILE } from '../credential/assertionProfile.ts'
import { buildAssertion, serializeAssertion } from '../credential/clientAssertion.ts'
import type { ClientAssertion } from '../credential/clientCredential.ts'
import { GRAPH_SCOPE } from '../entra/graphRequest.ts'
import { createTokenEndpoint } from '../entra/tokenEndpoint.ts'
import type { RemoteSign } from '../vault/sign.ts'
import type { HeldVersion, RotationPorts } from './ports.ts'

interface TrialOptions {
  readonly clientId: string
  /** Of the tenant that the application is registered in. */
  readonly entra: Pick<EntraUrls, 'issuerTemplate' | 'token'>
  readonly sign: RemoteSign
  readonly effects: Pick<Effects, 'now' | 'random' | 'fetch'>
}

export function createTrial({ clientId, entra, sign, effects }: TrialOptions): RotationPorts['trial'] {
  const { issuerTemplate, token: url } = entra

  async function signed(held: HeldVersion): Promise<ClientAssertion> {
    const { name, version, keyId, thumbprintS256, thumbprintSha1 } = held
    const unsigned = buildAssertion({
      clientId,
      tokenEndpoint: url,
      profile: ENTRA_PROFILE,
      certificate: held,
      jti: uuid(effects.random),
      nowMs: effects.now(),
    })
    const signature = await sign(keyId, unsigned.signingInput)
    const certificate = { name, version, thumbprintS256, thumbprintSha1 }
    const { header, claims } = unsigned
    return {
      jws: serializeAssertion(unsigned, signature),
      proof: { method: 'vault', certificate, keyId, header, claims },
    }
  }

  return async (held) => {
    const credential = { assertionFor: () => signed(held), alternativeTo: async () => undefined }
    const endpoint = createTokenEndpoint({ clientId, issuerTemplate, url, credential, effects })
    const { granted } = await endpoint.request({
      send: ({ server, client, authentication, options }) =>
        oauth.genericTokenEndpointRequest(
          server,
          client,
          authentication,
          'client_credentials',
          { scope: GRAPH_SCOPE },
          options,
        ),
      async read(answer, { server, client }) {
        const atMs = Date.parse(answer.headers.get('date') ?? '')
        const { access_token: token } = await oauth.processGenericTokenEndpointResponse(
          server,
          client,
          answer,
        )
        return { token, atMs: Number.isNaN(atMs) ? undefined : atMs }
      },
    })
    return granted
  }
}
