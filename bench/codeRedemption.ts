/** A code redeemed and its ID token judged, the signature included where the peer can. */
import { randomBytes } from 'node:crypto'
import * as openidClient from 'openid-client'
import { signInAs } from '../commands/walkthrough/signInAs.ts'
import { realEffects } from '../lib/base/realEffects.ts'
import { readConfig } from '../lib/config/config.ts'
import { createCertificateCredential } from '../lib/credential/certificateCredential.ts'
import { authorizationUrl } from '../lib/entra/authorizationRequest.ts'
import { judgeAuthorizationResponse } from '../lib/entra/authorizationResponse.ts'
import { createCodeRedemption } from '../lib/entra/codeRedemption.ts'
import { createProviderKeys } from '../lib/entra/providerKeys.ts'
import { createTokenEndpoint } from '../lib/entra/tokenEndpoint.ts'
import type { BenchDesk } from './benchDesk.ts'
import type { Subject } from './measure.ts'

/** A sign-in at Entra that is done, with its answer in hand. */
interface Answered {
  readonly address: URL
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

export function codeRedemptions(bench: BenchDesk): Subject<Answered>[] {
  const { desk, redirectUri, scope, credential: identity, msal, msalSigningEachTime, openid } = bench
  const ours = readConfig(desk.settings)
  const config = { ...ours, app: { ...ours.app, redirectUri } }
  const effects = { ...realEffects, log: () => undefined }
  const vault = { url: desk.vault.url, certificate: desk.vault.certificateName }
  const { clientId } = desk
  const credential = createCertificateCredential({ clientId, vault, identity, effects })
  const { issuerTemplate, token: url } = config.entra
  const endpoint = createTokenEndpoint({ clientId, issuerTemplate, url, credential, effects })
  const keys = createProviderKeys(config.entra, effects)
  const redeemCode = createCodeRedemption({ config, endpoint, keys, effects })

  async function signIn(): Promise<Answered> {
    const random = (): string => randomBytes(32).toString('base64url')
    const bound = { state: random(), nonce: random(), codeVerifier: random() }
    const request = new URL(authorizationUrl(config, bound, {}))
    request.searchParams.set('response_mode', 'query')
    return { address: new URL(await signInAs(desk.entra, 'Ada', request.href)), ...bound }
  }
  const prepare = async (count: number): Promise<Answered[]> => {
    const all: Answered[] = []
    while (all.length < count) all.push(await signIn())
    return all
  }
  const withMsal = (client: typeof msal) => ({
    prepare,
    operate({ address, nonce, codeVerifier }: Answered) {
      const code = address.searchParams.get('code') ?? ''
      return client.acquireTokenByCode({ scopes: [scope], redirectUri, code, codeVerifier, nonce })
    },
  })
  return [
    {
      name: 'Signet',
      prepare,
      async operate({ address, state, nonce, codeVerifier }) {
        const response = judgeAuthorizationResponse(config, address.searchParams, state)
        const assertion = await credential.assertionFor(url)
        await redeemCode({ response, assertion, nonce, codeVerifier, correlationId: 'bench' })
      },
    },
    {
      name: 'openid-client with our assertion',
      prepare,
      operate: ({ address, state, nonce, codeVerifier }) =>
        openidClient.authorizationCodeGrant(openid, address, {
          pkceCodeVerifier: codeVerifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        }),
    },
    { name: 'msal-node with our assertion (checks no signature)', ...withMsal(msal) },
    { name: 'msal-node, the vault signing each time', ...withMsal(msalSigningEachTime) },
  ]
}
