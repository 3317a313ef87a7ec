/** What we send, byte for byte but for this desk's own names: a difference in these files is a change of the protocol. */
import { expect, test } from 'vitest'
import { inGeneral } from '../support/inGeneral.ts'
import { openJourney } from '../support/openJourney.ts'
import { BO, location, newVisitor } from '../support/visitor.ts'

const tokenRequests: URLSearchParams[] = []

const world = await openJourney({
  isFrozen: true,
  effects: {
    random: (bytes) => new Uint8Array(bytes).fill(7),
    fetch: (input, init) => {
      if (String(input).endsWith('/token')) tokenRequests.push(new URLSearchParams(String(init?.body)))
      return fetch(input, init)
    },
  },
})

/** One parameter a line, with what no two runs share named instead. */
function shown(
  address: string,
  parameters: URLSearchParams,
  variable: Readonly<Record<string, string>>,
): string {
  const lines = [...parameters].map(([name, value]) => `${name}=${variable[name] ?? value}`)
  return inGeneral(world, `${[address, ...lines].join('\n')}\n`)
}

/** The state as far as it is readable. */
function shownState(state: string): string {
  return state.replace(/[\w-]+$/, '{ciphertext}')
}

function authorizationRequest(url: string): string {
  const { origin, pathname, searchParams } = new URL(url)
  return shown(`${origin}${pathname}`, searchParams, { state: shownState(searchParams.get('state') ?? '') })
}

test('the authorization request', async () => {
  const reply = await newVisitor(world.origin).ask(`${world.origin}/auth/login`)
  await expect(authorizationRequest(location(reply))).toMatchFileSnapshot(
    '../golden/authorization-request.txt',
  )
})

test('the authorization request with every wish', async () => {
  const query = new URLSearchParams({
    returnTo: '/orders?id=7#top',
    loginHint: 'bo@contoso.example',
    domainHint: 'contoso.example',
    prompt: 'login',
    scope: 'openid profile',
    claims: '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}',
  })
  const reply = await newVisitor(world.origin).ask(`${world.origin}/auth/login?${query}`)
  await expect(authorizationRequest(location(reply))).toMatchFileSnapshot(
    '../golden/authorization-request-wishes.txt',
  )
})

test('every Set-Cookie of a sign-in, and the token request', async () => {
  const visitor = newVisitor(world.origin)
  const login = await visitor.ask(`${world.origin}/auth/login`)
  const callback = await visitor.post(await visitor.atEntra(location(login), BO))
  const cookies = [
    ...['GET /auth/login', ...login.setCookies],
    ...['', 'POST /auth/callback', ...callback.setCookies],
  ].map((line) => line.replace(String(world.now()), '{now}'))
  await expect(`${cookies.join('\n')}\n`).toMatchFileSnapshot('../golden/sign-in-cookies.txt')

  const [request = new URLSearchParams()] = tokenRequests
  const variable = { code: '{code}', client_assertion: '{assertion}' }
  const tokenEndpoint = `${world.desk.entra.origin}/${world.desk.entra.tenantId}/oauth2/v2.0/token`
  await expect(shown(tokenEndpoint, request, variable)).toMatchFileSnapshot('../golden/token-request.txt')
})
