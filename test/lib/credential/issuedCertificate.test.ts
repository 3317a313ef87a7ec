/** A certificate that an authority issued proves the client like any other: by itself, within its own dates, and without its chain. */

import { ManagedIdentityCredential } from '@azure/identity'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, expect, it } from 'vitest'
import { realEffects } from '../../../lib/base/realEffects.ts'
import { createCertificateCredential } from '../../../lib/credential/certificateCredential.ts'
import { openEntra } from '../../../local/entra/openEntra.ts'
import { createIssuer } from '../../../local/pki.ts'
import { openDeskVault } from '../../local/openDeskVault.ts'
import { outcomeOf } from '../../support/faultOf.ts'

const TENANT = 'b7c1f0de-4c55-4a7b-9d6e-0f2a4b6c8d10'
const CLIENT = '3f6c2b1a-7d8e-4f90-a1b2-c3d4e5f60718'

const entra = await openEntra({ tenantId: TENANT, now: Date.now })
afterAll(() => entra.close())
const tokenEndpoint = `${entra.origin}/${TENANT}/oauth2/v2.0/token`

async function open(validityDays: number) {
  const { vault, identity } = await openDeskVault()
  vault.issuers.set('contoso-ca', createIssuer(Date.now()))
  const series = await vault.addCertificate('issued', { issuer: 'contoso-ca', validityDays }, 30)
  const [certificate] = series.versions()
  entra.registerApplication({
    clientId: CLIENT,
    displayName: 'Signet',
    redirectUris: [],
    certificates: series.versions().map(({ der }) => der),
  })
  const credential = createCertificateCredential({
    clientId: CLIENT,
    vault: { url: vault.url, certificate: 'issued' },
    identity: new ManagedIdentityCredential({ clientId: identity.clientId }),
    effects: { ...realEffects, log: () => undefined },
  })
  return { credential, certificate }
}

it('signs an assertion that names the certificate alone, and Entra takes it', async () => {
  const { credential, certificate } = await open(90)

  const { jws } = await credential.assertionFor(tokenEndpoint)

  expect(certificate?.chain).toHaveLength(2)
  expect(decodeProtectedHeader(jws)).toEqual({ alg: 'PS256', typ: 'JWT', 'x5t#S256': certificate?.x5tS256 })
  const answer = await fetch(tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: `${CLIENT}/.default`,
      client_id: CLIENT,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: jws,
    }),
  })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  expect(decodeJwt(token)).toMatchObject({ azpacr: '2' })
})

it('does not sign once it has expired, however long the authority lasts', async () => {
  const { credential } = await open(29)

  expect(await outcomeOf(() => credential.assertionFor(tokenEndpoint))).toBe('vault/key_unusable')
})
