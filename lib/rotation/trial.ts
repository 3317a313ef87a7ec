/**
 * A token request of its own by one version of the certificate: whether Entra accepts it, a token for Graph, and what time it is there. The
 * assertion is signed for this request and kept nowhere. That it was refused for its time, by a clock that is found to be off over it, says nothing
 * of the version: then it is dated anew, once.
 */
import * as oauth from 'oauth4webapi'
import { uuid } from '../base/crypto.ts'
import type { Effects } from '../base/effects.ts'
import type { EntraUrls } from '../config/urls.ts'
import { ENTRA_PROFILE } from '../credential/assertionProfile.ts'
import { buildAssertion, serializeAssertion } from '../credential/clientAssertion.ts'
import { type ClientAssertion, type ClientCredential, isOutOfTime } from '../credential/clientCredential.ts'
import { GRAPH_SCOPE } from '../entra/graphRequest.ts'
import { createTokenEndpoint } from '../entra/tokenEndpoint.ts'
import type { RemoteSign } from '../vault/sign.ts'
import type { HeldVersion, RotationPorts } from './ports.ts'

interface TrialOptions {
  readonly clientId: string
  /** Of the tenant that the application is registered in. */
  readonly entra: Pick<EntraUrls, 'issuerTemplate' | 'token'>
  readonly sign: RemoteSign
  /** `now` and `fetch`: Entra's clock, as far as it is known, and what looks at it. */
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
    const credential: Pick<ClientCredential, 'assertionFor' | 'alternativeTo'> = {
      assertionFor: () => signed(held),
      alternativeTo: async ({ proof }) => (isOutOfTime(proof, effects.now()) ? signed(held) : undefined),
    }
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
