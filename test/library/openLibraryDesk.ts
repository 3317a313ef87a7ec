/** A desk without our app: the vault, Entra and a client of somebody else's that holds our certificate. */
import type { TokenCredential } from '@azure/identity'
import { decodeJwt } from 'jose'
import { afterAll, expect } from 'vitest'
import { signInAs } from '../../commands/walkthrough/signInAs.ts'
import { createVaultAssertion, type VaultAssertion } from '../../lib/exports/assertion.ts'
import { openClientDesk } from '../../local/clientDesk.ts'
import type { Desk } from '../../local/desk.ts'

const ORIGIN = 'http://localhost:8400'

export interface LibraryDesk {
  readonly desk: Desk
  readonly redirectUri: string
  /** What the client asks for: a token for its own API, which it may read. */
  readonly scope: string
  readonly authority: string
  readonly tokenEndpoint: string
  readonly assertion: VaultAssertion
  /** Gets the vault's tokens from the desk's managed identity. */
  readonly credential: TokenCredential
  readonly signatures: () => number
  /** Grants of the token requests so far, in order. */
  readonly grants: () => readonly unknown[]
  /** The redirect that a browser would follow once Ada has signed in. */
  signIn(authorizationUrl: string): Promise<URL>
  /** The token is for the client itself, and says that it proved itself by an assertion. */
  expectCertificateClient(accessToken: string): void
}

/** Opens a desk for the tests of this file; closed at the end. */
export async function openLibraryDesk(): Promise<LibraryDesk> {
  const { desk, credential, close } = await openClientDesk(ORIGIN)
  afterAll(close)
  const { clientId, entra, vault } = desk
  const authority = `${entra.origin}/${entra.tenantId}`
  const certificate = vault.certificateName
  return {
    desk,
    credential,
    redirectUri: `${ORIGIN}/auth/callback`,
    scope: `api://${clientId}/access_as_user`,
    authority,
    tokenEndpoint: `${authority}/oauth2/v2.0/token`,
    assertion: createVaultAssertion({ vaultUrl: vault.url, certificate, clientId, credential }),
    signatures: () => vault.requests.filter(({ operation }) => operation === 'sign').length,
    grants: () => entra.log.filter(({ kind }) => kind === 'token').map(({ details }) => details.grantType),
    signIn: async (authorizationUrl) => new URL(await signInAs(entra, 'Ada', authorizationUrl)),
    expectCertificateClient(accessToken) {
      expect(decodeJwt(accessToken)).toMatchObject({ aud: clientId, azp: clientId, azpacr: '2' })
    },
  }
}
