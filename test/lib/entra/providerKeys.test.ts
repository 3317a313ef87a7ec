import { describe, expect, it } from 'vitest'
import { faultOf } from '../../support/faultOf.ts'
import { rsa, urls, providerKeysWorld as world } from '../../support/providerKeysWorld.ts'

describe('find', () => {
  it('gives the key of that id, after one look at discovery and one at the keys', async () => {
    const { find, provider } = world(rsa('a'), rsa('b'))

    expect(await find('b')).toEqual(rsa('b'))
    expect(provider.requests).toEqual([
      urls.metadata,
      'https://login.microsoftonline.com/discovery/v2.0/keys',
    ])
  })

  it('asks once for a hundred tokens at a cold start', async () => {
    const { find, provider } = world(rsa('a'))

    await Promise.all(Array.from({ length: 100 }, () => find('a')))

    expect(provider.requests).toHaveLength(2)
  })

  it('takes the only key for a token that names none, and none of several', async () => {
    expect(await world(rsa('a')).find(undefined)).toEqual(rsa('a'))
    expect(await world(rsa('a'), rsa('b')).find(undefined)).toBeUndefined()
  })

  it.each([
    ['of another type', { kty: 'EC', kid: 'a', crv: 'P-256', x: 'x', y: 'y' }],
    ['of another type, with the members of this one', rsa('a', { kty: 'oct' })],
    ['for encryption', rsa('a', { use: 'enc' })],
    ['with an exponent that is no text', rsa('a', { e: 65_537 })],
    ['for another algorithm', rsa('a', { alg: 'RS512' })],
    ['without a modulus', { kty: 'RSA', kid: 'a', e: 'AQAB' }],
    ['with a modulus that is no text', rsa('a', { n: 7 })],
    ['with an issuer that is no text', rsa('a', { issuer: {} })],
    ['that is null', null],
    ['that is text', 'a'],
  ])('sees no key in a decoy %s', async (_name, decoy) => {
    expect(await world(decoy, rsa('a')).find('a')).toEqual(rsa('a'))
    expect(await world(decoy).find('a')).toBeUndefined()
  })

  it('chooses none of two signing keys with one id', async () => {
    expect(await world(rsa('a', { n: 'one' }), rsa('a', { n: 'two' })).find('a')).toBeUndefined()
  })

  it('gives the issuer a key may sign for', async () => {
    const issuer = 'https://login.microsoftonline.com/{tenantid}/v2.0'

    expect(await world(rsa('a', { issuer })).find('a')).toMatchObject({ issuer })
  })
})

describe('discovery', () => {
  it.each([
    [{ authorization_response_iss_parameter_supported: true }, true],
    [{ authorization_response_iss_parameter_supported: 'true' }, false],
    [{ authorization_response_iss_parameter_supported: false }, false],
    [{}, false],
  ])('that says %j promises `iss` in each answer: %s', async (members, expected) => {
    const { announcesIss, provider } = world(rsa('a'))
    provider.metadata = { ...provider.metadata, ...members }

    expect(await announcesIss()).toBe(expected)
  })

  it.each(['no URL', ''])(
    'that names %j for the keys is refused like one that names another host',
    async (url) => {
      const { check, provider } = world(rsa('a'))
      provider.metadata = { ...provider.metadata, jwks_uri: url }
      const { code, context } = await faultOf(check)

      expect([code, context.detail]).toEqual(['entra/metadata_mismatch', 'jwks_uri'])
    },
  )

  it.each([
    ['another issuer', { issuer: 'https://evil.example' }, 'issuer'],
    ['the issuer with a slash more', { issuer: `${urls.issuerTemplate}/` }, 'issuer'],
    ['the issuer in capitals', { issuer: urls.issuerTemplate.toUpperCase() }, 'issuer'],
    ['no issuer', { issuer: undefined }, 'issuer'],
    ['keys elsewhere', { jwks_uri: 'https://evil.example/keys' }, 'jwks_uri'],
    ['keys on a host of the same beginning', { jwks_uri: `${urls.origin}.evil.example/keys` }, 'jwks_uri'],
    ['keys behind credentials in the URL', { jwks_uri: `${urls.origin}@evil.example/keys` }, 'jwks_uri'],
    ['keys without TLS', { jwks_uri: urls.origin.replace('https:', 'http:') }, 'jwks_uri'],
    ['keys on another port', { jwks_uri: `${urls.origin}:8443/keys` }, 'jwks_uri'],
    ['no keys', { jwks_uri: undefined }, 'jwks_uri'],
    ['a list for keys', { jwks_uri: [`${urls.origin}/keys`] }, 'jwks_uri'],
    [
      'sign-in elsewhere',
      { authorization_endpoint: 'https://evil.example/authorize' },
      'authorization_endpoint',
    ],
    ['tokens elsewhere', { token_endpoint: 'https://evil.example/token' }, 'token_endpoint'],
  ])('that names %s is refused, and nothing more is asked', async (_name, members, detail) => {
    const { check, provider } = world(rsa('a'))
    provider.metadata = { ...provider.metadata, ...members }

    const fault = await faultOf(check)

    expect([fault.code, fault.context.detail]).toEqual(['entra/metadata_mismatch', detail])
    expect(provider.requests).toEqual([urls.metadata])
  })

  it.each(['null', '[]', '"text"', '7'])('that is %s is refused', async (text) => {
    const { check, provider } = world(rsa('a'))
    provider.instead = () => new Response(text)

    expect((await faultOf(check)).code).toBe('entra/metadata_mismatch')
  })

  it('is asked again five seconds after a fault', async () => {
    const { check, provider, effects } = world(rsa('a'))
    provider.instead = () => new Response('down', { status: 500 })
    await faultOf(check)
    provider.instead = undefined
    effects.advance(4_999)
    await faultOf(check)
    expect(provider.requests).toHaveLength(1)

    effects.advance(1)
    await expect(check()).resolves.toBeUndefined()
  })
})

describe('an answer that is none', () => {
  it.each([
    ['an error', new Response('{}', { status: 500 }), 'entra/unavailable', 'status 500'],
    ['too many requests', new Response('{}', { status: 429 }), 'entra/unavailable', 'status 429'],
    ['a redirect', Response.redirect('https://evil.example/', 302), 'entra/unavailable', 'status 302'],
    ['HTML', new Response('<html>'), 'entra/malformed_response', 'not JSON'],
    ['nothing', new Response(''), 'entra/malformed_response', 'not JSON'],
    [
      'what came in a coding that cannot be taken off',
      new Response('{}', { headers: { 'content-encoding': 'zstd' } }),
      'entra/malformed_response',
      'not JSON',
    ],
  ])('like %s is not taken for discovery', async (_name, response, code, detail) => {
    const { check, provider } = world(rsa('a'))
    provider.instead = () => response
    const fault = await faultOf(check)

    expect([fault.code, fault.context.detail]).toEqual([code, detail])
    expect(fault.cause instanceof SyntaxError).toBe(detail === 'not JSON')
  })

  it.each(['null', '[]', '{}', '{"keys":{}}', '{"keys":null}', '<html>'])(
    'like %s is not taken for keys',
    async (text) => {
      const { check, provider } = world(rsa('a'))
      provider.instead = (url) =>
        url === urls.metadata ? Response.json(provider.metadata) : new Response(text)

      const { code, context } = await faultOf(check)
      expect([code, context.detail]).toEqual([
        'entra/malformed_response',
        text === '<html>' ? 'not JSON' : 'no keys',
      ])
    },
  )
})
