import { describe, expect, it } from 'vitest'
import { createManagedIdentityCredential } from '../../../lib/credential/managedIdentityCredential.ts'
import { shareIdentity } from '../../../lib/credential/sharedIdentity.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'

const ENDPOINT = 'https://login.example/tenant/oauth2/v2.0/token'
const token = { token: 'header.claims.signature', expiresOnTimestamp: START_MS + 3_600_000 }

function world(answer: () => Promise<typeof token | null>) {
  const effects = heldEffects()
  const asked: (string | string[])[] = []
  const identity = shareIdentity({
    effects,
    hasOneTenant: true,
    identity: {
      getToken: (scopes) => {
        asked.push(scopes)
        return answer()
      },
    },
  })
  const credential = createManagedIdentityCredential({ identity, audience: 'api://AzureADTokenExchange' })
  return { effects, asked, credential }
}

describe('the managed identity as a client credential', () => {
  it("presents the identity's own token for the exchange audience, asked for once, and shows nothing of it", async () => {
    const { credential, asked } = world(async () => token)

    expect(await credential.assertionFor(ENDPOINT)).toEqual({
      jws: 'header.claims.signature',
      proof: { method: 'managed-identity' },
    })
    await credential.assertionFor(ENDPOINT)
    expect(asked).toEqual([['api://AzureADTokenExchange/.default']])
  })

  it.each([
    ['the identity fails', () => Promise.reject(new Error('no endpoint at 169.254.169.254'))],
    ['there is no token', () => Promise.resolve(null)],
  ])('is unavailable where %s', async (_name, answer) => {
    const { credential } = world(answer)
    const fault = await faultOf(() => credential.assertionFor(ENDPOINT))

    expect(fault.code).toBe('identity/unavailable')
    expect(fault.message).not.toContain('169.254')
    expect((await faultOf(() => credential.check(ENDPOINT))).code).toBe('identity/unavailable')
  })

  it('warms up without ever throwing', async () => {
    const { credential, effects } = world(() => Promise.reject(new Error('no endpoint')))

    credential.warm(ENDPOINT)
    await new Promise((resolve) => setImmediate(resolve))

    expect(effects.logs).toMatchObject([{ level: 'warn', event: 'identity.renewal_failed' }])
  })

  it('has no alternative to a token that was refused: there is one identity', async () => {
    const { credential } = world(async () => token)
    const refused = await credential.assertionFor(ENDPOINT)

    expect(await credential.alternativeTo(refused, ENDPOINT)).toBeUndefined()
  })
})
