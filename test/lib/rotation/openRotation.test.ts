import { expect, test, vi } from 'vitest'
import { openRotation } from '../../../lib/rotation/openRotation.ts'
import { CLIENT } from '../../support/configOf.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'

// A vault whose answer names a key that is not its own.
vi.mock('@azure/keyvault-certificates', () => ({
  CertificateClient: class {
    async getCertificateVersion(_name: string, version: string) {
      return {
        keyId: `https://evil.vault.azure.net/keys/signing/${version}`,
        cer: new Uint8Array(3),
        properties: { version, enabled: true },
      }
    }
  },
}))

test('an exchange takes the token of the vault to no other: a version whose key is said to be elsewhere is refused', async () => {
  const { ports } = openRotation({
    clientId: CLIENT,
    entra: { issuerTemplate: 'https://login.example/', token: 'https://login.example/token' },
    graphOrigin: 'https://graph.example',
    vault: { url: 'https://contoso.vault.azure.net', certificate: 'signing' },
    mayCreate: false,
    table: { insert: async () => true, read: async () => undefined, replace: async () => undefined },
    identity: { getToken: async () => null },
    isPatient: false,
    effects: heldEffects(),
  })

  expect((await faultOf(() => ports.vault.held('v1'))).code).toBe('vault/misaddressed')
})
