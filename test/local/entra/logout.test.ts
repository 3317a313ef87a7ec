import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import {
  ada,
  bo,
  credential,
  endpoint,
  openBrowser,
  openTestedWorld,
  postToken,
  redirectUri,
} from './world.ts'

const signedOutUri = 'http://localhost:7071/auth/signed-out'
const otherClient = 'aaaaaaaa-0000-4000-8000-0000000000f1'

const world = await openTestedWorld()
world.entra.registerApplication({
  ...world.web,
  clientId: otherClient,
  logoutUrl: 'http://localhost:7072/logout?from=entra',
})

function logoutUrl(parameters: Record<string, string> = {}): string {
  return `${endpoint(world.entra, 'logout')}?${new URLSearchParams(parameters)}`
}

const framesOf = (html: string) =>
  [...html.matchAll(/<iframe src="([^"]+)"/g)].map(([, url]) => url?.replaceAll('&amp;', '&'))

test('every application of the session is told its sid, and nothing else', async () => {
  const tab = openBrowser(world.entra)
  const { code } = await tab.signIn(ada)
  await tab.authorize({ client_id: otherClient })
  const { body } = await postToken(world.entra, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    ...(await credential(world)),
  })
  const { sid } = decodeJwt(String(body.id_token))

  const response = await tab.visit(logoutUrl({ post_logout_redirect_uri: signedOutUri }))

  const html = await response.text()
  expect(framesOf(html)).toEqual([
    `http://localhost:7071/auth/frontchannel-logout?sid=${sid}`,
    `http://localhost:7072/logout?from=entra&sid=${sid}`,
  ])
  expect(response.headers.get('content-security-policy')).toContain(
    'frame-src http://localhost:7071 http://localhost:7072',
  )
  expect(html).toContain(`<a href="${signedOutUri}">`)
  expect(html).toContain(`;url=${signedOutUri}">`)
})

test.each(['GET', 'POST'])('the session is over after a %s', async (method) => {
  const tab = openBrowser(world.entra)
  await tab.signIn(ada)
  await tab.visit(logoutUrl(), method === 'POST' ? { post_logout_redirect_uri: signedOutUri } : undefined)
  expect((await tab.authorize({ prompt: 'none' })).error).toBe('login_required')
})

test('a hint signs out that person only', async () => {
  const tab = openBrowser(world.entra)
  await tab.signIn(ada)
  await tab.signIn(bo, { prompt: 'select_account' })
  await tab.visit(logoutUrl({ logout_hint: 'ada@contoso.example' }))
  expect(await tab.authorize({ prompt: 'none' })).toHaveProperty('code')
  expect((await tab.authorize({ prompt: 'none', login_hint: 'ada@contoso.example' })).error).toBe(
    'login_required',
  )
})

test('the login_hint claim of an ID token is a hint', async () => {
  const tab = openBrowser(world.entra)
  const { code } = await tab.signIn(ada)
  const { body } = await postToken(world.entra, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    ...(await credential(world)),
  })
  const hint = String(decodeJwt(String(body.id_token)).login_hint)
  const html = await (await tab.visit(logoutUrl({ logout_hint: hint }))).text()
  expect(framesOf(html)).toHaveLength(1)
})

test('the browser is not sent to a URI that nobody registered', async () => {
  const tab = openBrowser(world.entra)
  await tab.signIn(ada)
  const html = await (
    await tab.visit(logoutUrl({ post_logout_redirect_uri: 'https://evil.example/' }))
  ).text()
  expect(html).toContain('You signed out')
  expect(html).not.toContain('evil.example')
})

test.each([
  ['echo', `${signedOutUri}?state=abc`],
  ['absent', signedOutUri],
  ['other', `${signedOutUri}?state=abc-other`],
] as const)('state comes back as the switch says: %s', async (fate, expected) => {
  world.entra.switches.logout.state = fate
  const url = logoutUrl({ post_logout_redirect_uri: signedOutUri, state: 'abc' })
  const html = await (await openBrowser(world.entra).visit(url)).text()
  expect(html).toContain(`<a href="${expected}">`)
})

test('without a session there is nobody to tell', async () => {
  const html = await (await openBrowser(world.entra).visit(logoutUrl())).text()
  expect(framesOf(html)).toEqual([])
  expect(world.entra.log.at(-1)).toMatchObject({ kind: 'logout', details: { signedOut: [] } })
})
