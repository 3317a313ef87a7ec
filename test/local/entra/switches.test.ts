import { createLocalJWKSet, decodeProtectedHeader, type JWK, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { type IdTokenFlaw, idTokenFlaws } from '../../../local/entra/token/idTokenFlaws.ts'
import type { Fault } from '../../../local/entra/wire/fault.ts'
import {
  ada,
  clientId,
  completeSignIn,
  openBrowser,
  openTestedWorld,
  redirectUri,
  tenantId,
} from './world.ts'

const world = await openTestedWorld()

const keysUrl = () => `${world.entra.origin}/${tenantId}/discovery/v2.0/keys`
const metadataUrl = () => `${world.entra.origin}/${tenantId}/v2.0/.well-known/openid-configuration`

type PublishedKeys = { keys: (JWK & { issuer?: string })[] }

async function publishedKeys(): Promise<PublishedKeys> {
  return (await (await fetch(keysUrl())).json()) as PublishedKeys
}

/** All the rules a careful client applies to an ID token of Entra, written down a second time. */
async function isAcceptable(idToken: string): Promise<boolean> {
  try {
    const issuer = `${world.entra.origin}/${tenantId}/v2.0`
    const jwks = await publishedKeys()
    const { payload, protectedHeader } = await jwtVerify(idToken, createLocalJWKSet(jwks), {
      issuer,
      audience: clientId,
      algorithms: ['RS256'],
      currentDate: new Date(world.clock.nowMs),
      clockTolerance: 60,
      maxTokenAge: 86_400,
      requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', 'nonce', 'tid', 'oid'],
    })
    const { aud, azp, sub = '', tid, ver, nonce, at_hash, c_hash } = payload
    const key = jwks.keys.find(({ kid }) => kid === protectedHeader.kid)
    return (
      (typeof aud === 'string' || aud?.length === 1) &&
      (azp === undefined || azp === clientId) &&
      sub.length > 0 &&
      sub.length <= 255 &&
      tid === tenantId &&
      ver === '2.0' &&
      nonce === 'nonce-of-the-test' &&
      at_hash === undefined &&
      c_hash === undefined &&
      (key === undefined || key.issuer === issuer)
    )
  } catch {
    return false
  }
}

describe('an ID token', () => {
  const harmless: readonly IdTokenFlaw[] = ['aud-as-array']

  test('is acceptable while no flaw is switched on', async () => {
    const { body } = await completeSignIn(world)
    expect(await isAcceptable(String(body.id_token))).toBe(true)
  })

  test.each(idTokenFlaws.filter((flaw) => !harmless.includes(flaw)))(
    'is unacceptable with %s',
    async (flaw) => {
      world.entra.switches.idToken.flaw = flaw
      const { body } = await completeSignIn(world)
      expect(await isAcceptable(String(body.id_token))).toBe(false)
    },
  )

  test('is acceptable with its audience in a list', async () => {
    world.entra.switches.idToken.flaw = 'aud-as-array'
    const { body } = await completeSignIn(world)
    expect(await isAcceptable(String(body.id_token))).toBe(true)
  })

  test('without kid is acceptable where one key is published', async () => {
    world.entra.switches.idToken.flaw = 'kid-absent'
    world.entra.switches.keys.onlyCurrent = true
    const { body } = await completeSignIn(world)
    expect((await publishedKeys()).keys).toHaveLength(1)
    expect(decodeProtectedHeader(String(body.id_token))).not.toHaveProperty('kid')
  })

  test('carries claims of the test’s choosing', async () => {
    world.entra.switches.idToken.override = { roles: ['Admin'], sid: undefined }
    const { body } = await completeSignIn(world)
    const claims = JSON.parse(Buffer.from(String(body.id_token).split('.')[1] ?? '', 'base64url').toString())
    expect(claims).toMatchObject({ roles: ['Admin'] })
    expect(claims).not.toHaveProperty('sid')
  })

  test('is signed by a key that was not there before, when keys rotate just before signing', async () => {
    const before = await publishedKeys()
    await completeSignIn(world)
    world.entra.switches.keys.rotateBeforeSigning = true
    await completeSignIn(world)
    const { body } = await completeSignIn(world)
    const { kid } = decodeProtectedHeader(String(body.id_token))
    expect(before.keys.map((key) => key.kid)).not.toContain(kid)
    expect(await isAcceptable(String(body.id_token))).toBe(true)
  })
})

test('decoy keys share the kid of the signing key and stand before it', async () => {
  world.entra.switches.keys.decoys = true
  const { body } = await completeSignIn(world)
  const { kid } = decodeProtectedHeader(String(body.id_token))
  const namesakes = (await publishedKeys()).keys.filter((key) => key.kid === kid)
  expect(namesakes.map(({ kty, use }) => [kty, use])).toEqual([
    ['EC', 'sig'],
    ['RSA', 'enc'],
    ['RSA', 'sig'],
  ])
})

describe('the authorization response', () => {
  test('carries a foreign iss', async () => {
    world.entra.switches.authorize.iss = 'https://issuer.invalid'
    expect(await openBrowser(world.entra).signIn(ada)).toMatchObject({ iss: 'https://issuer.invalid' })
  })

  test.each([
    ['absent', undefined],
    ['other', 'state-of-the-tesA'],
  ] as const)('has its state %s', async (fate, expected) => {
    world.entra.switches.authorize.state = fate
    expect((await openBrowser(world.entra).signIn(ada)).state).toBe(expected)
  })

  test('repeats a parameter', async () => {
    world.entra.switches.authorize.duplicate = ['code', 'state']
    const { press, authorizeUrl } = openBrowser(world.entra)
    const html = await (await press(authorizeUrl(), { person: ada })).text()
    expect(html.match(/name="code"/g)).toHaveLength(2)
    expect(html.match(/name="state"/g)).toHaveLength(2)
  })

  test('is an error of the test’s choosing, once', async () => {
    world.entra.switches.authorize.error = { error: 'temporarily_unavailable', description: '<b>later</b>' }
    const tab = openBrowser(world.entra)
    expect(await tab.authorize()).toEqual({
      error: 'temporarily_unavailable',
      error_description: '<b>later</b>',
      state: 'state-of-the-test',
    })
    expect(await (await tab.visit(tab.authorizeUrl())).text()).toContain('Sign in to Signet')
  })
})

describe('the token response', () => {
  test.each([
    ['token_type', 'bearer'],
    ['expires_in', '3599'],
    ['expires_in', undefined],
    ['id_token', undefined],
    ['access_token', 7],
  ])('has %s %s', async (member, value) => {
    world.entra.switches.token.override = { [member]: value }
    const { status, body } = await completeSignIn(world)
    expect(status).toBe(200)
    expect(body[member]).toBe(value)
    expect(member in body).toBe(value !== undefined)
  })

  test('is a refusal of the test’s choosing, claims challenge included', async () => {
    world.entra.switches.token.refuse = 50076
    world.entra.switches.token.refuseClaims = '{"access_token":{}}'
    expect((await completeSignIn(world)).body).toMatchObject({
      error: 'interaction_required',
      error_codes: [50076],
      claims: '{"access_token":{}}',
    })
  })
})

test('metadata names another issuer', async () => {
  world.entra.switches.metadata.override = { issuer: 'https://issuer.invalid', jwks_uri: undefined }
  const body = (await (await fetch(metadataUrl())).json()) as Record<string, unknown>
  expect(body.issuer).toBe('https://issuer.invalid')
  expect(body).not.toHaveProperty('jwks_uri')
})

describe('a fault', () => {
  const get = (init: RequestInit = {}) => fetch(metadataUrl(), { redirect: 'manual', ...init })
  const set = (fault: Fault) => {
    world.entra.switches.faults.metadata = fault
  }

  test('answers with a status and headers', async () => {
    set({ kind: 'status', status: 429, headers: { 'retry-after': '60' } })
    const response = await get()
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '60'])
  })

  test('answers with HTML, with no JSON, with another shape, with a redirect', async () => {
    set({ kind: 'html' })
    expect((await get()).headers.get('content-type')).toContain('text/html')
    set({ kind: 'not-json' })
    await expect((await get()).json()).rejects.toThrow()
    set({ kind: 'wrong-shape' })
    expect(await (await get()).json()).toEqual([])
    set({ kind: 'redirect', location: 'https://elsewhere.example/' })
    expect((await get()).status).toBe(302)
  })

  test('cuts the connection, or the body', async () => {
    set({ kind: 'drop' })
    await expect(get()).rejects.toThrow()
    set({ kind: 'truncate' })
    await expect(get().then((response) => response.text())).rejects.toThrow()
  })

  test('never answers', async () => {
    set({ kind: 'stall' })
    await expect(get({ signal: AbortSignal.timeout(100) })).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(world.entra.log.at(-1)).toMatchObject({ status: 0, details: { fault: 'stall' } })
  })

  test('pads the body', async () => {
    set({ kind: 'oversized', bytes: 2_000_000 })
    expect((await (await get()).text()).length).toBeGreaterThan(2_000_000)
  })

  test('happens as often as it is told', async () => {
    set({ kind: 'status', status: 503, times: 2 })
    expect([(await get()).status, (await get()).status, (await get()).status]).toEqual([503, 503, 200])
  })

  test('after processing has spent the code it does not answer for', async () => {
    world.entra.switches.faults.token = { kind: 'status', status: 502, afterProcessing: true, times: 1 }
    const { code } = await openBrowser(world.entra).signIn(ada)
    const token = { code, code_verifier: undefined, redirect_uri: redirectUri }
    await expect(completeSignIn(world, ada, { token })).rejects.toThrow()
    expect((await completeSignIn(world, ada, { token })).body.error_codes).toEqual([54005])
  })

  test('is gone after a reset', async () => {
    set({ kind: 'status', status: 500 })
    world.entra.switches.reset()
    expect((await get()).status).toBe(200)
  })
})
