import { describe, expect, it } from 'vitest'
import { createManagedIdentityCredential } from '../../../lib/credential/managedIdentityCredential.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const ENDPOINT = 'https://login.example/tenant/oauth2/v2.0/token'

function world(answer: () => Promise<{ token: string; expiresOnTimestamp: number } | null>) {
  const effects = heldEffects()
  const asked: (string | string[])[] = []
  const credential = createManagedIdentityCredential({
    identity: {
      getToken: (scopes) => {
        asked.push(scopes)
        return answer()
      },
    },
    audience: 'api://AzureADTokenExchange',
    effects,
  })
  return { effects, asked, credential }
}

describe('the managed identity as a client credential', () => {
  it("presents the identity's own token for the exchange audience, and shows nothing of it", async () => {
    const { credential, asked } = world(async () => ({
      token: 'header.claims.signature',
      expiresOnTimestamp: 0,
    }))

    expect(await credential.assertionFor(ENDPOINT)).toEqual({
      jws: 'header.claims.signature',
      proof: { method: 'managed-identity' },
    })
    expect(asked).toEqual(['api://AzureADTokenExchange/.default'])
  })

  it.each([
    ['the identity fails', () => Promise.reject(new Error('no endpoint at 169.254.169.254'))],
    ['there is no token', () => Promise.resolve(null)],
  ])('is unavailable where %s', async (_name, answer) => {
    const fault = await faultOf(() => world(answer).credential.assertionFor(ENDPOINT))

    expect(fault.code).toBe('identity/unavailable')
    expect(fault.message).not.toContain('169.254')
  })

  it('warms up without ever throwing', async () => {
    const { credential, effects } = world(() => Promise.reject(new Error('no endpoint')))

    credential.warm(ENDPOINT)
    await new Promise((resolve) => setImmediate(resolve))

    expect(effects.logs).toMatchObject([{ level: 'warn', event: 'credential.renewal_failed' }])
  })

  it('has nothing to discard: the SDK keeps the token', () => {
    expect(world(async () => null).credential.discard()).toBeUndefined()
  })
})
