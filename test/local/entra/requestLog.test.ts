import { describe, expect, test } from 'vitest'
import { describeSignIn } from '../../../local/entra/describeSignIn.ts'
import {
  ada,
  clientId,
  createPkce,
  credential,
  openBrowser,
  openTestedWorld,
  postToken,
  redirectUri,
  tenantId,
} from './world.ts'

const world = await openTestedWorld()
const { verifier, challenge } = createPkce()
const { code = '' } = await openBrowser(world.entra).signIn(ada, {
  code_challenge: challenge,
  code_challenge_method: 'S256',
})
await fetch(`${world.entra.origin}/${tenantId}/discovery/v2.0/keys`)
const proof = await credential(world)
const redeemed = await postToken(world.entra, {
  grant_type: 'authorization_code',
  code,
  redirect_uri: redirectUri,
  code_verifier: verifier,
  ...proof,
})
const refreshed = await postToken(world.entra, {
  grant_type: 'refresh_token',
  refresh_token: String(redeemed.body.refresh_token),
  ...proof,
})
await fetch(`${world.entra.origin}/favicon.ico`)
const tokens = ['access_token', 'refresh_token', 'id_token'].flatMap((name) => [
  String(redeemed.body[name]),
  String(refreshed.body[name]),
])
const secrets = [
  code,
  verifier,
  proof.client_assertion,
  proof.client_assertion.split('.')[2] ?? '',
  ...tokens,
  'state-of-the-test',
  'nonce-of-the-test',
]

describe('the log', () => {
  test('has every request in order, with what came of it', () => {
    expect(world.entra.log.map(({ kind, method, status }) => [kind, method, status])).toEqual([
      ['authorize', 'GET', 200],
      ['sign-in', 'POST', 200],
      ['keys', 'GET', 200],
      ['token', 'POST', 200],
      ['token', 'POST', 200],
      ['other', 'GET', 404],
    ])
  })

  test('ties the requests of one sign-in together', () => {
    const [first] = world.entra.log
    const tied = world.entra.log.filter(({ signIn }) => signIn === first?.signIn)
    expect(tied.map(({ kind }) => kind)).toEqual(['authorize', 'sign-in', 'token', 'token'])
  })

  test('shows the assertion taken apart, and the outcome', () => {
    const token = world.entra.log.find(({ kind }) => kind === 'token')
    expect(token?.details).toMatchObject({
      grantType: 'authorization_code',
      clientId,
      clientProof: 'certificate',
      assertion: {
        header: { alg: 'PS256', typ: 'JWT', 'x5t#S256': world.certificate.thumbprintS256 },
        claims: { iss: clientId, sub: clientId, exp: expect.any(Number) },
      },
      assertionReused: false,
      assertionLifetimeSeconds: 600,
      outcome: 'issued',
      issued: ['access_token', 'refresh_token', 'id_token'],
    })
  })

  test('holds nothing that could be replayed', () => {
    const text = JSON.stringify(world.entra.log)
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(10)
      expect(text).not.toContain(secret)
    }
  })
})

describe('a sign-in told in lines', () => {
  test('goes from the authorization request to the last refresh', () => {
    const lines = world.entra.describeSignIn().split('\n')
    expect(lines[0]).toBe(`Sign-in ${world.entra.log[0]?.signIn}`)
    const heads = lines.filter((line) => /^\d\d:/.test(line)).map((line) => line.slice(14))
    expect(heads).toEqual([
      expect.stringMatching(/^200 {2}authorize \S+ asks for "openid .+" by form_post: sign-in page$/),
      '200  sign-in   Ada Lindqvist: code',
      `200  keys      GET /${tenantId}/discovery/v2.0/keys`,
      expect.stringMatching(
        /^200 {2}token {5}authorization_code by \S+: issued access_token refresh_token id_token for /,
      ),
      expect.stringMatching(/^200 {2}token {5}refresh_token by /),
    ])
    expect(lines.join('\n')).toContain(`x5t#S256 ${world.certificate.thumbprintS256}`)
    expect(lines.join('\n')).toContain('client proof: certificate, assertion used before')
  })

  test('says so when there was none', () => {
    expect(describeSignIn([])).toBe('There was no sign-in.')
    expect(world.entra.describeSignIn('unheard of')).toBe('There was no sign-in.')
  })
})
