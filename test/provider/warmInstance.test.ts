/** One instance through several sign-ins, at a provider that keeps no book on assertions: as Entra, so far as anybody has seen. */
import { afterAll, describe, expect, test } from 'vitest'
import { openPlainApi } from '../support/openPlainApi.ts'
import { BY_SCRIPT, expectTwin, isSignedIn } from '../support/screens.ts'
import { location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'
import { KEYS, openProviderWorld, TOKEN } from './openProviderWorld.ts'

const LOGIN = '/auth/login?returnTo=%2Forders'
const { world, provider, asked, freshInstance, apiScope } = await openProviderWorld({
  takesAssertionsOnce: false,
  clockToleranceSec: 3_600,
})

async function expectSignedIn(): Promise<void> {
  const visitor = newVisitor(world.origin)
  const reply = await visitor.signIn(LOGIN)
  expect([reply.status, location(reply)], provider.refusals.at(-1)).toEqual([303, '/orders'])
  expect(await isSignedIn(world, visitor)).toBe(true)
}

describe('one assertion for many sign-ins', () => {
  test('ten sign-ins cost one signature and one look at the keys', async () => {
    freshInstance()
    const signatures = (): number =>
      world.desk.vault.requests.filter(({ operation }) => operation === 'sign').length
    const before = { signatures: signatures(), keys: asked(KEYS), tokens: asked(TOKEN) }
    for (let i = 0; i < 10; i += 1) await expectSignedIn()
    expect([signatures() - before.signatures, asked(KEYS) - before.keys]).toEqual([1, 1])
    expect(asked(TOKEN) - before.tokens).toBe(10)
  })
})

describe('an API called as the person', async () => {
  const api = await openPlainApi()
  afterAll(() => api.close())
  const settings = {
    DOWNSTREAM_APIS: JSON.stringify({ plain: { url: api.origin, as: 'user', scope: apiScope } }),
  }
  const call = (visitor: Visitor): Promise<Reply> =>
    visitor.ask(`${world.origin}/api/plain/list`, {
      from: world.origin,
      headers: { ...BY_SCRIPT, 'x-csrf': '1' },
    })

  test('gets a token by the refresh token, and the next one by its successor: the old one would end the grant', async () => {
    freshInstance(settings)
    const visitor = newVisitor(world.origin)
    await visitor.signIn(LOGIN)
    for (let i = 0; i < 3; i += 1) {
      expect((await call(visitor)).status, provider.refusals.at(-1)).toBe(200)
      // The API refuses a token that is old enough to be replaced.
      world.advance(2 * 60_000)
      api.refusesNext = 1
    }
    expect(new Set(api.tokens).size).toBe(3)
    const [used, current] = provider.store.all('RefreshToken').slice(-2)
    expect([used?.consumed === undefined, current?.consumed]).toEqual([false, undefined])
  })

  test('ends with the session at the provider: the grant is gone, and the person signs in again', async () => {
    freshInstance(settings)
    const visitor = newVisitor(world.origin)
    await visitor.signIn(LOGIN)
    provider.forgetGrants()
    expectTwin(world, await call(visitor), 'session/required')
    expect(await isSignedIn(world, visitor)).toBe(false)
  })
})

describe('a provider started anew with another signing key', () => {
  test('is understood within the same sign-in, at the price of one look at its keys', async () => {
    freshInstance()
    await expectSignedIn()
    provider.rotateSigningKey()
    const before = { keys: asked(KEYS), tokens: asked(TOKEN) }
    await expectSignedIn()
    expect([asked(KEYS) - before.keys, asked(TOKEN) - before.tokens]).toEqual([1, 1])
  })

  test('has withdrawn the old one: whoever is signed in stays so, and however often it happens, each sign-in has a look of its own', async () => {
    freshInstance()
    const visitor = newVisitor(world.origin)
    await visitor.signIn(LOGIN)
    for (let i = 0; i < 3; i += 1) {
      provider.rotateSigningKey()
      await expectSignedIn()
    }
    expect(await isSignedIn(world, visitor)).toBe(true)
  })
})
