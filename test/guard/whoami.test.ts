import { randomUUID } from 'node:crypto'
import type { HttpRequest, HttpResponse, InvocationContext } from '@azure/functions'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { composeApp } from '../../lib/compose.ts'
import { serve } from '../../lib/http/boundary.ts'
import { whoami } from '../../lib/http/routes/whoami.ts'
import { type EntraLookAlike, openEntra } from '../../local/entra/openEntra.ts'
import type { MintedAccessToken } from '../../local/entra/token/mintAccessToken.ts'

const NOW_MS = Date.UTC(2026, 0, 15, 12)
const clientId = randomUUID()
const registration = { clientId, displayName: 'Signet', redirectUris: [], appRoles: ['Reports.Read'] }
const logged: Readonly<Record<string, unknown>>[] = []
let entra: EntraLookAlike
let ask: (headers: Record<string, string>, method?: string) => Promise<Answer>

interface Answer {
  readonly status: number | undefined
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

beforeAll(async () => {
  entra = await openEntra({ tenantId: randomUUID(), now: () => NOW_MS })
  entra.registerApplication(registration)
  const app = composeApp(
    {
      ENTRA_TENANT_ID: entra.tenantId,
      ENTRA_CLIENT_ID: clientId,
      ENTRA_AUTHORITY_HOST: entra.origin,
      PUBLIC_URL: 'https://app.example',
      KEY_VAULT_URL: 'https://vault.example',
      SESSION_TABLES_URL: 'https://tables.example',
    },
    { now: () => NOW_MS, log: (_, event, facts = {}) => void logged.push({ event, ...facts }) },
  )
  const handler = serve(() => app, { name: 'whoami', methods: ['GET', 'HEAD'], handle: whoami })
  ask = async (headers, method = 'GET') => {
    const request = new Request('https://app.example/protected/whoami', { method, headers })
    const reply = await handler(request as unknown as HttpRequest, {} as InvocationContext)
    const response = reply as HttpResponse
    const text = Buffer.from(await response.arrayBuffer()).toString()
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
  }
})
afterAll(() => entra.close())

async function bearer(token: Partial<MintedAccessToken> = {}): Promise<{ authorization: string }> {
  const person = entra.people[0]?.oid ?? ''
  return {
    authorization: `Bearer ${await entra.mintAccessToken({ resource: clientId, person, ...token })}`,
  }
}

describe('GET /protected/whoami', () => {
  it('tells a caller with a certificate what the guard learned', async () => {
    const { status, body } = await ask(await bearer())

    expect(status).toBe(200)
    expect(body).toEqual({
      caller: 'user',
      tenantId: entra.tenantId,
      objectId: entra.people[0]?.oid,
      clientId,
      scopes: ['access_as_user'],
      roles: [],
      tokenVersion: '2.0',
      clientProof: { claim: 'azpacr', value: '2' },
      tokenExpiresAt: new Date(NOW_MS + 3_599_000).toISOString(),
    })
  })

  it('takes the version 1 form of the same token too', async () => {
    entra.registerApplication({ ...registration, requestedAccessTokenVersion: 1 })
    onTestFinished(() => entra.registerApplication(registration))

    const { body } = await ask(await bearer({ resource: `api://${clientId}` }))

    expect(body).toMatchObject({ tokenVersion: '1.0', clientProof: { claim: 'appidacr', value: '2' } })
  })

  it.each<[string, Partial<MintedAccessToken>, number, string]>([
    ['a client with a secret', { proof: 'secret' }, 403, 'secret_client'],
    ['a public client', { proof: 'none' }, 403, 'public_client'],
    ['another scope', { scopes: ['Other'] }, 403, 'missing_scope'],
    ['a tenant of its own', { override: { tid: randomUUID() } }, 401, 'wrong_tenant'],
  ])('refuses %s, with the security headers of every reply and its reason in the log', async (...row) => {
    const [, token, status, reason] = row
    const answer = await ask(await bearer(token))

    expect(answer).toMatchObject({ status, body: { reason } })
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(logged.at(-1)).toMatchObject({ event: 'request', route: 'whoami', outcome: `guard/${reason}` })
  })

  it("refuses an application's own token: a user is needed", async () => {
    const token = await entra.mintAccessToken({ resource: clientId, roles: ['Reports.Read'] })
    const answer = await ask({ authorization: `Bearer ${token}` })
    expect(answer).toMatchObject({ status: 403, body: { reason: 'user_required' } })
    expect(answer.headers.get('www-authenticate')).toContain('scope="access_as_user"')
  })

  it('a session cookie opens nothing here', async () => {
    const cookie = '__Host-signet=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
    expect(await ask({ cookie })).toMatchObject({ status: 401, body: { reason: 'no_token' } })
  })

  it('HEAD is judged as GET is, and answered without the body', async () => {
    expect(await ask(await bearer(), 'HEAD')).toMatchObject({ status: 200, body: {} })
    const refused = await ask(await bearer({ proof: 'secret' }), 'HEAD')
    expect([refused.status, refused.body]).toEqual([403, {}])
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer realm="/)
  })

  it('another method is refused before the guard is asked', async () => {
    expect((await ask(await bearer(), 'POST')).status).toBe(405)
  })
})
