/** One instance through several sign-ins, at a provider that keeps no book on assertions: as Entra, so far as anybody has seen. */
import { describe, expect, test } from 'vitest'
import { expectScreen, isSignedIn } from '../support/screens.ts'
import { location, newVisitor } from '../support/visitor.ts'
import { KEYS, openProviderWorld, TOKEN } from './openProviderWorld.ts'

const LOGIN = '/auth/login?returnTo=%2Forders'
const { world, provider, asked, freshInstance, expectNoSignIn } = await openProviderWorld({
  takesAssertionsOnce: false,
  clockToleranceSec: 600,
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

describe('a provider started anew with another signing key', () => {
  test('is understood within the same sign-in, at the price of one look at its keys', async () => {
    freshInstance()
    await expectSignedIn()
    provider.rotateSigningKey()
    const before = { keys: asked(KEYS), tokens: asked(TOKEN) }
    await expectSignedIn()
    expect([asked(KEYS) - before.keys, asked(TOKEN) - before.tokens]).toEqual([1, 1])
  })

  test('has withdrawn the old one: whoever is signed in stays so, and a second rotation within five minutes is refused', async () => {
    freshInstance()
    const visitor = newVisitor(world.origin)
    await visitor.signIn(LOGIN)
    provider.rotateSigningKey()
    await expectSignedIn()
    provider.rotateSigningKey()
    await expectNoSignIn(1, async () => {
      expectScreen(world, await newVisitor(world.origin).signIn(LOGIN), 'entra/id_token_rejected')
    })
    expect(await isSignedIn(world, visitor)).toBe(true)
    world.advance(5 * 60_000)
    await expectSignedIn()
  })
})
