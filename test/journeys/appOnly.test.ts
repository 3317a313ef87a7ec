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

test('a hundred callers share a refusal too, and the next caller asks anew', async () => {
  const before = asked().length
  entra.switches.token.refuse = 90055
  const fault = await faultOf(() => Promise.all(Array.from({ length: 100 }, () => appOnly().tokenFor(SCOPE))))
  expect([fault.code, asked().length - before]).toEqual(['entra/unavailable', 1])

  entra.switches.reset()
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

test('a token that its API refused is asked for anew, unless it is fresh itself', async () => {
  const tokens = appOnly()
  const first = await tokens.tokenFor(SCOPE)
  expect(tokens.discard(SCOPE)).toBe(false)
  expect(tokens.discard('api://never-asked-for/.default')).toBe(false)
  expect(await tokens.tokenFor(SCOPE)).toBe(first)

  world.advance(MINUTE_MS)
  expect(tokens.discard(SCOPE)).toBe(true)
  expect(await tokens.tokenFor(SCOPE)).not.toBe(first)
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
