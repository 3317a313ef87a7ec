import { describe, expect, it } from 'vitest'
import { createProviderKeys } from '../../../lib/entra/providerKeys.ts'
import { configOf } from '../../support/configOf.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'
import { heldProvider } from '../../support/heldProvider.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const urls = configOf().entra

const rsa = (kid: string, members: object = {}) => ({
  kty: 'RSA',
  use: 'sig',
  kid,
  n: `n-${kid}`,
  e: 'AQAB',
  ...members,
})

function world(...keys: unknown[]) {
  const effects = heldEffects()
  const provider = heldProvider(urls)
  provider.keys = keys
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const providerKeys = createProviderKeys(urls, { ...effects, fetch: provider.fetch })
  return { effects, provider, settle, ...providerKeys }
}

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
    ['for encryption', rsa('a', { use: 'enc' })],
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

describe('an unknown key id', () => {
  it('is looked up at once, within the same request', async () => {
    const { find, provider } = world(rsa('old'))
    await find('old')
    provider.keys = [rsa('old'), rsa('new')]

    expect(await find('new')).toEqual(rsa('new'))
  })

  it('is looked up once for everybody who meets it, and all of them get it', async () => {
    const { find, provider } = world(rsa('old'))
    await find('old')
    provider.requests.length = 0
    provider.keys = [rsa('new')]

    const found = await Promise.all(Array.from({ length: 20 }, () => find('new')))

    expect(found).toEqual(Array.from({ length: 20 }, () => rsa('new')))
    expect(provider.requests).toHaveLength(1)
  })

  it('is looked up at most every five minutes, whatever ids come along', async () => {
    const { find, provider, effects } = world(rsa('a'))
    await find('no such key')
    const { length } = provider.requests
    effects.advance(5 * MINUTE_MS - 1)
    for (let i = 0; i < 50; i += 1) expect(await find(`no such key ${i}`)).toBeUndefined()
    expect(provider.requests).toHaveLength(length)

    effects.advance(1)
    await find('no such key')
    expect(provider.requests).toHaveLength(length + 1)
  })

  it('costs a known one nothing', async () => {
    const { find } = world(rsa('a'))
    await find('no such key')

    expect(await find('a')).toEqual(rsa('a'))
  })

  it('is a fault of the provider, not of the token, while the look-up fails, and is looked up again after fifteen seconds', async () => {
    const { find, provider, effects } = world(rsa('old'))
    await find('old')
    provider.keys = [rsa('new')]
    provider.instead = () => new Response('down', { status: 503 })
    expect((await faultOf(() => find('new'))).code).toBe('entra/unavailable')
    expect(await find('old')).toEqual(rsa('old'))

    provider.instead = undefined
    const { length } = provider.requests
    effects.advance(14_999)
    for (let i = 0; i < 50; i += 1)
      expect((await faultOf(() => find(`no such key ${i}`))).code).toBe('entra/unavailable')
    expect(provider.requests).toHaveLength(length)

    effects.advance(1)
    expect(await find('new')).toEqual(rsa('new'))
  })
})

describe('the keys at hand', () => {
  it('are renewed in the background after an hour', async () => {
    const { find, provider, effects, settle } = world(rsa('a'))
    await find('a')
    provider.keys = [rsa('a', { n: 'renewed' })]
    effects.advance(HOUR_MS - 1)
    await find('a')
    await settle()
    expect(provider.requests).toHaveLength(2)

    effects.advance(1)
    expect(await find('a')).toEqual(rsa('a'))
    await settle()
    expect(await find('a')).toMatchObject({ n: 'renewed' })
  })

  it('no longer hold a key that the provider withdrew (GHSA-675f-rq2r-jw82)', async () => {
    const { find, provider, effects, settle } = world(rsa('leaked'), rsa('b'))
    await find('leaked')
    provider.keys = [rsa('b')]
    effects.advance(HOUR_MS)
    await find('b')
    await settle()

    expect(await find('leaked')).toBeUndefined()
  })

  it('serve for a day without the provider, and not longer', async () => {
    const { find, provider, effects, settle } = world(rsa('a'))
    await find('a')
    provider.instead = () => new Response('down', { status: 503 })
    effects.advance(24 * HOUR_MS - 1)
    expect(await find('a')).toEqual(rsa('a'))
    await settle()
    expect(effects.logs.at(-1)).toMatchObject({ level: 'warn', event: 'entra.renewal_failed' })

    effects.advance(1)
    expect((await faultOf(() => find('a'))).code).toBe('entra/unavailable')
  })

  it('are there after `check`', async () => {
    const { check, find, provider } = world(rsa('a'))
    await check()
    provider.instead = () => new Response('down', { status: 503 })

    expect(await find('a')).toEqual(rsa('a'))
  })
})

describe('discovery', () => {
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

  it('is asked again by the next caller after a fault', async () => {
    const { check, provider } = world(rsa('a'))
    provider.instead = () => new Response('down', { status: 500 })
    await faultOf(check)
    provider.instead = undefined

    await expect(check()).resolves.toBeUndefined()
  })
})

describe('an answer that is none', () => {
  it.each([
    ['an error', new Response('{}', { status: 500 }), 'entra/unavailable'],
    ['too many requests', new Response('{}', { status: 429 }), 'entra/unavailable'],
    ['a redirect', Response.redirect('https://evil.example/', 302), 'entra/unavailable'],
    ['HTML', new Response('<html>'), 'entra/malformed_response'],
    ['nothing', new Response(''), 'entra/malformed_response'],
  ])('like %s is not taken for discovery', async (_name, response, code) => {
    const { check, provider } = world(rsa('a'))
    provider.instead = () => response

    expect((await faultOf(check)).code).toBe(code)
  })

  it.each(['null', '[]', '{}', '{"keys":{}}', '{"keys":null}', '<html>'])(
    'like %s is not taken for keys',
    async (text) => {
      const { check, provider } = world(rsa('a'))
      provider.instead = (url) =>
        url === urls.metadata ? Response.json(provider.metadata) : new Response(text)

      expect((await faultOf(check)).code).toBe('entra/malformed_response')
    },
  )
})
