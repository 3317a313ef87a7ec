import { describe, expect, test } from 'vitest'
import {
  ada,
  bo,
  clientId,
  dana,
  eli,
  endpoint,
  openBrowser,
  openTestedWorld,
  redirectUri,
  responseParameters,
  tenantId,
} from './world.ts'

const world = await openTestedWorld()

const browser = () => openBrowser(world.entra)

describe('a request that cannot be trusted with a redirect ends on a page', () => {
  test.each([
    ['an unknown client', { client_id: tenantId }, 700016],
    ['no client', { client_id: undefined }, 900144],
    ['an unregistered redirect URI', { redirect_uri: `${redirectUri}/` }, 50011],
    ['a redirect URI in another case', { redirect_uri: redirectUri.replace('auth', 'Auth') }, 50011],
  ])('%s', async (_name, change, code) => {
    const { visit, authorizeUrl } = browser()
    const response = await visit(authorizeUrl(change))
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
    expect(await response.text()).toContain(`AADSTS${code}`)
  })

  test('a redirect URI sent twice', async () => {
    const { visit, authorizeUrl } = browser()
    const response = await visit(`${authorizeUrl()}&redirect_uri=https://evil.example`)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('AADSTS9000411')
  })

  test.each(['organizations', 'common', '5e0a2f4c-6f0e-4a57-9d5b-2c6a3d8f7b11'])(
    'a single-tenant application under /%s',
    async (tenant) => {
      const { visit, authorizeUrl } = browser()
      expect(await (await visit(authorizeUrl({}, tenant))).text()).toContain('AADSTS50194')
    },
  )

  test('what it quotes is escaped', async () => {
    const { visit, authorizeUrl } = browser()
    const page = await (await visit(authorizeUrl({ client_id: '"><script>alert(1)</script>' }))).text()
    expect(page).not.toContain('<script>alert')
    expect(page).toContain('&lt;script&gt;')
  })
})

describe('any other fault goes to the redirect URI, with state', () => {
  test.each([
    ['another response type', { response_type: 'id_token' }, 'unsupported_response_type', 700054],
    ['no response type', { response_type: undefined }, 'invalid_request', 900144],
    ['no scope', { scope: undefined }, 'invalid_request', 900144],
    ['a scope without openid', { scope: 'User.Read' }, 'invalid_scope', 70011],
    ['an unknown scope', { scope: 'openid Mail.Reed' }, 'invalid_scope', 70011],
    ['an unknown prompt', { prompt: 'always' }, 'invalid_request', 90023],
    ['a hint and a picker', { prompt: 'select_account', login_hint: 'ada' }, 'invalid_request', 90023],
    ['claims that are no JSON', { claims: '{' }, 'invalid_request', 90023],
    ['a short challenge', { code_challenge: 'x', code_challenge_method: 'S256' }, 'invalid_request', 50147],
    [
      'an unknown challenge method',
      { code_challenge: 'x'.repeat(43), code_challenge_method: 'S512' },
      'invalid_request',
      501491,
    ],
  ])('%s', async (_name, change, error, code) => {
    const response = await browser().authorize(change)
    expect(response).toMatchObject({
      error,
      state: 'state-of-the-test',
      error_description: expect.stringMatching(new RegExp(`^AADSTS${code}: `)),
      error_uri: expect.stringContaining(String(code)),
    })
    expect(response).not.toHaveProperty('code')
  })

  test('an unsupported response mode, by query', async () => {
    const { visit, authorizeUrl } = browser()
    const response = await visit(authorizeUrl({ response_mode: 'web_message' }))
    expect(response.headers.get('location')).toContain(`${redirectUri}?error=invalid_request`)
  })

  test('a parameter sent twice', async () => {
    const { visit, authorizeUrl } = browser()
    const response = await responseParameters(await visit(`${authorizeUrl()}&nonce=again`))
    expect(response.error_description).toContain('AADSTS9000411')
  })

  test('a missing nonce or challenge, where the switches demand them', async () => {
    world.entra.switches.authorize.requireNonce = true
    world.entra.switches.authorize.requirePkce = true
    expect((await browser().authorize({ nonce: undefined })).error_description).toContain("'nonce'")
    expect((await browser().authorize()).error_description).toContain("'code_challenge'")
  })
})

describe('the response mode', () => {
  test('form_post is a page that posts by itself, or by a button where scripts are off', async () => {
    const { press, authorizeUrl } = browser()
    const response = await press(authorizeUrl(), { person: ada })
    expect(response.status).toBe(200)
    const policy = response.headers.get('content-security-policy')
    expect(policy).toContain("form-action 'self' http://localhost:7071")
    const html = await response.text()
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy ?? '')?.[1]
    expect(html).toContain(`<script nonce="${nonce}">document.forms[0].submit()</script>`)
    expect(html).toMatch(/<noscript>.*<button[^>]*>Continue<\/button><\/noscript>/)
    expect(html).toContain(`<form method="post" action="${redirectUri}">`)
  })

  test('form_post carries code, state and session_state, and client_info when asked', async () => {
    const plain = await browser().signIn(ada)
    expect(Object.keys(plain)).toEqual(['code', 'session_state', 'state'])
    const asked = await browser().signIn(ada, { client_info: '1' })
    expect(Object.keys(asked)).toEqual(['code', 'client_info', 'session_state', 'state'])
  })

  test.each([
    ['query', '?'],
    ['fragment', '#'],
    [undefined, '?'],
  ])('%s is a redirect', async (mode, separator) => {
    const { press, authorizeUrl } = browser()
    const response = await press(authorizeUrl({ response_mode: mode }), { person: ada })
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toMatch(new RegExp(`^${redirectUri}\\${separator}code=`))
  })

  test('hands state back as it came, whatever it holds', async () => {
    const state = `a"b'c<d>&e=f +%20é`
    expect((await browser().signIn(ada, { state })).state).toBe(state)
  })
})

describe('the sign-in page', () => {
  test('lets the application be reached, and nobody else', async () => {
    const { visit, authorizeUrl } = browser()
    const response = await visit(authorizeUrl())
    const policy = response.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("form-action 'self' http://localhost:7071")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('script-src')
    expect(response.headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin')
  })

  test('says what it is, and whom it offers', async () => {
    const { visit, authorizeUrl } = browser()
    const html = await (await visit(authorizeUrl())).text()
    expect(html).toContain('Local stand-in for Microsoft Entra ID')
    for (const name of ['Ada Lindqvist', 'Bo Adeyemi', 'Chen Rivera', 'Dana Okafor', 'Eli Marchetti']) {
      expect(html).toContain(name)
    }
    expect(html).toContain('guest from Fabrikam')
  })

  test('puts the hinted person first', async () => {
    const { visit, authorizeUrl } = browser()
    const html = await (await visit(authorizeUrl({ login_hint: 'BO@contoso.example' }))).text()
    expect(html.indexOf('Bo Adeyemi')).toBeLessThan(html.indexOf('Ada Lindqvist'))
    expect(html).toMatch(new RegExp(`value="${bo}" class="hinted" autofocus`))
  })

  test.each([
    ['cancel', 'access_denied', 65004],
    ['consent', 'consent_required', 65001],
    ['blocked', 'access_denied', 53003],
  ])('sends the application away by %s', async (refuse, error, code) => {
    const { press, authorizeUrl } = browser()
    const response = await responseParameters(await press(authorizeUrl(), { refuse }))
    expect(response).toMatchObject({
      error,
      state: 'state-of-the-test',
      error_description: expect.stringContaining(`AADSTS${code}`),
    })
  })

  test.each([
    ['somebody blocked by Conditional Access', dana, 'access_denied', 53003],
    ['somebody who needs admin consent', eli, 'consent_required', 90094],
    ['nobody', tenantId, 'access_denied', 50020],
  ])('refuses %s', async (_name, person, error, code) => {
    const response = await browser().signIn(person)
    expect(response).toMatchObject({ error, error_description: expect.stringContaining(`AADSTS${code}`) })
  })

  test('checks the request again when it is answered', async () => {
    const { visit } = browser()
    const url = `${world.entra.origin}/${tenantId}/login?client_id=${clientId}&redirect_uri=https://evil.example`
    const response = await visit(url, { person: ada })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('AADSTS50011')
  })
})

test('an authorization request may be posted', async () => {
  const { visit, press } = browser()
  const [url = '', search = ''] = browser().authorizeUrl().split('?')
  const form = Object.fromEntries(new URLSearchParams(search))
  const page = await (await visit(url, form)).text()
  expect(page).toContain('Sign in to Signet')
  expect(page).toContain(`/${tenantId}/login?client_id=`)
  expect(
    await responseParameters(await press(`${endpoint(world.entra, 'authorize')}?${search}`, { person: ada })),
  ).toHaveProperty('code')
})
