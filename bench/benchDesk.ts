/** The desk that everything is measured on: the same Entra, vault and client for all, and the peers set up as their documentation says. */
import { ConfidentialClientApplication } from '@azure/msal-node'
import * as openidClient from 'openid-client'
import { realEffects } from '../lib/base/realEffects.ts'
import { createCertificateCredential } from '../lib/credential/certificateCredential.ts'
import { createVaultAssertion, type VaultAssertion } from '../lib/exports/assertion.ts'
import { type ClientDesk, openClientDesk } from '../local/clientDesk.ts'

const ORIGIN = 'http://localhost:8400'

export interface BenchDesk extends ClientDesk {
  readonly authority: string
  readonly redirectUri: string
  readonly scope: string
  /** `{client id}/.default` as an API's own URI. */
  readonly appScope: string
  readonly assertion: VaultAssertion
  readonly signatures: () => number
  /** msal-node with our assertion. */
  readonly msal: ConfidentialClientApplication
  /** msal-node with a callback that has the vault sign whenever it is called, as the callback's own documentation leaves it. */
  readonly msalSigningEachTime: ConfidentialClientApplication
  readonly openid: openidClient.Configuration
}

export async function openBenchDesk(): Promise<BenchDesk> {
  const clientDesk = await openClientDesk(ORIGIN)
  const { desk, credential } = clientDesk
  const { clientId, entra, vault } = desk
  const authority = `${entra.origin}/${entra.tenantId}`
  const options = { vaultUrl: vault.url, certificate: vault.certificateName, clientId, credential }
  const assertion = createVaultAssertion(options)
  const silent = { ...realEffects, log: () => undefined }
  const vaultSettings = { url: vault.url, certificate: vault.certificateName }
  const signAnew = async ({ tokenEndpoint = '' }: { tokenEndpoint?: string }): Promise<string> => {
    const parts = { clientId, vault: vaultSettings, identity: credential, effects: silent }
    return (await createCertificateCredential(parts).assertionFor(tokenEndpoint)).jws
  }
  const metadata = await (await fetch(`${authority}/v2.0/.well-known/openid-configuration`)).text()
  const msalWith = (clientAssertion: VaultAssertion['msalClientAssertion']): ConfidentialClientApplication =>
    new ConfidentialClientApplication({
      auth: {
        clientId,
        // msal insists on https, which a desk does not have; the endpoints are those of the metadata.
        authority: authority.replace('http:', 'https:'),
        knownAuthorities: [new URL(authority).host],
        authorityMetadata: metadata,
        clientAssertion,
      },
    })
  const openid = await openidClient.discovery(
    new URL(`${authority}/v2.0`),
    clientId,
    undefined,
    assertion.clientAuthentication,
    { execute: [openidClient.allowInsecureRequests, openidClient.enableNonRepudiationChecks] },
  )
  return {
    ...clientDesk,
    authority,
    redirectUri: `${ORIGIN}/auth/callback`,
    scope: `api://${clientId}/access_as_user`,
    appScope: `api://${clientId}/.default`,
    assertion,
    signatures: () => vault.requests.filter(({ operation }) => operation === 'sign').length,
    msal: msalWith(assertion.msalClientAssertion),
    msalSigningEachTime: msalWith(signAnew),
    openid,
  }
}
