import { constants, verify, X509Certificate } from 'node:crypto'
import { ManagedIdentityCredential } from '@azure/identity'
import { expect, test } from 'vitest'
import { realEffects } from '../../lib/base/realEffects.ts'
import { createRemoteSign } from '../../lib/vault/sign.ts'
import { openJourney } from '../support/openJourney.ts'

const world = await openJourney()

test('two signatures asked for while a key is used for the first time are both whole', async () => {
  const { vault, identity } = world.desk
  const sign = createRemoteSign(new ManagedIdentityCredential({ clientId: identity.clientId }), realEffects)
  const { kid, der } = vault.certificate()
  const { publicKey } = new X509Certificate(der)
  const before = vault.requests.length
  // The SDK sends its first request without a body, to be told how to authenticate; the second one would catch it half-way.
  vault.faults.next(1, { kind: 'slow', ms: 200 }, 'challenge')
  const inputs = ['first', 'second'].map((text) => new TextEncoder().encode(text))
  const signatures = await Promise.all(inputs.map((input) => sign(kid, input)))
  for (const [i, input] of inputs.entries()) {
    const key = { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
    expect(verify('sha256', input, key, signatures[i] ?? new Uint8Array())).toBe(true)
  }
  const made = vault.requests.slice(before).map(({ operation, status }) => [operation, status])
  expect(made).toEqual([
    ['challenge', 401],
    ['sign', 200],
    ['sign', 200],
  ])
})
