import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ProofKey } from '../../../lib/entra/graphProof.ts'
import { faultOf } from '../../support/faultOf.ts'
import { START_MS } from '../../support/heldEffects.ts'
import { answered, GRAPH_CLIENT, GRAPH_OBJECT, openGraph } from '../../support/openGraph.ts'

const DER = Buffer.from('a certificate')
const SHA1 = createHash('sha1').update(DER).digest()
const KEY_ID = '11111111-bbbb-4ccc-8ddd-eeeeeeeeeeee'
const APPLICATION = `https://graph.example/v1.0/applications(appId='${GRAPH_CLIENT}')`

const ENTRY = {
  keyId: KEY_ID,
  type: 'AsymmetricX509Cert',
  usage: 'Verify',
  displayName: 'signet-signing/1',
  startDateTime: '2026-01-01T00:00:00Z',
  endDateTime: '2026-04-01T00:00:00Z',
  customKeyIdentifier: SHA1.toString('base64'),
  key: null,
}
const OBJECT = {
  id: GRAPH_OBJECT,
  appId: GRAPH_CLIENT,
  createdDateTime: '2025-06-01T08:00:00Z',
  keyCredentials: [ENTRY],
  passwordCredentials: [],
}

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const proofKey: ProofKey = {
  thumbprintSha1: SHA1.toString('hex').toUpperCase(),
  sign: async (input) => sign('sha256', input, privateKey),
}

const decode = (segment = '') => JSON.parse(Buffer.from(segment, 'base64url').toString())

describe('what an application reads about itself', () => {
  it('is asked for by its client id, with an app-only token for Graph, the certificates selected by name', async () => {
    const { graph, asked, scopes } = openGraph(answered(200, OBJECT))

    expect(await graph.application()).toEqual({
      objectId: GRAPH_OBJECT,
      clientId: GRAPH_CLIENT,
      createdAtMs: Date.UTC(2025, 5, 1, 8),
      keyCredentials: [
        {
          keyId: KEY_ID,
          type: 'AsymmetricX509Cert',
          usage: 'Verify',
          displayName: 'signet-signing/1',
          startsAtMs: Date.UTC(2026, 0, 1),
          endsAtMs: Date.UTC(2026, 3, 1),
          thumbprintSha1: SHA1.toString('hex').toUpperCase(),
        },
      ],
      passwordCredentials: [],
    })
    expect(scopes).toEqual(['00000003-0000-0000-c000-000000000000/.default'])
    expect(asked).toEqual([
      {
        method: 'GET',
        url: `${APPLICATION}?$select=id,appId,createdDateTime,keyCredentials,passwordCredentials`,
        authorization: 'Bearer token 1',
        body: undefined,
      },
    ])
  })

  it('has both thumbprints of a certificate that Graph shows, whatever the entry names itself', async () => {
    const shown = { ...ENTRY, customKeyIdentifier: 'bmFtZQ==', key: DER.toString('base64') }
    const { graph } = openGraph(answered(200, { ...OBJECT, keyCredentials: [shown] }))

    expect((await graph.application()).keyCredentials[0]).toMatchObject({
      thumbprintSha1: SHA1.toString('hex').toUpperCase(),
      thumbprintS256: createHash('sha256').update(DER).digest('base64url'),
    })
  })

  it.each([
    ['base64 of its bytes', SHA1.toString('base64')],
    ['hexadecimal', SHA1.toString('hex')],
    ['base64 of its hexadecimal', Buffer.from(SHA1.toString('hex').toUpperCase()).toString('base64')],
  ])('knows a thumbprint in %s', async (_form, customKeyIdentifier) => {
    const { graph } = openGraph(
      answered(200, { ...OBJECT, keyCredentials: [{ ...ENTRY, customKeyIdentifier }] }),
    )

    const { keyCredentials } = await graph.application()
    expect(keyCredentials[0]?.thumbprintSha1).toBe(SHA1.toString('hex').toUpperCase())
  })

  it.each([[null], ['Signet'], ['aGVsbG8='], [{}]])(
    'takes no other identifier for a thumbprint: %o',
    async (customKeyIdentifier) => {
      const { graph } = openGraph(
        answered(200, { ...OBJECT, keyCredentials: [{ ...ENTRY, customKeyIdentifier }] }),
      )

      expect((await graph.application()).keyCredentials[0]).not.toHaveProperty('thumbprintSha1')
    },
  )

  it('shows that it has secrets, and that somebody deactivated it', async () => {
    const secret = {
      keyId: KEY_ID,
      displayName: 'old',
      endDateTime: '2026-03-01T00:00:00.1234567Z',
      hint: 'abc',
    }
    const { graph, asked } = openGraph(
      answered(200, { ...OBJECT, passwordCredentials: [secret] }),
      answered(200, { isDisabled: true }),
      answered(200, { isDisabled: null }),
    )

    expect((await graph.application()).passwordCredentials).toEqual([
      { keyId: KEY_ID, displayName: 'old', endsAtMs: Date.UTC(2026, 2, 1) + 123 },
    ])
    expect([await graph.isDisabled(), await graph.isDisabled()]).toEqual([true, false])
    expect(asked.at(-1)?.url).toBe(`${APPLICATION}?$select=id,isDisabled`)
  })

  it('shows whose tokens of other issuers prove it', async () => {
    const credential = {
      id: KEY_ID,
      name: 'identity',
      issuer: 'https://login.example/v2.0',
      subject: 'one',
      audiences: ['api://AzureADTokenExchange'],
      description: null,
    }
    const { graph, asked } = openGraph(answered(200, { value: [credential] }))

    const { description, ...read } = credential
    expect(await graph.federatedCredentials()).toEqual([read])
    expect(asked[0]?.url).toBe(`${APPLICATION}/federatedIdentityCredentials`)
  })

  it.each([
    ['no id', { ...OBJECT, id: undefined }, 'id'],
    ['no client id', { ...OBJECT, appId: undefined }, 'appId'],
    ['no list of keys', { ...OBJECT, keyCredentials: null }, 'keyCredentials'],
    ['no list of secrets', { ...OBJECT, passwordCredentials: {} }, 'passwordCredentials'],
    ['a key without an id', { ...OBJECT, keyCredentials: [{ ...ENTRY, keyId: '' }] }, 'keyId'],
    ['a key without a type', { ...OBJECT, keyCredentials: [{ ...ENTRY, type: 1 }] }, 'type'],
    ['a list', [], 'id'],
    ['a text', 'object', 'id'],
  ])('is no answer of Graph with %s, and the fault says so', async (_what, body, detail) => {
    const { graph } = openGraph(answered(200, body))
    const { code, context } = await faultOf(() => graph.application())

    expect([code, context.detail]).toEqual(['graph/malformed_response', detail])
  })

  it('is no answer of Graph where a list of it is none', async () => {
    const { graph } = openGraph(answered(200, { value: {} }))
    const details = await Promise.all(
      [graph.federatedCredentials, graph.ownPolicy].map(async (ask) => (await faultOf(ask)).context.detail),
    )

    expect(details).toEqual(['federatedIdentityCredentials', 'appManagementPolicies'])
  })

  it('is asked for once where the answer has no JSON, whatever its status', async () => {
    const { graph, asked } = openGraph(() => new Response('<html>'))
    const { code, context } = await faultOf(() => graph.application())

    expect([code, context.detail, asked.length]).toEqual(['graph/malformed_response', '200 without JSON', 1])
  })
})

describe('a key', () => {
  it('is added with a proof in Microsoft’s form, signed by one that is registered, and without padding', async () => {
    const { graph, asked } = openGraph(answered(200, ENTRY))

    const added = await graph.addKey(
      GRAPH_OBJECT,
      { certificate: DER, displayName: 'signet-signing/1' },
      proofKey,
    )

    expect(added).toMatchObject({ keyId: KEY_ID, endsAtMs: Date.UTC(2026, 3, 1) })
    const [{ method = '', url = '', body = {} } = {}] = asked
    const { proof, ...rest } = body as { proof: string }
    expect([method, url]).toEqual(['POST', `${APPLICATION}/addKey`])
    expect(rest).toEqual({
      keyCredential: {
        type: 'AsymmetricX509Cert',
        usage: 'Verify',
        key: DER.toString('base64'),
        displayName: 'signet-signing/1',
      },
      passwordCredential: null,
    })
    const [header = '', claims = '', signature = ''] = proof.split('.')
    expect(proof).not.toContain('=')
    expect(decode(header)).toEqual({
      alg: 'RS256',
      typ: 'JWT',
      kid: SHA1.toString('hex').toUpperCase(),
      x5t: SHA1.toString('base64url'),
    })
    const nbf = START_MS / 1_000 - 60
    expect(decode(claims)).toEqual({
      aud: '00000002-0000-0000-c000-000000000000',
      iss: GRAPH_OBJECT,
      nbf,
      exp: nbf + 600,
    })
    expect(
      verify('sha256', Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, 'base64url')),
    ).toBe(true)
  })

  it('is added where the answer shows nothing of it, as Microsoft’s own example does', async () => {
    const { graph } = openGraph(answered(200, { '@odata.context': 'https://graph.example/$metadata' }))

    expect(await graph.addKey(GRAPH_OBJECT, { certificate: DER }, proofKey)).toBeUndefined()
  })

  it('is taken away by its id, with a proof', async () => {
    const { graph, asked } = openGraph(answered(204))

    await graph.removeKey(GRAPH_OBJECT, KEY_ID, proofKey)

    expect(asked).toMatchObject([
      { method: 'POST', url: `${APPLICATION}/removeKey`, body: { keyId: KEY_ID, proof: expect.any(String) } },
    ])
  })

  it('is proven by PS256 where its holder says so', async () => {
    const { graph, asked } = openGraph(answered(204))
    const algorithms: string[] = []
    const sealed: ProofKey = {
      ...proofKey,
      alg: 'PS256',
      sign: async (_input, alg) => {
        algorithms.push(alg)
        return new Uint8Array(1)
      },
    }

    await graph.removeKey(GRAPH_OBJECT, KEY_ID, sealed)

    const [{ body } = { body: {} }] = asked
    const { proof } = body as { proof: string }
    expect([algorithms, decode(proof.split('.')[0]).alg]).toEqual([['PS256'], 'PS256'])
  })

  it('is not asked for where the vault does not sign the proof', async () => {
    const { graph, asked } = openGraph(answered(204))
    const silent: ProofKey = { ...proofKey, sign: () => Promise.reject(new RangeError('disabled')) }

    await expect(graph.removeKey(GRAPH_OBJECT, KEY_ID, silent)).rejects.toThrow('disabled')
    expect(asked).toEqual([])
  })
})
