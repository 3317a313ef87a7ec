/** The library with a server that wants assertions for its issuer, of their own type, each once: a stand-in that takes nothing else. */
import { createPublicKey } from 'node:crypto'
import { decodeProtectedHeader, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import { expect, test } from 'vitest'
import { createVaultAssertion } from '../../lib/exports/assertion.ts'
import { faultOf } from '../support/faultOf.ts'
import { openLibraryDesk } from './openLibraryDesk.ts'

const { desk, credential, signatures } = await openLibraryDesk()
const { clientId, vault } = desk
const issuer = 'https://strict.example'
const server = { issuer, token_endpoint: `${issuer}/token` }
const options = { vaultUrl: vault.url, certificate: vault.certificateName, clientId, credential }
const seen = new Set<string>()

/** What a strict server does with a request: it verifies the assertion and keeps its `jti`. */
async function strict(_url: string, { body }: { body?: unknown }): Promise<Response> {
  const assertion = new URLSearchParams(String(body)).get('client_assertion') ?? ''
  const key = createPublicKey({ key: vault.certificate().publicJwk, format: 'jwk' })
  const { payload } = await jwtVerify(assertion, key, {
    issuer: clientId,
    audience: issuer,
    typ: 'client-authentication+jwt',
    algorithms: ['PS256'],
    maxTokenAge: 60,
    requiredClaims: ['jti', 'exp'],
  })
  const isNew = !seen.has(payload.jti ?? '') && (payload.exp ?? 0) - (payload.iat ?? 0) <= 60
  seen.add(payload.jti ?? '')
  return isNew
    ? Response.json({ access_token: 'opaque', token_type: 'Bearer', expires_in: 60 })
    : Response.json({ error: 'invalid_client' }, { status: 401 })
}

test('an assertion of the profile rfc10070 is taken by a server that takes each once: one signature, one `jti` a request', async () => {
  const assertion = createVaultAssertion({ ...options, profile: 'rfc10070', issuer })
  const before = signatures()
  const ask = () =>
    oauth.clientCredentialsGrantRequest(
      server,
      { client_id: clientId },
      assertion.clientAuthentication,
      { scope: 'read' },
      { [oauth.customFetch]: strict },
    )
  const answers = await Promise.all([ask(), ask(), ask()])

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  expect([seen.size, signatures() - before]).toEqual([3, 3])
})

test('without the profile the same server would be sent what Entra documents', async () => {
  const jws = await createVaultAssertion(options).assertionFor(server.token_endpoint)

  expect(decodeProtectedHeader(jws).typ).toBe('JWT')
})

test.each([
  [{ profile: 'rfc10070' as const }, 'issuer is not set'],
  [{ profile: 'strict' as never, issuer }, 'profile must be one of entra, rfc10070'],
  [{ lifetimeSec: 59 }, 'lifetimeSec must be a whole number from 60 to 600'],
])('%o is refused before anything is signed', async (more, detail) => {
  const before = signatures()
  const fault = await faultOf(async () => createVaultAssertion({ ...options, ...more }))

  expect([fault.code, fault.context.detail]).toEqual(['config/invalid', detail])
  expect(signatures()).toBe(before)
})
