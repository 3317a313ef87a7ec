/** Signing in, out and acting as itself through a provider as it comes: it takes each client assertion once. */
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { expectScreen, isSignedIn, readSession, wayOn } from '../support/screens.ts'
import { ADA, BO, location, newVisitor, type Visitor } from '../support/visitor.ts'
import { AUTHORIZE, KEYS, openProviderWorld, TOKEN } from './openProviderWorld.ts'

const providerWorld = await openProviderWorld()
const { world, provider, asked, signIn, freshInstance, expectNoSignIn } = providerWorld
const LOGIN = '/auth/login?returnTo=%2Forders'
/** How our assertions begin: their header up to what differs. */
const ASSERTION_BEGINS = Buffer.from('{"alg":"PS256","typ":"JWT"').toString('base64url').slice(0, -2)
/** Whoever turns back at the page that asks who is there. */
const NOBODY = { person: '' }

async function signOut(visitor: Visitor): Promise<string> {
  const reply = await visitor.ask(`${world.origin}/auth/logout`, { method: 'POST', from: world.origin })
  expect(reply.status).toBe(303)
  return location(reply)
}

describe('a provider that nobody here wrote', () => {
  test('signs a person in, for an assertion without a kid and a code that comes with a verifier', async () => {
    const visitor = newVisitor(world.origin)
    await signIn(visitor, LOGIN)
    expect(await readSession(world, visitor)).toMatchObject({
      authenticated: true,
      user: {
        tenantId: world.desk.entra.tenantId,
        objectId: ADA.person,
        name: 'Ada Lindqvist',
        username: 'ada@contoso.example',
      },
      clientProof: { method: 'vault' },
    })
    const assertion = [...world.secrets].find((secret) => secret.startsWith(ASSERTION_BEGINS)) ?? ''
    expect(Object.keys(decodeProtectedHeader(assertion))).toEqual(['alg', 'typ', 'x5t#S256'])
    expect(decodeJwt(assertion).aud).toBe(`${provider.origin}/${world.desk.entra.tenantId}${TOKEN}`)
  })

  test('gives a refresh token, which is in no row in the clear', async () => {
    await signIn(newVisitor(world.origin))
    const [refreshToken] = provider.store.all('RefreshToken').slice(-1)
    expect(refreshToken).toMatchObject({ accountId: ADA.person, clientId: world.desk.clientId })
    const dump = JSON.stringify(await world.rows.all())
    for (const secret of world.secrets) expect(dump).not.toContain(secret)
  })

  test('finds the key of the certificate among several, none of which has a kid', async () => {
    const old = await world.desk.vault.addCertificate('signet-provider-old')
    const own = world.desk.vault.certificate().publicJwk
    provider.registerKeys([...old.versions().map(({ publicJwk }) => publicJwk), own])
    await signIn(newVisitor(world.origin))
  })

  test('has metadata that makes the app ready', async () => {
    freshInstance()
    const { status, text } = await newVisitor(world.origin).ask(`${world.origin}/health/ready`)
    expect([status, text.includes('mismatch')]).toEqual([200, false])
  })

  test('lets whoever is signed in there pass without a page, and only them', async () => {
    const visitor = newVisitor(world.origin)
    await signIn(visitor, LOGIN)
    visitor.appCookies.clear()
    const asks = provider.requests.filter(({ path }) => path.startsWith('/sign-in/')).length
    freshInstance()
    const silent = await visitor.signIn(`${LOGIN}&prompt=none`)
    expect(silent.text).toContain('data-outcome="signed-in"')
    expect(await readSession(world, visitor)).toMatchObject({ authenticated: true })
    expect(provider.requests.filter(({ path }) => path.startsWith('/sign-in/'))).toHaveLength(asks)

    await expectNoSignIn(0, async () => {
      const reply = await newVisitor(world.origin).signIn(`${LOGIN}&prompt=none`)
      expectScreen(world, reply, 'entra/interaction_required')
    })
  })

  test('asks again where the app wants that, and another person takes the place of the first', async () => {
    const visitor = newVisitor(world.origin)
    await signIn(visitor, LOGIN)
    freshInstance()
    const reply = await visitor.signIn(`${LOGIN}&prompt=login`, BO)
    expect([reply.status, location(reply)]).toEqual([303, '/orders'])
    expect(await readSession(world, visitor)).toMatchObject({ user: { objectId: BO.person } })
  })

  test('says that the person turned back: that is a screen, and no code is asked about', async () => {
    const visitor = newVisitor(world.origin)
    await expectNoSignIn(0, async () => {
      const reply = await visitor.signIn(LOGIN, NOBODY)
      expectScreen(world, reply, 'entra/no_access')
    })
    await signIn(visitor, LOGIN)
  })

  test.each([
    ['in another name', 'https://issuer.invalid/v2.0'],
    ['without the name that its metadata promises', undefined],
  ])('names itself in every answer (RFC 9207), and one %s is refused as it comes', async (_what, iss) => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN)
    expect(form.fields.get('iss')).toBe(provider.issuer)
    if (iss === undefined) form.fields.delete('iss')
    else form.fields.set('iss', iss)
    await expectNoSignIn(0, async () =>
      expectScreen(world, await visitor.post(form), 'callback/issuer_mismatch'),
    )
  })
})

describe('an answer that comes again or belongs elsewhere', () => {
  test('posted twice, it leads where the first one led, and the provider is not asked again', async () => {
    freshInstance()
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN)
    await visitor.post(form)
    await expectNoSignIn(0, async () => {
      const reply = await visitor.post(form)
      expect([reply.status, location(reply)]).toEqual([303, '/orders'])
    })
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('whose reply was lost, it starts a new sign-in silently, and the person is in without a page', async () => {
    freshInstance()
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN)
    const cookies = new Map(visitor.appCookies)
    await visitor.post(form)
    visitor.appCookies.clear()
    for (const [name, cookie] of cookies) visitor.appCookies.set(name, cookie)

    freshInstance()
    const before = { pages: provider.requests.length, tokens: asked(TOKEN), authorize: asked(AUTHORIZE) }
    const reply = await visitor.post(form)
    expect([reply.status, location(reply).startsWith(`${provider.origin}/`)]).toEqual([303, true])
    const again = await visitor.post(await visitor.atEntra(location(reply)))
    expect([again.status, location(again)]).toEqual([303, '/orders'])
    expect([asked(TOKEN) - before.tokens, asked(AUTHORIZE) - before.authorize]).toEqual([1, 1])
    const since = provider.requests.slice(before.pages)
    expect(since.filter(({ path }) => path.startsWith('/sign-in/'))).toEqual([])
  })

  test('with the code of another sign-in, it fails at the provider for the verifier (RFC 7636), and nobody is in', async () => {
    freshInstance()
    const thief = newVisitor(world.origin)
    const victim = newVisitor(world.origin)
    const stolen = await victim.toCallback(LOGIN)
    const own = await thief.toCallback(LOGIN)
    own.fields.set('code', stolen.fields.get('code') ?? '')
    await expectNoSignIn(1, async () => {
      const reply = await thief.post(own)
      expectScreen(world, reply, 'entra/grant_rejected')
      expect(wayOn(reply)).toBe(LOGIN)
    })
    expect(provider.refusals.at(-1)).toContain('code_verifier')
  })

  test('for a challenge exchanged on the way out, it fails the same way', async () => {
    freshInstance()
    const visitor = newVisitor(world.origin)
    const authorize = new URL(location(await visitor.ask(`${world.origin}${LOGIN}`)))
    authorize.searchParams.set('code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
    const form = await visitor.atEntra(authorize.href)
    await expectNoSignIn(1, async () => expectScreen(world, await visitor.post(form), 'entra/grant_rejected'))
  })

  test('for a request without a challenge there is none: the provider refuses it', async () => {
    const visitor = newVisitor(world.origin)
    const authorize = new URL(location(await visitor.ask(`${world.origin}${LOGIN}`)))
    authorize.searchParams.delete('code_challenge')
    authorize.searchParams.delete('code_challenge_method')
    const form = await visitor.atEntra(authorize.href)
    await expectNoSignIn(0, async () =>
      expectScreen(world, await visitor.post(form), 'entra/sign_in_refused'),
    )
  })
})

describe('signing out', () => {
  test('ends the session here, then there, and comes back to our page (RP-Initiated Logout 1.0)', async () => {
    const visitor = newVisitor(world.origin)
    await signIn(visitor, LOGIN)
    const sessions = provider.store.all('Session').filter(({ accountId }) => accountId !== undefined).length
    const target = await signOut(visitor)
    expect(await isSignedIn(world, visitor)).toBe(false)

    const page = await visitor.ask(target)
    const [, action = ''] = /action="([^"]+)"/.exec(page.text) ?? []
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page.text) ?? []
    const form = new URLSearchParams({ xsrf, logout: 'yes' })
    const confirmed = await visitor.ask(action, { method: 'POST', form, from: provider.origin })
    expect(location(confirmed)).toBe(`${world.origin}/auth/signed-out`)
    const landed = await visitor.ask(location(confirmed), { from: provider.origin })
    expect([landed.status, landed.text.includes('signed out')]).toEqual([200, true])

    const left = provider.store.all('Session').filter(({ accountId }) => accountId !== undefined)
    expect(left).toHaveLength(sessions - 1)
    await expectNoSignIn(0, async () => {
      const reply = await visitor.signIn(`${LOGIN}&prompt=none`)
      expectScreen(world, reply, 'entra/interaction_required')
    })
  })

  test('in a frame of the provider, by its iss and its sid, ends the session (Front-Channel Logout 1.0)', async () => {
    const visitor = newVisitor(world.origin)
    await signIn(visitor, LOGIN)
    const sid = String(provider.store.all('AccessToken').at(-1)?.sessionUid)
    const frame = (query: Record<string, string>) =>
      newVisitor(world.origin).ask(
        `${world.origin}/auth/frontchannel-logout?${new URLSearchParams(query).toString()}`,
        { headers: { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' } },
      )
    await frame({ sid, iss: world.desk.entra.issuer })
    expect(await isSignedIn(world, visitor)).toBe(true)
    const reply = await frame({ sid, iss: provider.issuer })
    expect(reply.headers.get('content-security-policy')).toContain(`frame-ancestors ${provider.origin}`)
    expect(await isSignedIn(world, visitor)).toBe(false)
  })
})

describe('the app as itself', () => {
  test('gets a token for its own certificate (client credentials), asked for once however many callers wait', async () => {
    freshInstance()
    const before = asked(TOKEN)
    const { appOnly } = world.app()
    const tokens = await Promise.all(
      Array.from({ length: 10 }, () => appOnly?.tokenFor(providerWorld.appOnlyScope)),
    )
    expect(new Set(tokens).size).toBe(1)
    expect(asked(TOKEN) - before).toBe(1)
    expect(provider.store.all('ClientCredentials').at(-1)).toMatchObject({
      scope: providerWorld.appOnlyScope,
    })
  })
})

test('keys are asked for where the metadata says they are', () => {
  expect(asked(KEYS)).toBeGreaterThan(0)
})
