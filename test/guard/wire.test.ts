import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGuard, type Guard } from '../../lib/guard/guard.ts'
import { type EntraLookAlike, openEntra } from '../../local/entra/openEntra.ts'
import type { MintedAccessToken } from '../../local/entra/token/mintAccessToken.ts'

const [apiV1, apiV2, client] = [randomUUID(), randomUUID(), randomUUID()]
const clock = { nowMs: Date.UTC(2026, 0, 15, 12) }
let entra: EntraLookAlike
let guard: Guard
let person: string

beforeAll(async () => {
  entra = await openEntra({ tenantId: randomUUID(), now: () => clock.nowMs })
  person = entra.people[0]?.oid ?? ''
  const shared = { redirectUris: [], appRoles: ['Reports.Read'] }
  entra.registerApplication({
    ...shared,
    clientId: apiV1,
    displayName: 'API v1',
    requestedAccessTokenVersion: 1,
  })
  entra.registerApplication({ ...shared, clientId: apiV2, displayName: 'API v2' })
  entra.registerApplication({ ...shared, clientId: client, displayName: 'Client' })
  guard = createGuard({
    authorityHost: entra.origin,
    tenants: [entra.tenantId],
    audiences: [apiV2, `api://${apiV1}`],
    clients: [client],
    scopes: ['access_as_user'],
    roles: ['Reports.Read'],
    now: () => clock.nowMs,
  })
})
afterAll(() => entra.close())

async function says(token: Partial<MintedAccessToken>): Promise<string> {
  const minted = await entra.mintAccessToken({ resource: apiV2, client, ...token })
  const decision = await guard.judge(`Bearer ${minted}`)
  return decision.kind === 'accepted'
    ? `${decision.caller.kind} ${decision.caller.tokenVersion}`
    : decision.reason
}

describe('tokens of the look-alike, keys over the wire', () => {
  it.each([
    ['certificate', 'user 2.0', 'user 1.0'],
    ['secret', 'secret_client', 'secret_client'],
    ['none', 'public_client', 'public_client'],
    // The claim says 2 for a federated credential too: only the list of clients could tell.
    ['federated', 'user 2.0', 'user 1.0'],
  ] as const)('a client with proof %s: %s', async (proof, v2, v1) => {
    expect(await says({ person, proof })).toBe(v2)
    expect(await says({ person, proof, resource: `api://${apiV1}` })).toBe(v1)
  })

  it("an application's own token needs a role", async () => {
    expect(await says({ roles: ['Reports.Read'] })).toBe('app 2.0')
    expect(await says({ roles: ['Reports.Read'], resource: `api://${apiV1}` })).toBe('app 1.0')
    expect(await says({})).toBe('missing_role')
    expect(await says({ roles: ['Reports.Read'], override: { idtyp: undefined } })).toBe('app 2.0')
  })

  it('a token for another API, client, tenant or time is refused', async () => {
    expect(await says({ person, resource: client })).toBe('wrong_audience')
    expect(await says({ person, client: apiV1 })).toBe('foreign_client')
    expect(await says({ person, override: { tid: randomUUID() } })).toBe('wrong_tenant')
    expect(await says({ person, override: { exp: clock.nowMs / 1_000 - 61 } })).toBe('expired')
  })

  it('a key that is not published, or published for another issuer, signs nothing here', async () => {
    expect(await says({ person, key: 'foreign' })).toBe('foreign_key')
    expect(await says({ person, key: 'unpublished' })).toBe('unknown_key')
  })

  it('a key that claims mapping gave the API is found by its client id, where the audiences name one', async () => {
    entra.switches.keys.ofApplications = true
    const shared = {
      authorityHost: entra.origin,
      tenants: [entra.tenantId],
      clients: [client],
      now: () => clock.nowMs,
    }
    const own = createGuard({ ...shared, audiences: [apiV2, `api://${apiV2}`], scopes: ['access_as_user'] })
    const ofTwo = createGuard({ ...shared, audiences: [apiV2, apiV1], scopes: ['access_as_user'] })
    const bearer = `Bearer ${await entra.mintAccessToken({ resource: apiV2, client, person })}`
    entra.switches.keys.ofApplications = false
    const ofTenant = `Bearer ${await entra.mintAccessToken({ resource: apiV2, client, person })}`

    expect(await ofTwo.judge(bearer)).toMatchObject({ reason: 'unknown_key' })
    expect(await ofTwo.judge(ofTenant)).toMatchObject({ kind: 'accepted' })
    entra.switches.keys.ofApplications = true
    expect(await own.judge(bearer)).toMatchObject({ kind: 'accepted' })
    entra.switches.keys.ofApplications = false
  })

  it('after a rollover the new key is found at once', async () => {
    clock.nowMs += 6 * 60_000
    await entra.rotateSigningKey({ withdraw: true })
    expect(await says({ person })).toBe('user 2.0')
  })

  it('the ID token of a sign-in is no access token', async () => {
    const idToken = { azp: undefined, azpacr: undefined, scp: undefined, nonce: 'n', aud: apiV2 }
    expect(await says({ person, override: idToken })).toBe('not_an_access_token')
  })

  it('while Entra is away, held keys go on working, and a guard without keys answers 503', async () => {
    const token = await entra.mintAccessToken({ resource: apiV2, client, person })
    const cold = createGuard({
      authorityHost: entra.origin,
      tenants: [entra.tenantId],
      audiences: [apiV2],
      clients: [client],
      scopes: ['access_as_user'],
      now: () => clock.nowMs,
    })
    entra.switches.faults.keys = { kind: 'drop' }
    entra.switches.faults.metadata = { kind: 'drop' }
    expect(await guard.judge(`Bearer ${token}`)).toMatchObject({ kind: 'accepted' })
    expect(await cold.judge(`Bearer ${token}`)).toMatchObject({ status: 503, reason: 'keys_unavailable' })
    entra.switches.reset()
  })
})
