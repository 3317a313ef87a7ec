import type { TokenEndpointResponse } from 'oauth4webapi'
import { beforeAll, describe, expect, it } from 'vitest'
import { nonceHashOf } from '../../../lib/entra/idToken.ts'
import { createProviderKeys } from '../../../lib/entra/providerKeys.ts'
import { createRefreshGrant } from '../../../lib/entra/refreshGrant.ts'
import { configOf, OTHER_TENANT, type Settings, TENANT } from '../../support/configOf.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'
import { heldProvider } from '../../support/heldProvider.ts'
import { CLAIMS, newSigner, type Signer } from '../../support/idTokens.ts'

const MINUTE_MS = 60_000
const SCOPE = 'api://orders/read'
const { tid, oid, sub } = CLAIMS
const identity = { tid, oid, sub }

let key: Signer
beforeAll(async () => {
  key = await newSigner()
})

/** What a refresh comes to where the token endpoint answers so, and what it was asked. */
function world(
  answer: Partial<TokenEndpointResponse> & { readonly refresh_in?: number } = {},
  scope = SCOPE,
  settings: Settings = {},
  nonceHash: string | null = nonceHashOf(CLAIMS.nonce),
) {
  const config = configOf(settings)
  const effects = heldEffects()
  const provider = heldProvider(config.entra)
  provider.keys = [{ ...key.publicJwk, kid: 'k1' }]
  const keys = createProviderKeys(config.entra, { ...effects, fetch: provider.fetch })
  const asked: (readonly [type: string, parameters: Record<string, string>])[] = []
  const refresh = createRefreshGrant({
    config,
    keys,
    effects,
    endpoint: {
      grant: async (type, parameters) => {
        asked.push([type, parameters])
        return { access_token: 'access', token_type: 'bearer', expires_in: 3_600, ...answer }
      },
    },
  })
  return {
    asked,
    refresh: () => refresh({ refreshToken: 'first', scope, identity, nonceHash: nonceHash ?? undefined }),
  }
}

describe('a refresh', () => {
  it('asks for one API, and brings its token and the successor of the refresh token', async () => {
    const { asked, refresh } = world({ refresh_token: 'second' })

    expect(await refresh()).toEqual({
      held: {
        token: 'access',
        obtainedAtMs: START_MS,
        expiresAtMs: START_MS + 60 * MINUTE_MS,
        renewAtMs: START_MS + 55 * MINUTE_MS,
      },
      successor: 'second',
    })
    expect(asked).toMatchObject([
      ['refresh_token', { refresh_token: 'first', scope: `${SCOPE} openid profile` }],
    ])
  })

  it('about the person alone asks for no API', async () => {
    const { asked, refresh } = world({}, '')
    await refresh()

    expect(asked).toMatchObject([['refresh_token', { scope: 'openid profile' }]])
  })

  it('keeps the refresh token where there is no successor', async () => {
    expect(await world().refresh()).not.toHaveProperty('successor')
  })

  it.each([
    [{ expires_in: 3_600, refresh_in: 600 }, 10],
    [{ expires_in: 600 }, 5],
    [{ expires_in: 240 }, 2],
  ])('with %o is repeated after %i minutes', async (answer, minutes) => {
    expect((await world(answer).refresh()).held.renewAtMs).toBe(START_MS + minutes * MINUTE_MS)
  })
})

describe('an ID token that comes along (OpenID Connect Core 12.2)', () => {
  it('is verified, and may leave out the nonce', async () => {
    const { nonce: _none, ...claims } = CLAIMS
    const idToken = key.sign(Buffer.from(JSON.stringify(claims)))

    expect((await world({ id_token: idToken }).refresh()).held.token).toBe('access')
  })

  it('may hold the nonce of the sign-in, as those of Entra do', async () => {
    expect((await world({ id_token: key.idToken() }).refresh()).identity).toMatchObject(identity)
  })

  it('is taken as it is for a session of a build that kept nothing of the nonce', async () => {
    const answer = { id_token: key.idToken({ nonce: 'whichever' }) }
    const { refresh } = world(answer, SCOPE, {}, null)

    expect((await refresh()).identity).toMatchObject(identity)
  })

  it('says what the person is called, and what they may do, now', async () => {
    const now = { name: 'Alice Other', roles: ['Auditor'] }

    expect((await world({ id_token: key.idToken(now) }).refresh()).identity).toMatchObject({
      ...identity,
      ...now,
    })
    expect(await world().refresh()).not.toHaveProperty('identity')
  })

  it.each<[what: string, members: object, detail: string]>([
    ['another subject', { sub: 'somebody-else' }, 'refreshed for somebody else'],
    ['another object id', { oid: '0b1ec700-0000-4000-8000-00000000000b' }, 'refreshed for somebody else'],
    ['another tenant', { tid: OTHER_TENANT }, 'tid'],
    ['another issuer', { iss: 'https://issuer.invalid/v2.0' }, 'iss'],
    ['another audience', { aud: 'somebody-else' }, 'aud'],
    ['another sign-in, by its nonce', { nonce: 'of-another-sign-in' }, 'nonce'],
    ['none, by an empty nonce', { nonce: '' }, 'nonce'],
    ['none, by a nonce of no kind', { nonce: null }, 'nonce'],
    ['none, by a list of nonces', { nonce: [CLAIMS.nonce] }, 'nonce'],
  ])('for %s makes the answer worthless: no token of it is used', async (_what, members, detail) => {
    const { code, context } = await faultOf(() => world({ id_token: key.idToken(members) }).refresh())

    expect([code, context.detail]).toEqual(['entra/id_token_rejected', detail])
  })

  it('for the same ids in another tenant makes it worthless, though people of both may sign in', async () => {
    const settings = {
      ENTRA_TENANT_ID: 'organizations',
      ENTRA_ALLOWED_TENANTS: `${TENANT},${OTHER_TENANT}`,
    }
    const ofTenant = (tenant: string) =>
      key.idToken({ tid: tenant, iss: `https://login.microsoftonline.com/${tenant}/v2.0` })
    const refreshOf = (tenant: string) => world({ id_token: ofTenant(tenant) }, SCOPE, settings).refresh()

    expect((await refreshOf(TENANT)).identity?.tid).toBe(TENANT)
    expect((await faultOf(() => refreshOf(OTHER_TENANT))).context.detail).toBe('refreshed for somebody else')
  })

  it('with a signature that does not hold makes it worthless, too', async () => {
    const [header, payload] = key.idToken().split('.')
    const { code } = await faultOf(() => world({ id_token: `${header}.${payload}.c2ln` }).refresh())

    expect(code).toBe('entra/id_token_rejected')
  })
})
