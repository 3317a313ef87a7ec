import { createHash, X509Certificate } from 'node:crypto'
import { HttpRequest } from '@azure/functions'
import { describe, expect, it } from 'vitest'
import type { GuardOptions } from '../../lib/guard/guard.ts'
import { createSigningCertificate } from '../../local/pki.ts'
import { appToken, createTokenIssuer, userToken } from './tokenIssuer.ts'

const issuer = await createTokenIssuer()
const valid = { notBefore: new Date(Date.UTC(2025, 0)), notAfter: new Date(Date.UTC(2027, 0)) }
const clientCertificate = async (subject: string) =>
  (await createSigningCertificate({ subject, ...valid })).der
const [own, other] = [await clientCertificate('CN=own'), await clientCertificate('CN=other')]
const thumbprint = createHash('sha256').update(own).digest('base64url')
const cnf = { 'x5t#S256': thumbprint }
const onAppService: Partial<GuardOptions> = { clientCertificateHeader: 'X-ARR-ClientCert' }
const base64 = (der: Uint8Array) => Buffer.from(der).toString('base64')

const token = (claims: object) => issuer.sign({ ...claims })
const bound = await token({ ...appToken, cnf })

/** What a protected function answers to a request with these headers. */
async function ask(headers: Record<string, string>, options: Partial<GuardOptions> = onAppService) {
  const handler = issuer
    .guard(options)
    .protect((_: HttpRequest, caller) => Response.json({ boundTo: caller.boundTo ?? null }))
  const request = new HttpRequest({ method: 'GET', url: 'https://api.contoso.example/orders', headers })
  const response = (await handler(request)) as Response
  const { reason, boundTo } = (await response.json()) as { reason?: string; boundTo?: string | null }
  return { status: response.status, challenge: response.headers.get('www-authenticate'), reason, boundTo }
}

describe('a token that is bound to a key', () => {
  it.each<[string, unknown]>([
    ['a client certificate', cnf],
    ['a DPoP key', { jkt: thumbprint }],
    ['a key of its own', { jwk: { kty: 'RSA' } }],
    ['a key by name', { kid: 'k' }],
    ['something unknown', { new: 'kind' }],
    ['nothing', {}],
    ['no object', 'x'],
    ['null', null],
  ])('is refused as a mere bearer: bound to %s', async (_, confirmation) => {
    for (const options of [{}, onAppService]) {
      const shown = { 'x-arr-clientcert': base64(own) }
      const headers = {
        authorization: `Bearer ${await token({ ...userToken, cnf: confirmation })}`,
        ...shown,
      }
      expect(await ask(headers, options)).toMatchObject({ status: 401, reason: 'bound_token' })
    }
  })

  it('is accepted as MTLS_POP on the connection that showed its certificate, and the caller says which', async () => {
    const headers = { authorization: `MTLS_POP ${bound}`, 'x-arr-clientcert': base64(own) }
    expect(new X509Certificate(own).subject).toContain('CN=')
    expect(await ask(headers)).toMatchObject({ status: 200, boundTo: thumbprint })
    expect(await ask({ ...headers, authorization: `mtls_pop  ${bound}` })).toMatchObject({ status: 200 })
  })

  it.each<[string, Record<string, string>, string]>([
    ['no certificate', {}, 'no_client_certificate'],
    ['an empty header', { 'x-arr-clientcert': '' }, 'no_client_certificate'],
    ['another certificate', { 'x-arr-clientcert': base64(other) }, 'other_client_certificate'],
    ['the thumbprint instead', { 'x-arr-clientcert': thumbprint }, 'other_client_certificate'],
    ['what is no base64', { 'x-arr-clientcert': '<>' }, 'no_client_certificate'],
    [
      'two certificates',
      { 'x-arr-clientcert': `${base64(other)}, ${base64(own)}` },
      'other_client_certificate',
    ],
    ['it in a header of another name', { 'x-client-cert': base64(own) }, 'no_client_certificate'],
  ])('is refused where the connection showed %s', async (_, shown, reason) => {
    const answer = await ask({ authorization: `MTLS_POP ${bound}`, ...shown })
    expect(answer).toMatchObject({ status: 401, reason })
    expect(answer.challenge).toMatch(/^MTLS_POP realm="[^"]+", .*error="invalid_token"/)
  })

  it.each<[string, unknown]>([
    ['no cnf', undefined],
    ['a cnf of null', null],
    ['a thumbprint of another length', { 'x5t#S256': 'AAAA' }],
    ['a thumbprint that is no text', { 'x5t#S256': [thumbprint] }],
    ['a thumbprint with padding', { 'x5t#S256': `${thumbprint}=` }],
    ['the SHA-1 thumbprint', { x5t: thumbprint }],
    ['a certificate and another key', { ...cnf, jkt: thumbprint }],
    ['a DPoP key', { jkt: thumbprint }],
  ])('MTLS_POP takes no token with %s', async (_, confirmation) => {
    const claims = confirmation === undefined ? appToken : { ...appToken, cnf: confirmation }
    const headers = { authorization: `MTLS_POP ${await token(claims)}`, 'x-arr-clientcert': base64(own) }
    expect(await ask(headers)).toMatchObject({ status: 401, reason: 'unbound_token' })
  })

  it('a member of cnf that names no key is left alone', async () => {
    const claims = { ...appToken, cnf: { ...cnf, xms_ksl: 'hw' } }
    const headers = { authorization: `MTLS_POP ${await token(claims)}`, 'x-arr-clientcert': base64(own) }
    expect(await ask(headers)).toMatchObject({ status: 200 })
  })

  it('a guard with another permission in place of this one takes it by the same header', async () => {
    const writing = issuer.guard(onAppService).requiring({ roles: ['Orders.Write.All'] })
    const headers = { authorization: `MTLS_POP ${bound}`, 'x-arr-clientcert': base64(own) }
    const request = new Request('https://api.contoso.example/orders', { headers })
    const answer = await writing.protect(async (_: Request) => new Response())(request)
    expect(await answer.json()).toMatchObject({ reason: 'missing_role' })
  })

  it.each([
    ['no token at all', 'MTLS_POP', 'malformed_request'],
    ['no JWT', 'MTLS_POP abc', 'malformed_token'],
    ['a signature that does not hold', `MTLS_POP ${bound.slice(0, -8)}AAAAAAAA`, 'bad_signature'],
  ])('is told in the scheme that was tried why it is refused: %s', async (_, authorization, reason) => {
    const answer = await ask({ authorization, 'x-arr-clientcert': base64(own) })
    expect(answer.reason).toBe(reason)
    expect(answer.challenge).toMatch(/^MTLS_POP realm="/)
  })

  it('has to keep every other rule as well', async () => {
    const shown = { 'x-arr-clientcert': base64(own) }
    for (const [claims, reason] of [
      [{ ...appToken, cnf, exp: 1 }, 'expired'],
      [{ ...appToken, cnf, azpacr: '1' }, 'secret_client'],
      [{ ...appToken, cnf, roles: [] }, 'missing_role'],
    ] as const)
      expect(await ask({ authorization: `MTLS_POP ${await token(claims)}`, ...shown })).toMatchObject({
        reason,
      })
  })
})

describe('the header with the certificate', () => {
  it('is believed only where the guard was told that the platform sets it: else MTLS_POP is another scheme', async () => {
    const headers = { authorization: `MTLS_POP ${bound}`, 'x-arr-clientcert': base64(own) }
    const answer = await ask(headers, {})
    expect(answer).toMatchObject({ status: 401, reason: 'no_token' })
    expect(answer.challenge).toMatch(/^Bearer realm=/)
  })

  it('a bearer token is taken as before, with a certificate or without one', async () => {
    const authorization = `Bearer ${await token(appToken)}`
    expect(await ask({ authorization })).toMatchObject({ status: 200, boundTo: null })
    expect(await ask({ authorization, 'x-arr-clientcert': base64(own) })).toMatchObject({ boundTo: null })
  })

  it('two credentials, of one scheme or of both, are a malformed request', async () => {
    const bearer = await token(appToken)
    for (const authorization of [
      `MTLS_POP ${bound}, Bearer ${bearer}`,
      `Bearer ${bearer}, MTLS_POP ${bound}`,
      `MTLS_POP ${bound}, MTLS_POP ${bound}`,
      'MTLS_POP',
    ])
      expect(await ask({ authorization, 'x-arr-clientcert': base64(own) })).toMatchObject({
        status: 400,
        reason: 'malformed_request',
      })
  })

  it('may have any name that is no credential of the caller’s own, such as one that holds its word', async () => {
    for (const name of ['X-Authorization', 'Cookie-Certificate']) {
      const headers = { authorization: `MTLS_POP ${bound}`, [name]: base64(own) }
      expect(await ask(headers, { clientCertificateHeader: name })).toMatchObject({ status: 200 })
    }
  })

  it('is expected with MTLS_POP: where judge is not given the certificate, that is what is missing', async () => {
    const answer = await issuer.guard(onAppService).judge(`MTLS_POP ${bound}`)
    expect(answer).toMatchObject({ reason: 'no_client_certificate' })
  })

  it.each(['', 'two words', 'Authorization', 'cookie', 'Proxy-Authorization', 7])(
    '%j cannot be it',
    (name) => {
      const options = { clientCertificateHeader: name } as unknown as Partial<GuardOptions>
      expect(() => issuer.guard(options)).toThrow(/config\/invalid: guard: clientCertificateHeader must be/)
    },
  )
})

describe('where the host itself ended TLS', () => {
  it('judge takes the certificate as bytes or as text, and null for none', async () => {
    const guard = issuer.guard()
    const authorization = `MTLS_POP ${bound}`
    for (const shown of [own, base64(own)])
      expect(await guard.judge(authorization, shown)).toMatchObject({ caller: { boundTo: thumbprint } })
    expect(await guard.judge(authorization, null)).toMatchObject({ reason: 'no_client_certificate' })
    expect(await guard.judge(authorization)).toMatchObject({ reason: 'no_token' })
  })
})
