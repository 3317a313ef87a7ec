/** A token endpoint that refuses, fails or answers something else. A code goes out once; nobody gets in by a fault. */
import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../lib/errors/table.ts'
import type { AadstsCode } from '../../local/entra/aadsts.ts'
import type { Fault } from '../../local/entra/wire/fault.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, isSignedIn, wayOn } from '../support/screens.ts'
import { shortenDeadline } from '../support/shortenDeadline.ts'
import { expectNoSession, tokenRequests, tracesOf } from '../support/traces.ts'
import { location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const LOGIN = '/auth/login?returnTo=%2Forders'
const TOKEN_DEADLINE_MS = 5_000
const JSON_TYPE = { 'content-type': 'application/json' }

const world = await openJourney()
const { entra, vault, clientId } = world.desk
const { switches } = entra

/** A sign-in that ends on a screen, after so many token requests, each with a code of its own. */
async function refused(code: ErrorCode, requests: number): Promise<{ visitor: Visitor; reply: Reply }> {
  const before = await tracesOf(world)
  const visitor = newVisitor(world.origin)
  const reply = await visitor.signIn(LOGIN)
  expectScreen(world, reply, code)
  expect(tokenRequests(world) - before.tokenRequests, 'token requests').toBe(requests)
  await expectNoSession(world, before)
  return { visitor, reply }
}

/** Once the fault has passed, the button of the screen leads in. */
async function expectWayIn(visitor: Visitor, reply: Reply): Promise<void> {
  switches.reset()
  // Where the fault is ours, the button leads to the start page, and from there one signs in.
  const way = wayOn(reply)
  const again = await visitor.signIn(way === '/' ? LOGIN : way)
  expect([again.status, location(again)]).toEqual([303, '/orders'])
  expect(await isSignedIn(world, visitor)).toBe(true)
}

describe('what may pass is tried anew, with a new code, once and silently (T1)', () => {
  test.each<[what: string, fault: Fault]>([
    ['500', { kind: 'status', status: 500 }],
    [
      '502 with a page',
      { kind: 'status', status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway' },
    ],
    ['503 in JSON', { kind: 'status', status: 503, headers: JSON_TYPE, body: '{"error":"server_error"}' }],
    ['429 without Retry-After', { kind: 'status', status: 429 }],
    ['a cut connection', { kind: 'drop' }],
    ['a connection cut after the code was redeemed', { kind: 'drop', afterProcessing: true }],
    ['an answer cut half-way', { kind: 'truncate' }],
    ['500 after the code was redeemed', { kind: 'status', status: 500, afterProcessing: true }],
  ])('%s: once, and nobody notices; twice, and the screen says busy', async (_what, fault) => {
    switches.faults.token = { ...fault, times: 1 }
    const before = await tracesOf(world)
    const lucky = newVisitor(world.origin)
    expect(location(await lucky.signIn(LOGIN))).toBe('/orders')
    expect(tokenRequests(world) - before.tokenRequests).toBe(2)
    expect(await world.rows.sessionIds()).toHaveLength(before.sessionIds.length + 1)

    switches.faults.token = { ...fault }
    const { visitor, reply } = await refused('entra/unavailable', 2)
    expect([reply.headers.get('retry-after'), wayOn(reply)]).toEqual(['10', LOGIN])
    await expectWayIn(visitor, reply)
  })

  test('no answer at all: five seconds are waited, not more (T3)', async () => {
    const asked = shortenDeadline(TOKEN_DEADLINE_MS)
    switches.faults.token = { kind: 'stall' }
    const { visitor, reply } = await refused('entra/unavailable', 2)
    expect(asked.filter((ms) => ms === TOKEN_DEADLINE_MS)).toHaveLength(2)
    await expectWayIn(visitor, reply)
  })
})

describe('when Entra says how long to wait, the person hears it at once', () => {
  test.each([
    { status: 429, retryAfter: '7', shown: '7' },
    { status: 503, retryAfter: '120', shown: '120' },
    { status: 503, retryAfter: '86400', shown: '300' },
    { status: 429, retryAfter: '0', shown: '1' },
  ])('$status with Retry-After $retryAfter', async ({ status, retryAfter, shown }) => {
    switches.faults.token = {
      kind: 'status',
      status,
      headers: { ...JSON_TYPE, 'retry-after': retryAfter },
      body: '{"error":"temporarily_unavailable"}',
    }
    const { visitor, reply } = await refused('entra/unavailable', 1)
    expect(reply.headers.get('retry-after')).toBe(shown)
    await expectWayIn(visitor, reply)
  })

  test('as an HTTP date: the seconds until then', async () => {
    switches.faults.token = {
      kind: 'status',
      status: 503,
      headers: { 'retry-after': new Date(world.now() + 60_000).toUTCString() },
    }
    const { reply } = await refused('entra/unavailable', 1)
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(40)
    expect(Number(reply.headers.get('retry-after'))).toBeLessThanOrEqual(60)
  })
})

describe('an answer that is none (T4)', () => {
  test.each<[what: string, fault: Fault]>([
    ['a page, as a proxy or a captive portal sends it', { kind: 'html' }],
    ['JSON that is none', { kind: 'not-json' }],
    ['JSON of another shape', { kind: 'wrong-shape' }],
    ['an empty body', { kind: 'status', status: 200, headers: JSON_TYPE }],
    ['an empty object', { kind: 'status', status: 200, headers: JSON_TYPE, body: '{}' }],
    ['no content', { kind: 'status', status: 204 }],
    ['ten megabytes', { kind: 'oversized', bytes: 10_000_000 }],
    ['a redirect, which is not followed', { kind: 'redirect', location: `${entra.origin}/elsewhere` }],
    ['a 404', { kind: 'status', status: 404 }],
  ])('%s', async (_what, fault) => {
    switches.faults.token = fault
    const { visitor, reply } = await refused('entra/malformed_response', 1)
    expect(entra.log.filter(({ path }) => path.endsWith('/elsewhere'))).toEqual([])
    await expectWayIn(visitor, reply)
  })

  test.each<[what: string, override: Record<string, unknown>]>([
    ['no ID token (T8)', { id_token: undefined }],
    ['an ID token that is no text', { id_token: 7 }],
    ['an ID token that is no JWT', { id_token: 'e30' }],
    ['no access token', { access_token: undefined }],
    ['no token type', { token_type: undefined }],
    ['a token type that nobody knows', { token_type: 'mac' }],
    ['a token type we cannot present', { token_type: 'DPoP' }],
    ['a lifetime below nothing', { expires_in: -1 }],
  ])('%s', async (_what, override) => {
    switches.token.override = override
    const { visitor, reply } = await refused('entra/malformed_response', 1)
    await expectWayIn(visitor, reply)
  })
})

describe('an answer that differs within reason', () => {
  test.each<[what: string, override: Record<string, unknown>]>([
    ['a lifetime as text', { expires_in: '3600' }],
    ['a lifetime of nothing', { expires_in: 0 }],
    ['no refresh token (T8)', { refresh_token: undefined }],
    ['no scope', { scope: undefined }],
    ['members that nobody knows', { foo: { bar: 1 }, __proto__: { x: 1 } }],
  ])('%s: signed in', async (_what, override) => {
    switches.token.override = override
    const visitor = newVisitor(world.origin)
    expect(location(await visitor.signIn(LOGIN))).toBe('/orders')
    expect(await isSignedIn(world, visitor)).toBe(true)
  })
})

describe('a refusal (T5, T6, T7): the RFC error decides, not the number', () => {
  test.each<[what: string, aadsts: AadstsCode, code: ErrorCode, requests: number]>([
    ['invalid_grant: the code expired', 70008, 'entra/grant_rejected', 1],
    ['invalid_grant: the code was redeemed before', 54005, 'entra/grant_rejected', 1],
    ['invalid_grant with the suberror consent_required', 65001, 'entra/no_access', 1],
    ['interaction_required', 50076, 'entra/interaction_required', 1],
    ['invalid_client: the signature is wrong', 7000274, 'entra/client_rejected', 1],
    ['invalid_client: the assertion is out of time', 700024, 'entra/client_rejected', 1],
    ['unauthorized_client', 700016, 'entra/request_rejected', 1],
    ['invalid_scope', 70011, 'entra/request_rejected', 1],
    ['invalid_request', 900144, 'entra/request_rejected', 1],
    ['temporarily_unavailable', 90055, 'entra/unavailable', 2],
  ])('%s', async (_what, aadsts, code, requests) => {
    switches.token.refuse = aadsts
    const { visitor, reply } = await refused(code, requests)
    expect(world.logs.findLast(({ event }) => event === 'request')?.facts.detail).toContain(`AADSTS${aadsts}`)
    await expectWayIn(visitor, reply)
  })

  test('consent_required', async () => {
    switches.faults.token = {
      kind: 'status',
      status: 400,
      headers: JSON_TYPE,
      body: '{"error":"consent_required"}',
    }
    const { reply } = await refused('entra/no_access', 1)
    expect(wayOn(reply)).toBe(`${LOGIN}&prompt=select_account`)
  })

  test.each<[what: string, status: number, body: string, code: ErrorCode]>([
    ['401 without a body is something in between', 401, '', 'entra/malformed_response'],
    ['401 invalid_client is the client', 401, '{"error":"invalid_client"}', 'entra/client_rejected'],
    ['400 invalid_grant is the grant', 400, '{"error":"invalid_grant"}', 'entra/grant_rejected'],
    ['429 is too much', 429, '', 'entra/unavailable'],
    ['503 is away', 503, '{"error":"invalid_client"}', 'entra/unavailable'],
  ])('whatever WWW-Authenticate says, %s', async (_what, status, body, code) => {
    switches.faults.token = {
      kind: 'status',
      status,
      headers: { ...JSON_TYPE, 'www-authenticate': 'Bearer error="invalid_client"', 'retry-after': '21' },
      body,
    }
    const { reply } = await refused(code, 1)
    expect(reply.headers.get('retry-after')).toBe(
      code === 'entra/unavailable' ? '21' : code === 'entra/malformed_response' ? '10' : null,
    )
  })

  test('a certificate that is not registered is our fault; once it is, the next sign-in works with a fresh assertion', async () => {
    world.replaceInstance()
    const warm = newVisitor(world.origin)
    await warm.signIn(LOGIN)
    const { x5tS256, der } = vault.certificate()
    const seen = vault.requests.length
    entra.removeCertificate(clientId, x5tS256)
    const { visitor, reply } = await refused('entra/client_rejected', 1)
    expect([reply.status, wayOn(reply)]).toEqual([500, '/'])
    expect(await isSignedIn(world, warm), 'nobody is signed out by our own broken key').toBe(true)

    entra.registerCertificate(clientId, der)
    await expectWayIn(visitor, reply)
    // What Entra had refused was replaced: certificate and signature came from the vault anew, after a look for another version.
    const operations = vault.requests.slice(seen).map(({ operation }) => operation)
    expect(operations.filter((operation) => operation !== 'challenge')).toEqual([
      'certificate read',
      'certificate list',
      'sign',
    ])
  })

  test('twenty sign-ins that Entra refuses the client for cost the vault one new signature, not twenty', async () => {
    world.replaceInstance()
    await newVisitor(world.origin).signIn(LOGIN)
    const seen = vault.requests.length
    switches.token.refuse = 7000274
    for (let i = 0; i < 20; i += 1) await refused('entra/client_rejected', 1)
    const signatures = vault.requests.slice(seen).filter(({ operation }) => operation === 'sign')
    expect(signatures).toHaveLength(1)
  })
})
