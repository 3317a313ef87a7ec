/** Entra's metadata and keys: rotated, away, wrong. What is cached serves; what is not verified never does. */
import { afterEach, describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../lib/errors/table.ts'
import type { Fault } from '../../local/entra/wire/fault.ts'
import { segment } from '../support/idTokens.ts'
import { openJourney } from '../support/openJourney.ts'
import { readiness } from '../support/readiness.ts'
import { expectScreen, isSignedIn, wayOn } from '../support/screens.ts'
import { shortenDeadline } from '../support/shortenDeadline.ts'
import { expectNoSession, tokenRequests, tracesOf } from '../support/traces.ts'
import { ADA, location, newVisitor } from '../support/visitor.ts'

const LOGIN = '/auth/login?returnTo=%2Forders'
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const KEYS_DEADLINE_MS = 3_000

const world = await openJourney({ isFrozen: true, desk: { identityTokenLifetimeSec: 10 * 86_400 } })
const { entra, clientId } = world.desk
const { switches } = entra
afterEach(() => world.replaceInstance())

async function expectSignedIn(): Promise<void> {
  const visitor = newVisitor(world.origin)
  const before = tokenRequests(world)
  const reply = await visitor.signIn(LOGIN)
  expect([reply.status, location(reply)]).toEqual([303, '/orders'])
  expect(await isSignedIn(world, visitor)).toBe(true)
  expect(tokenRequests(world), 'in the same request').toBe(before + 1)
}

async function expectScreenInstead(code: ErrorCode): Promise<void> {
  const before = await tracesOf(world)
  const visitor = newVisitor(world.origin)
  const reply = await visitor.signIn(LOGIN)
  expectScreen(world, reply, code)
  await expectNoSession(world, before)
  switches.reset()
  world.advance(MINUTE_MS)
  // Where the fault is ours, the button leads to the start page, and from there one signs in.
  const way = wayOn(reply)
  const again = await visitor.signIn(way === '/' ? LOGIN : way)
  expect(location(again)).toBe('/orders')
}

function looks(): number {
  return entra.log.filter(({ kind }) => kind === 'metadata' || kind === 'keys').length
}

describe('keys that change (J1)', () => {
  test('the next key takes over and nobody notices', async () => {
    await expectSignedIn()
    await entra.rotateSigningKey()
    await expectSignedIn()
  })

  test('the new key is looked up within the same sign-in', async () => {
    await expectSignedIn()
    // Entra publishes the next key ahead of time: only the one after that is unknown.
    await entra.rotateSigningKey({ withdraw: true })
    switches.keys.rotateBeforeSigning = true
    const before = looks()
    await expectSignedIn()
    expect(looks(), 'metadata and keys').toBe(before + 2)
  })

  test('every sign-in has a look-up of its own for a key that is not known yet, however often keys change', async () => {
    switches.keys.rotateBeforeSigning = true
    for (let i = 0; i < 8; i += 1) await expectSignedIn()
  })

  test('made-up kids at the sample API cost one look in five minutes, and nothing of what a sign-in needs', async () => {
    await expectSignedIn()
    const whoami = (kid: string) =>
      newVisitor(world.origin).ask(`${world.origin}/protected/whoami`, {
        headers: { authorization: `Bearer ${segment({ alg: 'RS256', kid })}.${segment({})}.c2ln` },
      })
    const before = looks()
    for (let i = 0; i < 30; i += 1) {
      const { status, text } = await whoami(`made-up-${i}`)
      expect([status, JSON.parse(text).reason]).toEqual([401, 'unknown_key'])
    }
    expect(looks() - before, 'its first keys, and one look for an unknown one').toBe(4)
    await entra.rotateSigningKey({ withdraw: true })
    await entra.rotateSigningKey({ withdraw: true })
    await expectSignedIn()

    switches.faults = { keys: { kind: 'status', status: 500 } }
    world.advance(5 * MINUTE_MS)
    expect((await whoami('made-up')).status).toBe(503)
    switches.reset()
    await entra.rotateSigningKey({ withdraw: true })
    await entra.rotateSigningKey({ withdraw: true })
    await expectSignedIn()
  })

  test('a key that Entra withdrew is refused from an hour later on, by an instance that nobody asked meanwhile (J4)', async () => {
    await expectSignedIn()
    const form = await newVisitor(world.origin).toCallback(LOGIN)
    expect(form.fields.get('code')).toBeTruthy()
    const stolen = await entra.mintAccessToken({
      resource: clientId,
      person: ADA.person,
      scopes: ['access_as_user'],
      override: { exp: Math.floor(world.now() / 1_000) + 2 * 86_400 },
    })
    const whoami = () =>
      newVisitor(world.origin).ask(`${world.origin}/protected/whoami`, {
        headers: { authorization: `Bearer ${stolen}` },
      })
    expect((await whoami()).status).toBe(200)
    await entra.rotateSigningKey({ withdraw: true })
    world.advance(HOUR_MS)
    const { status, text } = await whoami()
    expect([status, JSON.parse(text).reason]).toEqual([401, 'unknown_key'])
  })

  test('keys come from where the metadata says, on Entra’s own host', async () => {
    const before = looks()
    await expectSignedIn()
    expect(entra.log.slice(-8).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['metadata', 'keys']))
    expect(looks()).toBe(before + 2)
    await expectSignedIn()
    expect(looks()).toBe(before + 2)
  })
})

describe('keys that cannot be had (J2)', () => {
  const faults: readonly (readonly [what: string, fault: Fault])[] = [
    ['500', { kind: 'status', status: 500 }],
    ['a page', { kind: 'html' }],
    ['JSON that is none', { kind: 'not-json' }],
    ['a list', { kind: 'wrong-shape' }],
    ['a cut connection', { kind: 'drop' }],
    ['two megabytes', { kind: 'oversized', bytes: 2_000_000 }],
  ]

  test.each(faults)('%s: an instance that has them signs people in', async (_what, fault) => {
    await expectSignedIn()
    switches.faults = { keys: fault, metadata: fault }
    await expectSignedIn()
    world.advance(HOUR_MS + 1)
    await expectSignedIn()
  })

  test.each(faults)(
    '%s: an instance that has none says busy and lets nobody in unverified',
    async (_what, fault) => {
      switches.faults = { keys: fault }
      const isAnswer = !['status', 'drop'].includes(fault.kind)
      await expectScreenInstead(isAnswer ? 'entra/malformed_response' : 'entra/unavailable')
    },
  )

  test('no answer: three seconds are waited, not more', async () => {
    const asked = shortenDeadline(KEYS_DEADLINE_MS)
    switches.faults = { metadata: { kind: 'stall' } }
    await expectScreenInstead('entra/unavailable')
    expect(asked).toContain(KEYS_DEADLINE_MS)
  })

  test('the last known keys serve for a day, and no longer', async () => {
    await expectSignedIn()
    switches.faults = { keys: { kind: 'status', status: 500 } }
    world.advance(24 * HOUR_MS - 1)
    await expectSignedIn()
    world.advance(1)
    await expectScreenInstead('entra/unavailable')
  })
})

describe('metadata that is not of our tenant (Discovery 4.3, RFC 9700 2.6)', () => {
  test('the metadata of our tenant makes the app ready', async () => {
    expect(await readiness(world)).toEqual({ status: 200, logged: undefined })
  })

  test.each<[what: string, override: Record<string, unknown>]>([
    ['another issuer', { issuer: 'https://issuer.invalid/v2.0' }],
    ['an issuer with a slash too many', { issuer: `${entra.issuer}/` }],
    ['no issuer', { issuer: undefined }],
    ['keys from another host', { jwks_uri: 'https://evil.example/keys' }],
    ['keys from this host by another scheme', { jwks_uri: entra.origin.replace('http:', 'https:') }],
    ['keys from nowhere', { jwks_uri: undefined }],
    ['a token endpoint on another host', { token_endpoint: 'https://evil.example/token' }],
    [
      'an authorization endpoint on another host',
      { authorization_endpoint: 'https://evil.example/authorize' },
    ],
  ])('%s: not ready, and nobody gets in', async (_what, override) => {
    switches.metadata.override = override
    expect(await readiness(world)).toMatchObject({
      status: 503,
      logged: { vault: 'ok', entra: expect.stringMatching(/^entra\/metadata_mismatch: /), sessions: 'ok' },
    })
    await expectScreenInstead('entra/metadata_mismatch')
    world.advance(MINUTE_MS)
    expect(await readiness(world)).toMatchObject({ status: 200 })
  })

  test('members of the metadata that we pinned cannot be moved within the host either', async () => {
    switches.metadata.override = {
      token_endpoint: `${entra.origin}/evil/token`,
      end_session_endpoint: 'https://evil.example',
    }
    await expectSignedIn()
    expect(entra.log.filter(({ path }) => path.startsWith('/evil'))).toEqual([])
  })

  test('metadata that promises no PKCE changes nothing: state, nonce, challenge and verifier go along all the same (RFC 9700 4.7.1)', async () => {
    switches.metadata.override = { code_challenge_methods_supported: undefined }
    const visitor = newVisitor(world.origin)
    const started = await visitor.ask(`${world.origin}/auth/login`)
    const { searchParams } = new URL(location(started))
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(searchParams.get(name), name).toMatch(/^\S{43,}$/)
    const form = await visitor.atEntra(location(started))
    const stolen = await newVisitor(world.origin).toCallback()
    form.fields.set('code', stolen.fields.get('code') ?? '')
    expectScreen(world, await visitor.post(form), 'entra/grant_rejected')
  })

  test('being alive needs nobody', async () => {
    switches.faults = { metadata: { kind: 'drop' }, keys: { kind: 'drop' } }
    expect((await newVisitor(world.origin).ask(`${world.origin}/health/live`)).status).toBe(200)
    expect(await readiness(world)).toMatchObject({
      status: 503,
      logged: { entra: expect.stringMatching(/^entra\/unavailable: /) },
    })
  })
})
