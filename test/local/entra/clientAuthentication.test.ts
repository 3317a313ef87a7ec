import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { exportJWK, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  apiV2,
  type assertionOf,
  clientId,
  createCertificate,
  credential,
  endpoint,
  openTestedWorld,
  postToken,
  type TestCertificate,
  tenantId,
} from './world.ts'

const world = await openTestedWorld()
const stranger = await createCertificate(world.clock.nowMs)

const nowSec = () => Math.floor(world.clock.nowMs / 1000)

/** The shortest question that only a proven client gets an answer to. */
async function ask(parameters: Record<string, string | undefined>) {
  return postToken(world.entra, {
    grant_type: 'client_credentials',
    scope: `api://${apiV2}/.default`,
    ...parameters,
  })
}

async function askWith(change: Parameters<typeof assertionOf>[1]) {
  return ask(await credential(world, change))
}

describe('a client assertion is accepted', () => {
  test.each<[string, () => Parameters<typeof assertionOf>[1]]>([
    ['with PS256 and x5t#S256', () => ({})],
    ['with RS256 and x5t#S256', () => ({ header: { alg: 'RS256' } })],
    [
      'with RS256 and the older x5t',
      () => ({ header: { alg: 'RS256', 'x5t#S256': undefined, x5t: world.certificate.thumbprintSha1 } }),
    ],
    [
      'with times written as strings and no iat, as MSAL.NET sends',
      () => ({ claims: { nbf: String(nowSec()), exp: String(nowSec() + 600), iat: undefined } }),
    ],
    ['without nbf, as MSAL for Python sends', () => ({ claims: { nbf: undefined } })],
    ['299 seconds after it expired', () => ({ claims: { exp: nowSec() - 299 } })],
    ['299 seconds before it begins', () => ({ claims: { nbf: nowSec() + 299 } })],
  ])('%s', async (_name, change) => {
    const reply = await askWith(change())
    expect(reply).toMatchObject({ status: 200, body: { token_type: 'Bearer' } })
  })

  test('again: Entra does not count uses', async () => {
    const proof = await credential(world)
    expect((await ask(proof)).status).toBe(200)
    expect((await ask(proof)).status).toBe(200)
    expect(world.entra.log.at(-1)?.details).toMatchObject({
      assertionReused: true,
      assertionLifetimeSeconds: 600,
    })
  })
})

describe('a client assertion is refused', () => {
  const defects: [string, () => Parameters<typeof assertionOf>[1], number][] = [
    ['by a certificate nobody registered', () => of(stranger), 700027],
    ['by a thumbprint of the hex text', () => ({ header: { 'x5t#S256': hexThumbprint() } }), 700027],
    ['without a thumbprint', () => ({ header: { 'x5t#S256': undefined } }), 700027],
    [
      'with PS256 and only the SHA-1 thumbprint',
      () => ({ header: { 'x5t#S256': undefined, x5t: world.certificate.thumbprintSha1 } }),
      700027,
    ],
    ['signed with another key than it names', () => ({ key: stranger.privateKey }), 7000274],
    ['with ES256', () => ({ header: { alg: 'ES256' }, key: ellipticKey() }), 5002730],
    ['with HS256', () => ({ header: { alg: 'HS256' }, key: Buffer.alloc(32, 1) }), 5002730],
    ['without typ', () => ({ header: { typ: undefined } }), 50027],
    ['without jti', () => ({ claims: { jti: undefined } }), 50027],
    ['without exp', () => ({ claims: { exp: undefined } }), 700024],
    ['300 seconds after it expired', () => ({ claims: { exp: nowSec() - 300 } }), 700024],
    ['301 seconds before it begins', () => ({ claims: { nbf: nowSec() + 301 } }), 700024],
    ['with a time that is no number', () => ({ claims: { exp: 'soon' } }), 700024],
    ['without aud', () => ({ claims: { aud: undefined } }), 700023],
    [
      'for the issuer instead of the token endpoint',
      () => ({ claims: { aud: `${world.entra.origin}/${tenantId}/v2.0` } }),
      700023,
    ],
    ['for a list', () => ({ claims: { aud: [endpoint(world.entra, 'token')] } }), 700023],
    ['for another path', () => ({ claims: { aud: endpoint(world.entra, 'token', 'common') } }), 700023],
    ['with another subject than issuer', () => ({ claims: { sub: apiV2 } }), 50048],
    ['of another client', () => ({ claims: { iss: apiV2, sub: apiV2 } }), 700021],
  ]

  test.each(defects)('%s', async (_name, change, code) => {
    const reply = await askWith(change())
    const isRequestFault = code === 50027 || code === 5002730
    expect(reply).toMatchObject({
      status: isRequestFault ? 400 : 401,
      body: { error: isRequestFault ? 'invalid_request' : 'invalid_client', error_codes: [code] },
    })
    expect(reply.body).not.toHaveProperty('access_token')
    expect(world.entra.log.at(-1)).toMatchObject({
      kind: 'token',
      details: {
        outcome: 'refused',
        code,
        assertion: { header: expect.anything(), claims: expect.anything() },
      },
    })
  })

  test('when it is no JWT at all', async () => {
    const reply = await ask({ ...(await credential(world)), client_assertion: 'not.a.jwt' })
    expect(reply.body.error_codes).toEqual([50027])
  })

  test('when its certificate is over', async () => {
    const over = await createCertificate(world.clock.nowMs, { notAfter: world.clock.nowMs - 1000 })
    world.entra.registerCertificate(clientId, over.der)
    expect((await askWith(of(over))).body.error_codes).toEqual([1000502])
  })

  test('for a second use, where the switch asks for that', async () => {
    world.entra.switches.clientAuthentication.refuseReusedJti = true
    const proof = await credential(world)
    expect((await ask(proof)).status).toBe(200)
    expect((await ask(proof)).body.error_codes).toEqual([50027])
  })

  const of = (certificate: TestCertificate) => ({
    header: { 'x5t#S256': certificate.thumbprintS256 },
    key: certificate.privateKey,
  })
  const hexThumbprint = () =>
    Buffer.from(createHash('sha256').update(world.certificate.der).digest('hex')).toString('base64url')
  const ellipticKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
})

describe('registered certificates', () => {
  test('work side by side, and one no longer once it is removed', async () => {
    const next = await createCertificate(world.clock.nowMs)
    const withNext = async () =>
      ask(await credential(world, { header: { 'x5t#S256': next.thumbprintS256 }, key: next.privateKey }))

    expect((await withNext()).body.error_codes).toEqual([700027])
    expect(world.entra.registerCertificate(clientId, next.der)).toBe(next.thumbprintS256)
    expect((await withNext()).status).toBe(200)
    expect((await askWith({})).status).toBe(200)
    world.entra.removeCertificate(clientId, next.thumbprintS256)
    expect((await withNext()).body.error_codes).toEqual([700027])
  })

  test('are unknown until they have propagated, where the switch sets a time', async () => {
    const next = await createCertificate(world.clock.nowMs)
    world.entra.switches.clientAuthentication.propagationMs = 60_000
    world.entra.registerCertificate(clientId, next.der)
    const withNext = async () =>
      ask(await credential(world, { header: { 'x5t#S256': next.thumbprintS256 }, key: next.privateKey }))

    expect((await withNext()).body.error_codes).toEqual([700027])
    world.clock.nowMs += 60_000
    expect((await withNext()).status).toBe(200)
  })
})

describe('a client', () => {
  test('that is unknown is told so', async () => {
    const reply = await ask({ ...(await credential(world)), client_id: tenantId })
    expect(reply).toMatchObject({
      status: 400,
      body: { error: 'unauthorized_client', error_codes: [700016] },
    })
  })

  test('without a credential is refused', async () => {
    const reply = await ask({ client_id: clientId })
    expect(reply).toMatchObject({ status: 401, body: { error: 'invalid_client', error_codes: [7000218] } })
  })

  test('with an assertion of another type is refused', async () => {
    const reply = await ask({ ...(await credential(world)), client_assertion_type: 'saml' })
    expect(reply.body.error_codes).toEqual([7000218])
  })

  test('with a secret it does not have is refused', async () => {
    const reply = await ask({ client_id: clientId, client_secret: 'guess' })
    expect(reply).toMatchObject({ status: 401, body: { error_codes: [7000215] } })
  })

  test('that is public must present nothing', async () => {
    const publicClient = 'aaaaaaaa-0000-4000-8000-000000000002'
    world.entra.registerApplication({ ...world.web, clientId: publicClient, isPublic: true })
    const claims = { iss: publicClient, sub: publicClient }
    const reply = await ask({ ...(await credential(world, { claims })), client_id: publicClient })
    expect(reply.body.error_codes).toEqual([700025])
  })
})

describe('a federated token', () => {
  const issuer = 'https://issuer.example'
  const subject = '7a0b1c2d-3e4f-4a5b-8c6d-7e8f90a1b2c3'
  const audience = 'api://AzureADTokenExchange'
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const federated = 'aaaaaaaa-0000-4000-8000-000000000003'

  beforeAll(async () => {
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one' }] }
    world.entra.registerApplication({
      ...world.web,
      clientId: federated,
      federatedCredentials: [{ issuer, subject, audience, jwks }],
    })
  })

  async function askFederated(claims: Record<string, unknown>, key = privateKey) {
    const assertion = new SignJWT({
      iss: issuer,
      sub: subject,
      aud: audience,
      exp: nowSec() + 3600,
      ...claims,
    })
    return ask({
      ...(await credential(world)),
      client_id: federated,
      client_assertion: await assertion.setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(key),
    })
  }

  test('proves the client, and counts as class 2', async () => {
    const { status, body } = await askFederated({})
    expect(status).toBe(200)
    const claims = JSON.parse(
      Buffer.from(String(body.access_token).split('.')[1] ?? '', 'base64url').toString(),
    )
    expect(claims).toMatchObject({ azp: federated, azpacr: '2' })
    expect(world.entra.log.at(-1)?.details).toMatchObject({ clientProof: 'federated' })
  })

  test.each([
    ['issuer', { iss: 'https://other.example' }, 700211],
    ['subject, in case too', { sub: subject.toUpperCase() }, 700213],
    ['audience', { aud: 'api://azureadtokenexchange' }, 700212],
    ['time', { exp: 1 }, 700024],
  ])('must match in %s', async (_name, claims, code) => {
    expect((await askFederated(claims)).body.error_codes).toEqual([code])
  })

  test('must carry a signature of its issuer', async () => {
    expect((await askFederated({}, stranger.privateKey)).body.error_codes).toEqual([7000274])
  })
})
