/** What providers stricter than Entra refuse, precisely; and that nobody who is signed in notices. */
import { afterEach, describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../lib/errors/table.ts'
import { expectScreen, isSignedIn } from '../support/screens.ts'
import { newVisitor } from '../support/visitor.ts'
import { openProviderWorld } from './openProviderWorld.ts'

const LOGIN = '/auth/login?returnTo=%2Forders'
const { world, provider, signIn, freshInstance, expectNoSignIn } = await openProviderWorld()
afterEach(() => provider.judgeBy({}))

async function expectRefused(tokenRequests: number, code: ErrorCode, login = LOGIN): Promise<void> {
  await expectNoSignIn(tokenRequests, async () =>
    expectScreen(world, await newVisitor(world.origin).signIn(login), code),
  )
}

describe('of the assertion as Entra wants it, a stricter provider refuses', () => {
  test('a second use within the five minutes in which we use it again (RFC 7523 section 3, rule 7)', async () => {
    const first = newVisitor(world.origin)
    await signIn(first, LOGIN)
    await expectRefused(1, 'entra/client_rejected')
    expect(provider.refusals.at(-1)).toContain('must only be used once')
    expect(await isSignedIn(world, first)).toBe(true)
    await signIn(newVisitor(world.origin), LOGIN)
  })

  test('the token endpoint as its audience, where only the issuer may be that (FAPI 2.0 section 5.3.3.1)', async () => {
    const first = newVisitor(world.origin)
    await signIn(first, LOGIN)
    provider.judgeBy({ isFapi: true })
    freshInstance()
    await expectRefused(1, 'entra/client_rejected')
    expect(provider.refusals.at(-1)).toContain('must equal the issuer identifier')
    expect(await isSignedIn(world, first)).toBe(true)
  })
})

describe('of the authorization request, it does not do', () => {
  test('an account chooser, which it does not have: it refuses the request', async () => {
    await expectRefused(0, 'entra/sign_in_refused', `${LOGIN}&prompt=select_account`)
    expect(provider.refusals.at(-1)).toContain('prompt')
  })

  test('a refresh token where no consent is asked for (OpenID Connect Core section 11): the sign-in goes on without', async () => {
    provider.judgeBy({ offlineNeedsConsent: true })
    const before = provider.store.all('RefreshToken').length
    await signIn(newVisitor(world.origin), LOGIN)
    expect(provider.store.all('RefreshToken')).toHaveLength(before)
    await signIn(newVisitor(world.origin), `${LOGIN}&prompt=consent`)
    expect(provider.store.all('RefreshToken')).toHaveLength(before + 1)
  })
})
