import { randomUUID } from 'node:crypto'
import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, test } from 'vitest'
import { composeApp } from '../../lib/compose.ts'
import type { AppOnlyTokens } from '../../lib/entra/appOnlyTokens.ts'
import { APP_ROLE } from '../../local/appOnlyClient.ts'
import { faultOf } from '../support/faultOf.ts'
import { openJourney } from '../support/openJourney.ts'

const world = await openJourney({ isFrozen: true })
const { entra, vault, clientId, settings } = world.desk
const SCOPE = `api://${clientId}/.default`
const MINUTE_MS = 60_000

/** Client id, grant and outcome of every token request so far. */
const asked = () => entra.log.filter(({ kind }) => kind === 'token').map(({ details }) => details)
const signatures = () => vault.requests.filter(({ operation }) => operation === 'sign').length

function appOnly(): AppOnlyTokens {
  const { appOnly: tokens } = world.app()
  if (tokens === undefined) throw new Error('the desk configures no second client')
  return tokens
}

beforeEach(() => world.replaceInstance())

test('the second client gets a token of its own: its roles, its id, azpacr 2 and no person', async () => {
  const claims = decodeJwt(await appOnly().tokenFor(SCOPE))

  expect(claims).toMatchObject({
    aud: clientId,
    azp: settings.APP_ONLY_CLIENT_ID,
    azpacr: '2',
    idtyp: 'app',
    roles: [APP_ROLE],
  })
  expect(claims).not.toHaveProperty('scp')
  expect(vault.requests.filter(({ operation }) => operation === 'sign').at(-1)?.path).toContain(
    `/${settings.APP_ONLY_CERTIFICATE}/`,
  )
})

test('where people of several tenants sign in, the app itself acts in the one that is named', async () => {
  world.replaceInstance({
    ENTRA_TENANT_ID: 'organizations',
    ENTRA_ALLOWED_TENANTS: entra.tenantId,
    APP_ONLY_TENANT_ID: entra.tenantId,
  })
  expect(decodeJwt(await appOnly().tokenFor(SCOPE))).toMatchObject({ tid: entra.tenantId, idtyp: 'app' })
})

test('a hundred callers at once cost one token request and one signature', async () => {
  const before = { asked: asked().length, signatures: signatures() }

  const tokens = await Promise.all(Array.from({ length: 100 }, () => appOnly().tokenFor(SCOPE)))

  expect(new Set(tokens).size).toBe(1)
  expect(asked().slice(before.asked)).toMatchObject([{ grantType: 'client_credentials', outcome: 'issued' }])
  expect(signatures() - before.signatures).toBe(1)
})

test('a hundred callers share a refusal too, whoever comes soon after hears the same, and five seconds later Entra is asked anew', async () => {
  const before = asked().length
  entra.switches.token.refuse = 90055
  const fault = await faultOf(() => Promise.all(Array.from({ length: 100 }, () => appOnly().tokenFor(SCOPE))))
  expect([fault.code, asked().length - before]).toEqual(['entra/unavailable', 1])
  expect((await faultOf(() => appOnly().tokenFor(SCOPE))).code).toBe('entra/unavailable')
  expect(asked().length - before).toBe(1)

  entra.switches.reset()
  world.advance(5_000)
  await expect(appOnly().tokenFor(SCOPE)).resolves.toBeTypeOf('string')
})

test('each resource has a token of its own', async () => {
  const other = randomUUID()
  entra.registerApplication({ clientId: other, displayName: 'Stock', redirectUris: [] })
  const [own, theirs] = await Promise.all([
    appOnly().tokenFor(SCOPE),
    appOnly().tokenFor(`api://${other}/.default`),
  ])

  expect([decodeJwt(own).aud, decodeJwt(theirs).aud]).toEqual([clientId, other])
  expect(decodeJwt(theirs)).not.toHaveProperty('roles')
})

/** How often the token was asked for again in the background, once the clock had moved on. */
async function renewalsAfter(minutes: number): Promise<number> {
  const tokens = appOnly()
  const first = await tokens.tokenFor(SCOPE)
  const before = asked().length
  world.advance(minutes * MINUTE_MS)
  expect(await tokens.tokenFor(SCOPE)).toBe(first)
  // A request of its own that starts later: when it has its answer, an earlier one has arrived.
  await tokens.tokenFor('https://graph.microsoft.com/.default')
  return asked()
    .slice(before)
    .filter(({ scope }) => scope === SCOPE).length
}

describe('nobody waits for a renewal: it happens in the background', () => {
  test.each([
    ['an hour, not yet before its last ten minutes', 3_600, undefined, 49, 0],
    ['an hour, in its last ten minutes', 3_600, undefined, 51, 1],
    ['ten minutes, not yet before half of them', 600, undefined, 4, 0],
    ['ten minutes, after half of them', 600, undefined, 6, 1],
    ['a day with refresh_in of an hour, not yet before it', 86_400, 3_600, 59, 0],
    ['a day with refresh_in of an hour, after it', 86_400, 3_600, 61, 1],
    ['an hour with a refresh_in that says nothing', 3_600, 0, 30, 0],
  ] as const)('a token of %s', async (_title, lifetimeSec, refreshIn, minutes, expected) => {
    entra.switches.token.accessTokenLifetimeSeconds = lifetimeSec
    entra.switches.token.override = refreshIn === undefined ? {} : { refresh_in: refreshIn }

    expect(await renewalsAfter(minutes)).toBe(expected)
  })
})

test('once the renewal is through, callers get the new token', async () => {
  const tokens = appOnly()
  const first = await tokens.tokenFor(SCOPE)
  world.advance(55 * MINUTE_MS)
  await tokens.tokenFor(SCOPE)

  await expect.poll(() => tokens.tokenFor(SCOPE)).not.toBe(first)
})

test('while Entra is away the old token serves until a minute before it expires', async () => {
  entra.switches.token.accessTokenLifetimeSeconds = 3_600
  const tokens = appOnly()
  const first = await tokens.tokenFor(SCOPE)
  entra.switches.faults.token = { kind: 'drop' }

  world.advance(58 * MINUTE_MS)
  expect(await tokens.tokenFor(SCOPE)).toBe(first)
  world.advance(2 * MINUTE_MS)
  expect((await faultOf(() => tokens.tokenFor(SCOPE))).code).toBe('entra/unavailable')
})

describe('a token that its API refused', () => {
  test('is replaced by one request however many were refused, and served to everybody else until then', async () => {
    const tokens = appOnly()
    const first = await tokens.tokenFor(SCOPE)
    world.advance(MINUTE_MS)
    const before = asked().length
    const replaced = Promise.all(Array.from({ length: 40 }, () => tokens.replace(SCOPE, first)))
    expect(await tokens.tokenFor(SCOPE)).toBe(first)

    const [next = ''] = new Set(await replaced)
    expect(next).not.toBe(first)
    expect([await tokens.tokenFor(SCOPE), asked().length - before]).toEqual([next, 1])
    // Somebody whose call had been under way for longer.
    expect(await tokens.replace(SCOPE, first)).toBe(next)
  })

  test('is not replaced while it is younger than a minute: its successor would be refused too', async () => {
    const tokens = appOnly()
    const first = await tokens.tokenFor(SCOPE)
    world.advance(MINUTE_MS - 1)
    const before = asked().length
    for (let i = 0; i < 40; i += 1) expect(await tokens.replace(SCOPE, first)).toBeUndefined()
    expect([await tokens.tokenFor(SCOPE), asked().length - before]).toEqual([first, 0])
  })

  test('serves on where Entra gives no other, and Entra is asked once in a quarter of a minute', async () => {
    entra.switches.token.accessTokenLifetimeSeconds = 3_600
    const tokens = appOnly()
    const first = await tokens.tokenFor(SCOPE)
    entra.switches.faults.token = { kind: 'status', status: 503 }
    world.advance(MINUTE_MS)
    const before = asked().length
    for (let i = 0; i < 40; i += 1) {
      expect((await faultOf(() => tokens.replace(SCOPE, first))).code).toBe('entra/unavailable')
      expect(await tokens.tokenFor(SCOPE)).toBe(first)
    }
    expect(asked().length - before).toBe(1)

    entra.switches.reset()
    world.advance(15_000)
    expect(await tokens.replace(SCOPE, first)).not.toBe(first)
  })
})

test('a certificate that Entra no longer knows is refused as ours to put right', async () => {
  const appOnlyId = String(settings.APP_ONLY_CLIENT_ID)
  entra.registerApplication({ clientId: appOnlyId, displayName: 'emptied', redirectUris: [] })

  const fault = await faultOf(() => appOnly().tokenFor(SCOPE))
  expect([fault.code, fault.row.kind]).toEqual(['entra/client_rejected', 'setup'])
  expect(fault.context.detail).toContain('AADSTS700027')
})

describe('sign-in and app-only calls under one client are refused at start-up', () => {
  const start = (changed: Record<string, string>) => faultOf(() => composeApp({ ...settings, ...changed }))

  test('the same client id, with the reason', async () => {
    const fault = await start({ APP_ONLY_CLIENT_ID: clientId.toUpperCase() })
    expect(fault.code).toBe('config/invalid')
    expect(fault.message).toContain(
      'APP_ONLY_CLIENT_ID must not be ENTRA_CLIENT_ID: application and delegated permissions under one client let its credential alone open the app flow',
    )
  })

  test('the same certificate under two clients', async () => {
    const fault = await start({ APP_ONLY_CERTIFICATE: `${settings.SIGNING_CERTIFICATE}` })
    expect(fault.message).toContain('APP_ONLY_CERTIFICATE must not be SIGNING_CERTIFICATE')
  })
})
