import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ada, bo, chen, openBrowser, openTestedWorld, responseParameters } from './world.ts'

const world = await openTestedWorld()

const browser = () => openBrowser(world.entra)

describe('single sign-on', () => {
  test('lets a second request pass without a page, with the same sid and its own code', async () => {
    const tab = browser()
    const first = await tab.signIn(ada)
    const second = await tab.authorize()
    expect(second.code).toEqual(expect.any(String))
    expect(second.code).not.toBe(first.code)
    expect(second.session_state).toBe(first.session_state)
  })

  test.each(['login', 'select_account'])('asks again with prompt=%s', async (prompt) => {
    const tab = browser()
    await tab.signIn(ada)
    const html = await (await tab.visit(tab.authorizeUrl({ prompt }))).text()
    expect(html).toContain('Sign in to Signet')
    expect(html).toContain('signed in')
  })

  test('asks again when the hint names somebody else', async () => {
    const tab = browser()
    await tab.signIn(ada)
    const response = await tab.visit(tab.authorizeUrl({ login_hint: 'bo@contoso.example' }))
    expect(await response.text()).toContain('Sign in to Signet')
  })

  test('with two people signed in asks which, unless a hint tells', async () => {
    const tab = browser()
    await tab.signIn(ada)
    await tab.signIn(bo, { prompt: 'select_account' })
    expect(await (await tab.visit(tab.authorizeUrl())).text()).toContain('Sign in to Signet')
    expect(await tab.authorize({ login_hint: 'ada@contoso.example' })).toHaveProperty('code')
    expect((await tab.authorize({ prompt: 'none' })).error).toBe('interaction_required')
  })

  test('is not shared between browsers', async () => {
    await browser().signIn(ada)
    expect((await browser().authorize({ prompt: 'none' })).error).toBe('login_required')
  })

  test('survives a cookie it does not know', async () => {
    const url = browser().authorizeUrl({ prompt: 'none' })
    const cookie = `ESTSAUTH-${new URL(world.entra.origin).port}=stale`
    const response = await fetch(url, { headers: { cookie }, redirect: 'manual' })
    expect((await responseParameters(response)).error).toBe('login_required')
  })
})

describe('prompt=none', () => {
  test('passes with a session and is login_required without', async () => {
    const tab = browser()
    expect(await tab.authorize({ prompt: 'none' })).toMatchObject({
      error: 'login_required',
      state: 'state-of-the-test',
    })
    await tab.signIn(ada)
    expect(await tab.authorize({ prompt: 'none' })).toHaveProperty('code')
  })

  test('is consent_required where consent is missing', async () => {
    const tab = browser()
    await tab.signIn(ada)
    const response = await tab.authorize({ prompt: 'none', scope: 'openid Calendars.Read' })
    expect(response.error).toBe('consent_required')
  })

  test('is interaction_required where the session is too weak', async () => {
    const tab = browser()
    await tab.signIn(ada)
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
    expect((await tab.authorize({ prompt: 'none', claims })).error).toBe('interaction_required')
    await tab.signIn(ada, { claims })
    expect(await tab.authorize({ prompt: 'none', claims })).toHaveProperty('code')
  })
})

describe('max_age', () => {
  test('passes silently who authenticated as lately as that, and asks everybody else', async () => {
    const tab = browser()
    await tab.signIn(ada)
    expect(await tab.authorize({ max_age: '60' })).toHaveProperty('code')
    world.clock.nowMs += 61_000
    const page = await tab.visit(tab.authorizeUrl({ max_age: '60' }))
    expect(await page.text()).toContain('Choose a person')
    expect((await tab.authorize({ max_age: '60', prompt: 'none' })).error).toBe('login_required')
    expect((await tab.authorize({ max_age: 'soon', prompt: 'none' })).error).toBe('invalid_request')
  })
})

describe('consent', () => {
  test('is asked for what nobody granted, and remembered for that person', async () => {
    const scope = 'openid Mail.Send'
    const tab = browser()
    const page = await tab.press(tab.authorizeUrl({ scope }), { person: ada })
    expect(await page.text()).toContain('Signet asks for permission')
    const granted = await tab.press(tab.authorizeUrl({ scope }), { person: ada, consent: 'accept' })
    expect(await responseParameters(granted)).toHaveProperty('code')
    expect(await tab.authorize({ scope, prompt: 'none' })).toHaveProperty('code')

    const other = await browser().press(browser().authorizeUrl({ scope }), { person: bo })
    expect(await other.text()).toContain('Signet asks for permission')
  })

  test('is asked with prompt=consent although it was given', async () => {
    const tab = browser()
    await tab.signIn(ada)
    const page = await tab.visit(tab.authorizeUrl({ prompt: 'consent' }))
    expect(await page.text()).toContain('Signet asks for permission')
  })
})

describe('a multi-tenant application', () => {
  beforeAll(() => world.entra.registerApplication({ ...world.web, isMultiTenant: true }))
  afterAll(() => world.entra.registerApplication(world.web))

  test('admits people of other tenants under /organizations, as members of their own', async () => {
    const tab = browser()
    const html = await (await tab.visit(tab.authorizeUrl({}, 'organizations'))).text()
    expect(html).not.toContain('guest from')
    expect(html).not.toContain(chen)
    expect(await tab.signIn('7f8a9b0c-1d2e-4f3a-8b4c-5d6e7f8a9b03', {}, 'organizations')).toHaveProperty(
      'code',
    )
  })

  test('shows under another tenant only who has an account there', async () => {
    const tab = browser()
    const html = await (await tab.visit(tab.authorizeUrl({}, '5e0a2f4c-6f0e-4a57-9d5b-2c6a3d8f7b11'))).text()
    expect(html).toContain('Chen Rivera')
    expect(html).not.toContain('Ada Lindqvist')
  })
})
