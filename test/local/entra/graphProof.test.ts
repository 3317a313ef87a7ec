import { sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sha1Hex } from '../../../lib/base/crypto.ts'
import { ownReadings } from '../../../local/entra/directory/resource.ts'
import { GRAPH, openGraphWorld } from './graphWorld.ts'
import { clientId, createCertificate, type TestCertificate } from './world.ts'

const { entra, clock, certificate, next, stranger, register, token, objectId } = await openGraphWorld()

describe('a proof of possession is refused, whatever is wrong with it, in the same words', () => {
  const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  type Flaw = {
    header?: object
    claims?: object
    signer?: TestCertificate
    padding?: string
    signature?: string
  }

  async function post({ header = {}, claims = {}, signer = certificate, padding = '', signature }: Flaw) {
    const nbf = Math.floor(clock.nowMs / 1_000)
    const thumbprint = sha1Hex(signer.der)
    const input = `${segment({ alg: 'RS256', typ: 'JWT', kid: thumbprint, x5t: signer.thumbprintSha1, ...header })}.${segment(
      {
        aud: '00000002-0000-0000-c000-000000000000',
        iss: objectId(),
        nbf,
        exp: nbf + 600,
        ...claims,
      },
    )}${padding}`
    const signed = signature ?? sign('sha256', Buffer.from(input), signer.privateKey).toString('base64url')
    const response = await fetch(`${entra.origin}/v1.0/applications/${objectId()}/addKey`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        keyCredential: { type: 'AsymmetricX509Cert', usage: 'Verify', key: next.der.toString('base64') },
        passwordCredential: null,
        proof: `${input}.${signed}`,
      }),
    })
    return { status: response.status, body: await response.json() }
  }

  const nowSec = Math.floor(clock.nowMs / 1_000)

  test.each<[string, Flaw]>([
    ['padded', { padding: '=' }],
    ['for Microsoft Graph', { claims: { aud: GRAPH } }],
    ['for nobody', { claims: { aud: undefined } }],
    ['issued by the client id', { claims: { iss: clientId } }],
    ['expired', { claims: { nbf: nowSec - 1_200, exp: nowSec - 600 } }],
    ['not valid yet', { claims: { nbf: nowSec + 600, exp: nowSec + 1_200 } }],
    ['good for more than ten minutes', { claims: { exp: nowSec + 601 } }],
    ['good for ever', { claims: { exp: undefined } }],
    ['by a key that is not registered', { signer: stranger }],
    [
      'by another key than it names',
      { signer: stranger, header: { kid: sha1Hex(certificate.der), x5t: undefined } },
    ],
    ['not signed', { signature: '', header: { alg: 'none' } }],
    ['that says PS256', { header: { alg: 'PS256' } }],
  ])('%s', async (_what, flaw) => {
    expect(await post(flaw)).toMatchObject({
      status: 401,
      body: {
        error: { code: 'Authentication_MissingOrMalformed', message: 'Access Token missing or malformed.' },
      },
    })
    expect(entra.registeredCertificates(clientId)).toEqual([certificate.thumbprintS256])
    expect(entra.signatures.at(-1)).toMatchObject({ purpose: 'proof', refusal: expect.any(String) })
  })

  test('and one without a flaw is taken', async () => {
    expect((await post({})).status).toBe(200)
    expect(entra.signatures.at(-1)).toEqual({
      atMs: clock.nowMs,
      purpose: 'proof',
      clientId,
      thumbprint: certificate.thumbprintS256,
      refusal: undefined,
    })
  })

  test('by a certificate that has expired: then no key of the application proves anything', async () => {
    const shortLived = await createCertificate(clock.nowMs, { notAfter: clock.nowMs + 1_000 })
    register(ownReadings, { certificates: [certificate.der, shortLived.der] })
    clock.nowMs += 1_000

    expect((await post({ signer: shortLived })).status).toBe(401)
  })
})
