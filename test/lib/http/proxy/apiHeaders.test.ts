import { describe, expect, it } from 'vitest'
import { returnedHeaders, sentHeaders } from '../../../../lib/http/proxy/apiHeaders.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { signetRequestOf } from '../../../support/signetRequestOf.ts'
import { ASKED, ORDERS } from './askedApi.ts'

const HOSTILE = {
  cookie: '__Host-signet=secret',
  'set-cookie': 'upstream=1',
  authorization: 'Bearer of-the-browser',
  'proxy-authorization': 'Basic x',
  host: 'app.example',
  origin: 'https://app.example',
  referer: 'https://app.example/',
  forwarded: 'for=1.2.3.4',
  'x-forwarded-for': '1.2.3.4',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-uri': '/admin',
  'x-original-url': '/admin',
  'x-ms-client-principal': 'forged',
  'x-ms-token-aad-access-token': 'forged',
  'x-correlation-id': 'forged',
  'x-csrf': '1',
  'x-http-method-override': 'DELETE',
  x_forwarded_user: 'forged',
  server: 'upstream/1.0',
  'access-control-allow-origin': '*',
  'content-security-policy': 'default-src *',
  'strict-transport-security': 'max-age=0',
  'clear-site-data': '"*"',
  refresh: '0; url=https://evil.example',
  'content-length': '5',
  'transfer-encoding': 'chunked',
  connection: 'upgrade',
  upgrade: 'websocket',
  te: 'trailers',
  trailer: 'expires',
}
/** What a body is, in every way that HTTP has a word for. */
const BODY = {
  'content-type': 'application/json',
  'content-encoding': 'br',
  'content-language': 'de',
  'content-range': 'bytes 0-4/9',
  'content-disposition': 'attachment; filename="a.json"',
  'content-digest': 'sha-256=:AAAA:',
  'repr-digest': 'sha-256=:BBBB:',
  digest: 'SHA-256=CCCC',
  'content-md5': 'DDDD',
}
const sent = (method: string, headers: Record<string, string>) =>
  sentHeaders(signetRequestOf({ method, headers }), { requestHeaders: ['x-contoso-region'] })

describe('to the API go', () => {
  it('the headers that shape the answer, and none that says who asks (CVE-2025-64484)', () => {
    const asking = {
      accept: 'application/json',
      'if-match': '"1"',
      'if-range': '"1"',
      range: 'bytes=0-4',
      'idempotency-key': '"8e03978e"',
      'want-repr-digest': 'sha-256=1',
    }

    expect(sent('GET', { ...HOSTILE, ...asking })).toEqual(asking)
  })

  it.each(['GET', 'HEAD'])('no headers of a body with %s, which has none', (method) => {
    expect(sent(method, { ...BODY, 'content-features': 'x' })).toEqual({})
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('with the body of a %s all that says what it is', (method) => {
    const { 'content-security-policy': _unknown, ...hostile } = HOSTILE

    expect(sent(method, { ...hostile, ...BODY })).toEqual(BODY)
  })

  it.each([
    'content-location',
    'content-transfer-encoding',
    'content-features',
    'content-crc32',
    'Content-Base',
  ])('no body of which %s says something that would be lost', async (name) => {
    const fault = await faultOf(() => sent('PUT', { ...BODY, [name]: 'x' }))

    expect(fault.code).toBe('http/unsupported_media_type')
    expect(fault.message).not.toContain(name)
  })
})

describe('to the browser come', () => {
  const answered = (headers: Record<string, string>) => returnedHeaders(new Headers(headers), ASKED)

  it('the headers that describe the content, and none that sets something', () => {
    const described = {
      'content-type': 'application/json',
      etag: '"2"',
      'preference-applied': 'return=minimal',
    }

    expect(answered({ ...HOSTILE, ...described })).toEqual(described)
  })

  it('the digests of an answer whose bytes came as they were, and of no other', () => {
    const digests = {
      'content-digest': 'sha-256=:AAAA:',
      'repr-digest': 'sha-256=:BBBB:',
      digest: 'x',
      'content-md5': 'y',
    }

    expect(answered(digests)).toEqual(digests)
    expect(answered({ ...digests, 'content-encoding': 'gzip', etag: '"2"' })).toEqual({ etag: '"2"' })
  })

  it('the addresses under the API as ours, and no other address', () => {
    expect(
      answered({
        location: '/v1/list/8',
        'content-location': 'https://orders.example/v1/list/8?v=1',
        'operation-location': '../operations/1',
        link: '<8>; rel=next, <https://evil.example/>; rel=help',
      }),
    ).toEqual({
      location: '/api/orders/list/8',
      'content-location': '/api/orders/list/8?v=1',
      'operation-location': '/api/orders/operations/1',
      link: '</api/orders/list/8>; rel="next"',
    })
    expect(
      answered({
        location: 'https://evil.example/',
        'content-location': '/v2/x',
        'operation-location': 'javascript:1',
        link: '</v2/x>; rel=next',
      }),
    ).toEqual({})
  })

  it.each(['content-disposition', 'etag', 'location', 'link', 'content-type'])(
    'no %s with a character that no host sends on: the answer is refused',
    async (name) => {
      const fault = await faultOf(() => answered({ [name]: 'caf\u00e9' }))

      expect([fault.code, fault.context.detail]).toEqual(['api/malformed_response', `header ${name}`])
    },
  )

  it('more headers where the API is configured so, and no address or digest that would not come anyway', () => {
    const responseHeaders = ['x-total-count', 'operation-location', 'location', 'link', 'digest']
    const asked = { ...ASKED, api: { ...ORDERS, responseHeaders } }
    const headers = new Headers({
      'x-total-count': '7',
      'operation-location': 'https://evil.example/',
      location: '/v1/list/8',
      link: '<https://evil.example/>',
      digest: 'SHA-256=CCCC',
      'content-encoding': 'gzip',
    })

    expect(returnedHeaders(headers, asked)).toEqual({ 'x-total-count': '7', location: '/api/orders/list/8' })
  })

  it('nothing of a header that is not passed on, whatever it holds', () => {
    expect(answered({ 'x-name': 'caf\u00e9' })).toEqual({})
  })
})
