/**
 * Every request that the app sends, over all that it does: where it goes, by which grant, and what its address gives away. One list, so
 * that whoever closes the network around the app knows what has to stay open.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld } from '../support/openWorld.ts'
import { readiness } from '../support/readiness.ts'
import { newVisitor } from '../support/visitor.ts'

interface Sent {
  readonly url: string
  readonly body: string
  readonly headers: Headers
}

const sent: Sent[] = []
const API = 'https://orders.example'
const world = await openWorld({
  effects: {
    async fetch(input, init) {
      const body = init?.body instanceof Uint8Array ? '' : String(init?.body ?? '')
      sent.push({ url: String(input), body, headers: new Headers(init?.headers) })
      return String(input).startsWith(API) ? Response.json({ orders: [] }) : fetch(input, init)
    },
  },
})
afterAll(() => world.close())
const { entra, vault, tables, identity, clientId, registration } = world.desk
const orders = { url: API, as: 'app', scope: `api://${clientId}/.default`, methods: ['GET'] }
const mine = { url: API, as: 'user', scope: `api://${clientId}/access_as_user` }

const BY_SCRIPT = {
  accept: 'application/json',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  'sec-fetch-site': 'same-origin',
  'x-csrf': '1',
}

beforeAll(async () => {
  world.replaceInstance({ DOWNSTREAM_APIS: JSON.stringify({ orders, mine }) })
  entra.registerApplication({ ...registration, delegatedPermissions: [mine.scope] })
  const visitor = newVisitor(world.origin)
  const ask = (path: string) => visitor.ask(`${world.origin}${path}`, { headers: BY_SCRIPT })
  expect((await visitor.signIn('/auth/login?returnTo=%2Forders')).status).toBe(303)
  expect((await ask('/auth/session')).status).toBe(200)
  expect((await ask('/api/orders/7?q=a')).status).toBe(200)
  expect((await ask('/api/mine/7')).status).toBe(200)
  expect((await readiness(world)).status).toBe(200)
  expect(
    (await visitor.ask(`${world.origin}/auth/logout`, { method: 'POST', from: world.origin })).status,
  ).toBe(303)
})

describe('every request that the app sends', () => {
  test('goes to a host of the settings, and docs/deploy.md lists which hosts these are (ASVS 13.2.4, 13.2.5)', () => {
    const origins = new Set(sent.map(({ url }) => new URL(url).origin))

    expect([...origins].toSorted()).toEqual([entra.origin, API].toSorted())
    // The SDKs reach the other three by themselves.
    for (const { requests } of [vault, tables, identity]) expect(requests.length).toBeGreaterThan(0)
    const [, section = ''] = readFileSync('docs/deploy.md', 'utf8').split('\n## Where the app connects to\n')
    const hosts = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)`/gm)].map(([, host]) => host)
    expect(hosts).toEqual([
      'ENTRA_AUTHORITY_HOST',
      'KEY_VAULT_URL',
      'SESSION_TABLES_URL',
      'IDENTITY_ENDPOINT',
      'DOWNSTREAM_APIS',
      'FRONT_END_URL',
    ])
  })

  test('has no code, token, verifier, assertion or cookie in its address (RFC 9700 4.3.2)', () => {
    const addresses = [
      ...sent.map(({ url }) => decodeURIComponent(url)),
      ...[vault, tables, identity].flatMap(({ requests }) => requests.map(({ path }) => path)),
    ]

    expect(world.secrets.size).toBeGreaterThan(6)
    for (const address of addresses)
      for (const secret of world.secrets)
        expect(address.includes(secret), `a secret in ${address}`).toBe(false)
  })

  test('for a token uses one of these grants, and never a password (RFC 9700 2.4)', () => {
    const grants = sent
      .filter(({ url }) => url.endsWith('/token'))
      .map(({ body }) => new URLSearchParams(body))

    expect(new Set(grants.map((body) => body.get('grant_type')))).toEqual(
      new Set(['authorization_code', 'client_credentials', 'refresh_token']),
    )
    for (const body of grants) {
      expect(body.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
      expect(body.getAll('client_assertion')).toHaveLength(1)
      for (const name of ['password', 'username', 'client_secret']) expect(body.has(name), name).toBe(false)
    }
  })

  test('shows a token in the Authorization header only, and to the API it is for only (FAPI 5.3.3.1)', () => {
    const authorized = sent.filter(({ headers }) => headers.has('authorization'))

    expect(authorized.map(({ url }) => new URL(url).origin)).toEqual([API, API])
    for (const { headers } of authorized) expect(headers.get('authorization')).toMatch(/^Bearer \S+$/)
  })
})
