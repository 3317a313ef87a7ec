/** A vault that fails an instance which has signed nothing yet: the one time that a sign-in has to wait for it. */
import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../lib/errors/table.ts'
import { GRACE_MS } from '../../lib/vault/grace.ts'
import type { Fault } from '../../local/faults.ts'
import { keyDisabled } from '../../local/vault/vaultError.ts'
import { openJourney } from '../support/openJourney.ts'
import { readiness } from '../support/readiness.ts'
import { expectScreen, expectTwin, isSignedIn, wayOn } from '../support/screens.ts'
import { expectNothingHappened, tracesOf } from '../support/traces.ts'
import { type CallbackForm, location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const LOGIN = '/auth/login?returnTo=%2Forders'
/** How long a vault that failed is left in peace while nothing can be signed: less than the screen says to wait. */
const PAUSE_MS = 5_000
const pausesMs: number[] = []
const world = await openJourney({
  effects: {
    sleep: async (ms) => {
      pausesMs.push(ms)
      world.advance(ms)
    },
  },
})
const { vault } = world.desk

/** Somebody with an answer of Entra in hand, and a fresh instance that has to take it. */
async function underway(): Promise<{ visitor: Visitor; form: CallbackForm }> {
  const visitor = newVisitor(world.origin)
  const form = await visitor.toCallback(LOGIN)
  world.replaceInstance()
  pausesMs.length = 0
  return { visitor, form }
}

function postByScript(visitor: Visitor, { action, fields, from }: CallbackForm): Promise<Reply> {
  const headers = { accept: 'application/json', 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' }
  return visitor.ask(action, { method: 'POST', form: fields, from, headers })
}

async function expectIn(visitor: Visitor, reply: Reply): Promise<void> {
  expect([reply.status, location(reply)]).toEqual([303, '/orders'])
  expect(await isSignedIn(world, visitor)).toBe(true)
}

describe('what passes by itself: the screen says busy, and nothing is lost (K1, K5, K6)', () => {
  const always = (fault: Fault, only?: 'certificate read' | 'sign') => () => vault.faults.always(fault, only)

  test.each<[what: string, begin: () => void, code: ErrorCode, retryAfter: string]>([
    ['throttled, for two seconds', always({ kind: 'throttle', retryAfterSec: 2 }), 'vault/throttled', '2'],
    [
      'throttled, for half a minute',
      always({ kind: 'throttle', retryAfterSec: 30 }),
      'vault/throttled',
      '30',
    ],
    ['throttled, for a day', always({ kind: 'throttle', retryAfterSec: 86_400 }), 'vault/throttled', '300'],
    ['throttled, without Retry-After', always({ kind: 'throttle' }), 'vault/throttled', '10'],
    ['throttled at the signature only', always({ kind: 'throttle' }, 'sign'), 'vault/throttled', '10'],
    ['unavailable', always({ kind: 'unavailable' }), 'vault/unavailable', '10'],
    ['broken', always({ kind: 'broken' }), 'vault/unavailable', '10'],
    ['broken at the signature only', always({ kind: 'broken' }, 'sign'), 'vault/unavailable', '10'],
    ['cut off', always({ kind: 'drop' }), 'vault/unavailable', '10'],
    ['cut off at the signature only', always({ kind: 'drop' }, 'sign'), 'vault/unavailable', '10'],
  ])('%s', async (_what, begin, code, retryAfter) => {
    const { visitor, form } = await underway()
    begin()
    const before = await tracesOf(world)
    const reply = await visitor.post(form)
    expectScreen(world, reply, code)
    expect([reply.headers.get('retry-after'), wayOn(reply), reply.setCookies]).toEqual([
      retryAfter,
      LOGIN,
      [],
    ])
    const asked = vault.requests.length
    const twin = expectTwin(world, await postByScript(visitor, form), code)
    expect(twin).toMatchObject({ retryAfterSec: Number(retryAfter), loginUrl: LOGIN })
    const isToldWhen = retryAfter !== '10'
    expect(vault.requests.length, 'the vault is left in peace').toBe(asked)
    await expectNothingHappened(world, before)

    vault.faults.clear()
    world.advance(isToldWhen ? 60_000 : PAUSE_MS)
    await expectIn(visitor, await visitor.post(form))
  })

  test('429 with an empty body, from which the SDK makes no error of its own kind', async () => {
    const { visitor, form } = await underway()
    vault.faults.always({ kind: 'empty' })
    const reply = await visitor.post(form)
    expect([reply.status, reply.headers.get('retry-after'), wayOn(reply)]).toEqual([503, '10', LOGIN])
    vault.faults.clear()
    world.advance(PAUSE_MS)
    await expectIn(visitor, await visitor.post(form))
  })

  test('nobody listens (K6)', async () => {
    const { visitor, form } = await underway()
    await vault.down()
    const reply = await visitor.post(form)
    await vault.up()
    expectScreen(world, reply, 'vault/unavailable')
    world.advance(PAUSE_MS)
    await expectIn(visitor, await visitor.post(form))
  })

  test('the button of the screen completes the sign-in once the vault is back', async () => {
    const { visitor, form } = await underway()
    vault.faults.always({ kind: 'unavailable' })
    const reply = await visitor.post(form)
    vault.faults.clear()
    world.advance(PAUSE_MS)
    await expectIn(visitor, await visitor.signIn(wayOn(reply)))
  })

  test('stalled: the person has an answer within ten seconds (K5)', async () => {
    const { visitor, form } = await underway()
    vault.faults.always({ kind: 'stall' })
    const before = await tracesOf(world)
    const startedMs = performance.now()
    const reply = await visitor.post(form)
    const waitedMs = performance.now() - startedMs + pausesMs.reduce((sum, ms) => sum + ms, 0)
    expectScreen(world, reply, 'vault/timeout')
    expect(waitedMs).toBeLessThan(10_000)
    await expectNothingHappened(world, before)
    vault.faults.clear()
    world.advance(PAUSE_MS)
    await expectIn(visitor, await visitor.post(form))
  })
})

describe('what one more try mends is seen by nobody', () => {
  test.each<[what: string, fault: Fault, pauses: readonly number[] | undefined]>([
    ['throttled once, for two seconds', { kind: 'throttle', retryAfterSec: 2 }, [2_000]],
    ['throttled once, for no time, which is a second', { kind: 'throttle', retryAfterSec: 0 }, [1_000]],
    ['throttled once, without Retry-After', { kind: 'throttle' }, undefined],
    ['unavailable once', { kind: 'unavailable' }, undefined],
    ['cut off once', { kind: 'drop' }, undefined],
    ['signed, and the answer lost', { kind: 'lose' }, undefined],
  ])('%s', async (_what, fault, pauses) => {
    const { visitor, form } = await underway()
    vault.faults.next(1, fault, 'sign')
    await expectIn(visitor, await visitor.post(form))
    expect(pausesMs).toEqual(pauses ?? [expect.any(Number)])
    expect(pausesMs.every((ms) => ms === pauses?.[0] || (ms >= 150 && ms <= 450))).toBe(true)
  })

  test('ten people at a cold instance cost one certificate read and one signature', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => underway()))
    await newVisitor(world.origin).signIn()
    world.replaceInstance()
    const seen = vault.requests.length
    const replies = await Promise.all(people.map(({ visitor, form }) => visitor.post(form)))
    expect(replies.map(location)).toEqual(Array(10).fill('/orders'))
    const operations = vault.requests.slice(seen).map(({ operation }) => operation)
    expect(operations.filter((operation) => operation !== 'challenge')).toEqual(['certificate read', 'sign'])
  })
})

describe('what somebody has to set right is our fault, and said so (K3)', () => {
  test.each<[what: string, fault: Fault, only: 'certificate read' | 'sign', code: ErrorCode]>([
    ['a key that is disabled', keyDisabled, 'sign', 'vault/key_unusable'],
    [
      'a certificate that is not there',
      { kind: 'answer', status: 404, body: { error: { code: 'CertificateNotFound', message: 'none' } } },
      'certificate read',
      'vault/key_unusable',
    ],
  ])('%s', async (_what, fault, only, code) => {
    const { visitor, form } = await underway()
    vault.faults.always(fault, only)
    const before = await tracesOf(world)
    const reply = await visitor.post(form)
    expectScreen(world, reply, code)
    expect([reply.status, wayOn(reply), reply.headers.get('retry-after')]).toEqual([500, '/', null])
    expect(pausesMs).toEqual([])
    const twin = expectTwin(world, await postByScript(visitor, form), code)
    expect(twin).not.toHaveProperty('loginUrl')
    await expectNothingHappened(world, before)

    vault.faults.clear()
    world.advance(PAUSE_MS)
    await expectIn(visitor, await visitor.post(form))
  })

  test.each<[what: string, fault: Fault, only: 'certificate read' | 'sign']>([
    ['no right to read the certificate', { kind: 'forbid' }, 'certificate read'],
    ['no right to sign', { kind: 'forbid' }, 'sign'],
    ['a firewall in front of the vault', { kind: 'html' }, 'certificate read'],
  ])(
    '%s: busy for ten minutes, then our fault; granted meanwhile, it is forgotten (K2)',
    async (_what, fault, only) => {
      const { visitor, form } = await underway()
      vault.faults.always(fault, only)
      const before = await tracesOf(world)
      const busy = await visitor.post(form)
      expectScreen(world, busy, 'vault/not_yet_allowed')
      expect([busy.status, busy.headers.get('retry-after'), wayOn(busy)]).toEqual([503, '10', LOGIN])

      world.advance(GRACE_MS)
      const late = await visitor.post(form)
      expectScreen(world, late, 'vault/forbidden')
      expect([late.status, wayOn(late), late.headers.get('retry-after')]).toEqual([500, '/', null])
      await expectNothingHappened(world, before)

      vault.faults.clear()
      world.advance(PAUSE_MS)
      await expectIn(visitor, await visitor.signIn(LOGIN))
    },
  )

  test('one refusal alone is seen by nobody: the vault is asked again, with a token that was asked for anew (K2)', async () => {
    const { visitor, form } = await underway()
    vault.faults.next(1, { kind: 'forbid' }, 'sign')
    await expectIn(visitor, await visitor.post(form))
  })

  test('the ready probe is red, its log names the code, and it is green again once it is set right', async () => {
    world.replaceInstance()
    vault.faults.always({ kind: 'forbid' }, 'sign')
    expect(await readiness(world)).toMatchObject({
      status: 503,
      logged: { vault: expect.stringMatching(/^vault\/not_yet_allowed: /), entra: 'ok', sessions: 'ok' },
    })
    vault.faults.clear()
    world.advance(60_000)
    expect((await readiness(world)).status).toBe(200)
  })

  test('whoever is signed in stays so, whatever the vault does', async () => {
    const visitor = newVisitor(world.origin)
    await visitor.signIn()
    world.replaceInstance()
    vault.faults.always({ kind: 'forbid' })
    expect(await isSignedIn(world, visitor)).toBe(true)
    expect((await visitor.ask(`${world.origin}/`)).text).toContain('Ada Lindqvist')
  })
})
