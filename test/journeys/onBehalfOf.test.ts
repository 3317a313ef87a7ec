import { randomUUID } from 'node:crypto'
import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, test } from 'vitest'
import { createOnBehalfOf, type OnBehalfOf, type OnBehalfOfInput } from '../../lib/entra/onBehalfOf.ts'
import { createTokenEndpoint } from '../../lib/entra/tokenEndpoint.ts'
import { challengedClaims, demandedClaims } from '../../lib/exports/onBehalfOf.ts'
import { faultOf, outcomeOf } from '../support/faultOf.ts'
import { openJourney } from '../support/openJourney.ts'
import { ADA, BO } from '../support/visitor.ts'

const world = await openJourney({ isFrozen: true })
const { entra, clientId, registration } = world.desk
const ORDERS = randomUUID()
const FRONT_END = randomUUID()
const READ = `api://${ORDERS}/Orders.Read`
const WRITE = `api://${ORDERS}/Orders.Write`
const MINUTE_MS = 60_000
const STEP_UP = { access_token: { acrs: { essential: true, value: 'c1' } } }

const asked = () => entra.log.filter(({ kind }) => kind === 'token').length
let exchange: OnBehalfOf['exchange']

/** What a caller sends to the API, as the API hands it on after the guard has accepted it. */
async function callerOf(
  person: string,
  { resource = clientId, lifetimeMin = 60 }: { resource?: string; lifetimeMin?: number } = {},
): Promise<OnBehalfOfInput> {
  const expiresAtMs = world.now() + lifetimeMin * MINUTE_MS
  const override = { exp: Math.floor(expiresAtMs / 1_000) }
  const userAssertion = await entra.mintAccessToken({ resource, client: FRONT_END, person, override })
  return { userAssertion, userAssertionExpiresAtMs: expiresAtMs, scope: READ }
}

function registerOrders(requirement: { requiresAuthenticationContext?: string } = {}): void {
  const scopes = ['Orders.Read', 'Orders.Write']
  entra.registerApplication({
    clientId: ORDERS,
    displayName: 'Orders',
    redirectUris: [],
    scopes,
    ...requirement,
  })
}

entra.registerApplication({ clientId: FRONT_END, displayName: 'Front end', redirectUris: [] })
entra.registerApplication({ ...registration, delegatedPermissions: [READ, WRITE] })

beforeEach(() => {
  registerOrders()
  world.replaceInstance()
  const { config, credential, effects } = world.app()
  const { issuerTemplate, token: url } = config.entra
  const endpoint = createTokenEndpoint({ clientId, issuerTemplate, url, credential, effects })
  exchange = createOnBehalfOf({ endpoint, effects }).exchange
})

test("the caller's token becomes one for the next API, as the same person, with azpacr 2 of the API in between", async () => {
  const claims = decodeJwt(await exchange(await callerOf(ADA.person)))

  expect(claims).toMatchObject({
    aud: ORDERS,
    oid: ADA.person,
    scp: 'Orders.Read',
    azp: clientId,
    azpacr: '2',
  })
})

test('the same token and scope are exchanged once, however many ask', async () => {
  const ada = await callerOf(ADA.person)
  const before = asked()

  const together = await Promise.all(Array.from({ length: 50 }, () => exchange(ada)))
  const later = await exchange(ada)

  expect(new Set([...together, later]).size).toBe(1)
  expect(asked() - before).toBe(1)
})

test('another caller, another scope, another token of the same person: each is exchanged by itself', async () => {
  const ada = await callerOf(ADA.person)
  const inputs = [ada, await callerOf(BO.person), { ...ada, scope: WRITE }, await callerOf(ADA.person)]
  const before = asked()

  const claims = (await Promise.all(inputs.map((input) => exchange(input)))).map((token) => decodeJwt(token))

  expect(asked() - before).toBe(4)
  expect(claims.map(({ oid, scp }) => [oid, scp])).toEqual([
    [ADA.person, 'Orders.Read'],
    [BO.person, 'Orders.Read'],
    [ADA.person, 'Orders.Write'],
    [ADA.person, 'Orders.Read'],
  ])
})

describe('an exchanged token is kept until a minute before either token expires', () => {
  test.each([
    ['the caller’s is the shorter one', { caller: 10, next: 60 }, 8, 0],
    ['the caller’s is the shorter one, and it is the last minute', { caller: 10, next: 60 }, 9, 1],
    ['the next API’s is the shorter one', { caller: 60, next: 10 }, 8, 0],
    ['the next API’s is the shorter one, and it is the last minute', { caller: 60, next: 10 }, 9, 1],
  ])('%s', async (_title, { caller, next }, minutes, exchanges) => {
    const ada = await callerOf(ADA.person, { lifetimeMin: caller })
    entra.switches.token.accessTokenLifetimeSeconds = next * 60
    await exchange(ada)
    const before = asked()

    world.advance(minutes * MINUTE_MS)
    await exchange(ada)

    expect(asked() - before).toBe(exchanges)
  })
})

test('a stronger sign-in that the next API demands reaches the caller as a claims challenge, and nothing is kept', async () => {
  registerOrders({ requiresAuthenticationContext: 'c1' })
  const ada = await callerOf(ADA.person)

  const fault = await faultOf(() => exchange(ada))
  const claims = demandedClaims(fault)
  expect([fault.code, JSON.parse(String(claims))]).toEqual(['entra/interaction_required', STEP_UP])

  const { status, headers } = world.app().guard.demandClaims(String(claims))
  const [, challenge = ''] = /claims="([^"]+)"/.exec(headers['www-authenticate'] ?? '') ?? []
  expect([status, JSON.parse(Buffer.from(challenge, 'base64').toString())]).toEqual([401, STEP_UP])

  const before = asked()
  registerOrders()
  await expect(exchange(ada)).resolves.toBeTypeOf('string')
  expect(asked() - before).toBe(1)
})

test('a demand that comes as invalid_grant reaches the caller too: basic_action, with claims', async () => {
  const claims = JSON.stringify(STEP_UP)
  Object.assign(entra.switches.token, { refuse: 50076, refuseClaims: claims, refuseError: 'invalid_grant' })

  const fault = await faultOf(async () => exchange(await callerOf(ADA.person)))
  expect([fault.code, demandedClaims(fault)]).toEqual(['entra/interaction_required', claims])
})

test('the claims of the next API are read from its challenge, as exchange takes them', () => {
  const text = JSON.stringify(STEP_UP)
  const encoded = Buffer.from(text).toString('base64')
  const header = (parameters: string) =>
    `Bearer realm="", authorization_uri="https://login.example/x", ${parameters}`

  expect(challengedClaims(header(`error="insufficient_claims", claims="${encoded}"`))).toBe(text)
  expect(
    challengedClaims(`Basic realm="x", ${header(`claims="${encoded}", error="insufficient_claims"`)}`),
  ).toBe(text)
  for (const other of [
    null,
    '',
    'Bearer',
    header('error="invalid_token"'),
    header(`error="invalid_token", claims="${encoded}"`),
    header('error="insufficient_claims"'),
    header('error="insufficient_claims", claims="bm90IGpzb24="'),
    header('error="insufficient_claims", claims="WzFd"'),
    header(`error="insufficient_claims", xclaims="${encoded}"`).replace('xclaims', 'x_claims'),
  ])
    expect(challengedClaims(other), String(other)).toBeUndefined()
})

test('what is asked for with the same claims at the same time is asked for once', async () => {
  const ada = { ...(await callerOf(ADA.person)), claims: '{"access_token":{"nbf":{"essential":true}}}' }
  const before = asked()
  await Promise.all(Array.from({ length: 20 }, () => exchange(ada)))
  expect(asked() - before).toBe(1)

  await exchange(ada)
  expect(asked() - before).toBe(2)
})

test('the caller who comes back with a stronger token is let through', async () => {
  registerOrders({ requiresAuthenticationContext: 'c1' })
  const userAssertion = await entra.mintAccessToken({
    resource: clientId,
    client: FRONT_END,
    person: ADA.person,
    override: { acrs: ['c1'] },
  })
  const ada = { userAssertion, userAssertionExpiresAtMs: world.now() + 60 * MINUTE_MS, scope: READ }

  expect(decodeJwt(await exchange(ada)).acrs).toEqual(['c1'])
})

test('claims that the next API answered with are sent at once, past the cache, and what comes back is kept', async () => {
  const ada = await callerOf(ADA.person)
  const first = await exchange(ada)
  const before = asked()

  const second = await exchange({ ...ada, claims: '{"access_token":{"nbf":{"essential":true}}}' })

  expect([second === first, asked() - before]).toEqual([false, 1])
  expect(await exchange(ada)).toBe(second)
})

test.each([
  ['has expired', { lifetimeMin: -1 }],
  ['was meant for another API', { resource: ORDERS }],
])('a token that %s is the caller’s fault and not kept', async (_title, difference) => {
  const caller = await callerOf(ADA.person, difference)
  const before = asked()
  const outcomes = [await outcomeOf(() => exchange(caller)), await outcomeOf(() => exchange(caller))]

  expect(outcomes).toEqual(['entra/grant_rejected', 'entra/grant_rejected'])
  expect(asked() - before).toBe(2)
})

test('an application’s own token has nobody to act for', async () => {
  const userAssertion = await entra.mintAccessToken({
    resource: clientId,
    client: FRONT_END,
    roles: ['Orders.All'],
  })
  const caller = { userAssertion, userAssertionExpiresAtMs: world.now() + MINUTE_MS, scope: READ }

  expect(await outcomeOf(() => exchange(caller))).toBe('entra/grant_rejected')
})

test('what demands nothing of the person has no claims to pass on', async () => {
  expect(demandedClaims(new TypeError('none'))).toBeUndefined()
  expect(
    demandedClaims(await faultOf(async () => exchange(await callerOf(ADA.person, { lifetimeMin: -1 })))),
  ).toBeUndefined()
})
