import { ManagedIdentityCredential } from '@azure/identity'
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { openIdentity } from '../../local/identity/openIdentity.ts'
import { until } from './until.ts'

const federationIssuer = 'http://127.0.0.1:4000/tenant/v2.0'
const identity = await openIdentity({ federationIssuer })
Object.assign(process.env, identity.env)
const { clientId, principalId, tenantId } = identity
afterAll(() => identity.close())
afterEach(() => identity.faults.clear())

describe('the real credential', () => {
  it('gets a signed access token of this identity for the resource it named', async () => {
    const { token, expiresOnTimestamp } = await credential().getToken('https://vault.azure.net/.default')

    const { payload } = await jwtVerify(token, createLocalJWKSet(identity.jwks), {
      issuer: `https://sts.windows.net/${tenantId}/`,
      audience: 'https://vault.azure.net',
    })
    expect(payload).toMatchObject({
      appid: clientId,
      appidacr: '2',
      oid: principalId,
      sub: principalId,
      tid: tenantId,
    })
    // The credential counts from its own clock, in seconds.
    expect(Math.abs((payload.exp ?? 0) - expiresOnTimestamp / 1000)).toBeLessThanOrEqual(2)
    expect(identity.requests.at(-1)).toMatchObject({
      operation: 'token',
      detail: 'https://vault.azure.net',
      status: 200,
    })
  })

  it('gets a federation token from the v2 issuer, with the principal as its subject and without a jti', async () => {
    const { token } = await credential().getToken('api://AzureADTokenExchange/.default')

    const { payload } = await jwtVerify(token, createLocalJWKSet(identity.jwks), {
      issuer: federationIssuer,
      audience: 'api://AzureADTokenExchange',
      subject: principalId,
    })
    expect(payload).toMatchObject({ oid: principalId, tid: tenantId, ver: '2.0' })
    expect(payload).not.toHaveProperty('jti')
  })

  it('is refused for an identity that is not assigned', async () => {
    const stranger = new ManagedIdentityCredential({ clientId: '11111111-2222-3333-4444-555555555555' })

    await expect(stranger.getToken('https://vault.azure.net/.default')).rejects.toThrow(
      'ManagedIdentityCredential',
    )
    expect(identity.requests.at(-1)).toMatchObject({ status: 400 })
  })

  it('tries again after a broken answer', async () => {
    identity.faults.next(1, { kind: 'broken' })
    const before = identity.requests.length

    await credential().getToken('https://one.example/.default')

    expect(identity.requests.slice(before)).toMatchObject([{ status: 500, fault: 'broken' }, { status: 200 }])
  })

  it('waits for an endpoint that stalls', async () => {
    identity.faults.next(1, { kind: 'stall' })
    const before = identity.requests.length

    const token = credential().getToken('https://two.example/.default')
    await until(() => identity.requests.length > before)

    expect(identity.requests.at(-1)).toMatchObject({ status: 0, fault: 'stall' })
    identity.faults.clear()
    await expect(token).resolves.toMatchObject({ token: expect.any(String) })
  })
})

describe('a request by hand', () => {
  const resource = 'https://vault.azure.net'

  it('has the answer of App Service', async () => {
    const answer = await ask({ resource, client_id: clientId })

    expect(answer).toEqual({
      status: 200,
      body: {
        access_token: expect.stringMatching(/^eyJ/),
        client_id: clientId,
        expires_on: String(decodeJwt(answer.body.access_token).exp),
        resource,
        token_type: 'Bearer',
      },
    })
  })

  it('may name the identity by its principal', async () => {
    expect(await ask({ resource, principal_id: principalId })).toMatchObject({ status: 200 })
  })

  it.each([
    ['without the header', { resource, client_id: clientId }, {}, 401],
    ['with a wrong header', { resource, client_id: clientId }, { 'x-identity-header': 'guess' }, 401],
    ['for an unknown client', { resource, client_id: principalId }, identityHeader(), 400],
    ['for no client', { resource }, identityHeader(), 400],
    ['for no resource', { client_id: clientId }, identityHeader(), 400],
  ])('%s gets no token', async (_what, query, headers, status) => {
    const answer = await ask(query, headers)

    expect(answer).toEqual({
      status,
      body: { statusCode: status, message: expect.any(String), correlationId: expect.any(String) },
    })
  })

  it('meets a throttle with Retry-After', async () => {
    identity.faults.next(1, { kind: 'throttle', retryAfterSec: 3 })

    const answer = await fetch(address({ resource, client_id: clientId }), { headers: identityHeader() })

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '3'])
  })
})

describe('verifying', () => {
  it('tells its own tokens from those of another endpoint', async () => {
    const other = await openIdentity({ clientId, principalId, tenantId })
    const forged = await other.issue('https://vault.azure.net')
    await other.close()
    const own = await identity.issue('https://vault.azure.net')

    expect(await identity.verify(own, 'https://vault.azure.net')).toEqual(decodeJwt(own))
    expect(await identity.verify(forged, 'https://vault.azure.net')).toBeUndefined()
    expect(await identity.verify(own, 'https://storage.azure.com')).toBeUndefined()
    expect(await identity.verify('not.a.jwt')).toBeUndefined()
  })

  it('ends with the life of the token', async () => {
    let moment = Date.now()
    const shortLived = await openIdentity({ now: () => moment, tokenLifetimeSec: 60 })
    const issued = await shortLived.issue('https://vault.azure.net')
    await shortLived.close()

    moment += 59_000
    expect(await shortLived.verify(issued)).toBeDefined()
    moment += 2_000
    expect(await shortLived.verify(issued)).toBeUndefined()
  })
})

function credential(): ManagedIdentityCredential {
  return new ManagedIdentityCredential({ clientId })
}

function identityHeader(): Record<string, string> {
  return { 'x-identity-header': identity.env.IDENTITY_HEADER }
}

function address(query: Record<string, string>): string {
  return `${identity.env.IDENTITY_ENDPOINT}?${new URLSearchParams({ 'api-version': '2019-08-01', ...query })}`
}

async function ask(query: Record<string, string>, headers: Record<string, string> = identityHeader()) {
  const answer = await fetch(address(query), { headers })
  return { status: answer.status, body: await answer.json() }
}
