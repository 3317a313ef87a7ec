import { createHash, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterAll, afterEach } from 'vitest'
import type { ApplicationRegistration } from '../../../local/entra/directory/application.ts'
import { type EntraLookAlike, openEntra } from '../../../local/entra/openEntra.ts'
import { createSigningCertificate } from '../../../local/pki.ts'

export const tenantId = 'b7c1f0de-4c55-4a7b-9d6e-0f2a4b6c8d10'
export const clientId = '3f6c2b1a-7d8e-4f90-a1b2-c3d4e5f60718'
export const apiV1 = '4a7d3c2b-8e9f-4a01-b2c3-d4e5f6071829'
export const apiV2 = '5b8e4d3c-9fa0-4b12-83d4-e5f60718293a'
export const redirectUri = 'http://localhost:7071/auth/callback'
export const ada = '0d1f3a52-8a3c-4c0e-9a86-5b7f0e2d4a01'
export const bo = '1c2e4b63-9b4d-4d1f-8b97-6c8a1f3e5b02'
export const chen = '2b3d5c74-ac5e-4e2a-9ca8-7d9b2a4f6c03'
export const dana = '3a4c6d85-bd6f-4f3b-8db9-8eac3b5a7d04'
export const eli = '495b7e96-ce7a-4a4c-9eca-9fbd4c6b8e05'

const DAY_MS = 86_400_000

type Json = Record<string, unknown>
export type Changes = Record<string, string | undefined>

/** A world for a file of tests: after each one every switch is off, after the last it is closed. */
export async function openTestedWorld(nowMs?: number): Promise<TestWorld> {
  const world = await openWorld(nowMs)
  afterEach(() => world.entra.switches.reset())
  afterAll(() => world.close())
  return world
}

/** A look-alike with one web application and two APIs, a browser's cookie jar, and a clock that the test moves. */
export async function openWorld(nowMs = Date.UTC(2027, 0, 15, 12)) {
  const clock = { nowMs }
  const entra = await openEntra({ tenantId, now: () => clock.nowMs })
  const certificate = await createCertificate(clock.nowMs)
  const web: ApplicationRegistration = {
    clientId,
    displayName: 'Signet',
    redirectUris: [redirectUri, 'http://localhost:7071/auth/signed-out'],
    logoutUrl: 'http://localhost:7071/auth/frontchannel-logout',
    certificates: [certificate.der],
    delegatedPermissions: [
      'User.Read',
      ...[clientId, apiV1, apiV2].map((api) => `api://${api}/access_as_user`),
    ],
    applicationPermissions: { [`api://${apiV2}`]: ['Reports.Read'] },
  }
  entra.registerApplication(web)
  entra.registerApplication({
    clientId: apiV1,
    displayName: 'API v1',
    redirectUris: [],
    requestedAccessTokenVersion: 1,
  })
  entra.registerApplication({ clientId: apiV2, displayName: 'API v2', redirectUris: [] })
  return { entra, clock, certificate, web, close: () => entra.close() }
}

export type TestWorld = Awaited<ReturnType<typeof openWorld>>
export type TestCertificate = Awaited<ReturnType<typeof createCertificate>>

export async function createCertificate(
  nowMs: number,
  { notBefore = nowMs - DAY_MS, notAfter = nowMs + 365 * DAY_MS } = {},
) {
  const { der, privateKey } = await createSigningCertificate({
    subject: 'CN=signet',
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
  })
  const digest = (algorithm: string) => createHash(algorithm).update(der).digest('base64url')
  return { der, privateKey, thumbprintS256: digest('sha256'), thumbprintSha1: digest('sha1') }
}

export function endpoint(
  entra: EntraLookAlike,
  name: 'authorize' | 'token' | 'logout',
  tenant = tenantId,
): string {
  return `${entra.origin}/${tenant}/oauth2/v2.0/${name}`
}

/** A client assertion as Entra documents it; header and claims can be changed, undefined removes a member. */
export async function assertionOf(
  { entra, clock, certificate }: Pick<TestWorld, 'entra' | 'clock'> & { certificate: TestCertificate },
  {
    header = {},
    claims = {},
    key = certificate.privateKey,
  }: { header?: Json; claims?: Json; key?: KeyObject | Uint8Array } = {},
): Promise<string> {
  const nowSec = Math.floor(clock.nowMs / 1000)
  const allClaims = {
    aud: endpoint(entra, 'token'),
    iss: clientId,
    sub: clientId,
    jti: randomUUID(),
    nbf: nowSec,
    iat: nowSec,
    exp: nowSec + 600,
    ...claims,
  }
  const allHeader = { alg: 'PS256', typ: 'JWT', 'x5t#S256': certificate.thumbprintS256, ...header }
  return new SignJWT(present(allClaims)).setProtectedHeader(present(allHeader) as { alg: string }).sign(key)
}

/** Posts to the token endpoint; `parameters` of undefined are left out. */
export async function postToken(
  entra: EntraLookAlike,
  parameters: Changes,
  { tenant = tenantId, headers = {} }: { tenant?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: Headers; body: Json }> {
  const response = await fetch(endpoint(entra, 'token', tenant), {
    method: 'POST',
    headers,
    body: new URLSearchParams(present(parameters) as Record<string, string>),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json }
}

/** The web application's credential, ready to be spread into a token request. */
export async function credential(world: TestWorld, change: Parameters<typeof assertionOf>[1] = {}) {
  return {
    client_id: clientId,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await assertionOf(world, change),
  }
}

/** A browser: keeps the look-alike's cookie, presses a person's button, reads what would reach the application. */
export function openBrowser(entra: EntraLookAlike) {
  let cookie: string | undefined
  const visit = async (url: string, form?: Record<string, string>): Promise<Response> => {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: cookie === undefined ? {} : { cookie },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    })
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return response
  }
  const authorizeUrl = (changes: Changes = {}, tenant = tenantId) => {
    const parameters = {
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      response_mode: 'form_post',
      scope: `openid profile offline_access api://${clientId}/access_as_user`,
      state: 'state-of-the-test',
      nonce: 'nonce-of-the-test',
      ...changes,
    }
    return `${endpoint(entra, 'authorize', tenant)}?${new URLSearchParams(present(parameters) as Record<string, string>)}`
  }
  const press = async (pageUrl: string, form: Record<string, string>) => {
    const html = await (await visit(pageUrl)).text()
    const action = decodeEntities(/<form method="post" action="([^"]+)"/.exec(html)?.[1] ?? '')
    const flow = /name="flow" value="([^"]+)"/.exec(html)?.[1] ?? ''
    return visit(new URL(action, entra.origin).href, { flow, ...form })
  }
  return {
    visit,
    authorizeUrl,
    press,
    /** Signs in through the page and returns the response parameters. */
    async signIn(person: string, changes: Changes = {}, tenant = tenantId) {
      return responseParameters(await press(authorizeUrl(changes, tenant), { person }))
    },
    /** Follows the authorization URL without pressing anything. */
    async authorize(changes: Changes = {}, tenant = tenantId) {
      return responseParameters(await visit(authorizeUrl(changes, tenant)))
    },
  }
}

/** The parameters of an authorization response, from the form-post page or from a redirect. */
export async function responseParameters(response: Response): Promise<Record<string, string>> {
  const location = response.headers.get('location')
  if (location !== null) {
    const { search, hash } = new URL(location)
    return Object.fromEntries(new URLSearchParams(search || hash.slice(1)))
  }
  const html = await response.text()
  const inputs = html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)
  return Object.fromEntries([...inputs].map(([, name, value]) => [name, decodeEntities(value ?? '')]))
}

/** Code flow with PKCE from sign-in to token response. */
export async function completeSignIn(
  world: TestWorld,
  person = ada,
  { authorize = {}, token = {} }: { authorize?: Changes; token?: Changes } = {},
) {
  const { verifier, challenge } = createPkce()
  const { code } = await openBrowser(world.entra).signIn(person, {
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...authorize,
  })
  return postToken(world.entra, {
    grant_type: 'authorization_code',
    ...(await credential(world)),
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...token,
  })
}

export function createPkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

function present(members: Json): Json {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

function decodeEntities(markup: string): string {
  return markup
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
