/** Keys that grow old, are withdrawn, or are not among those at hand: when the provider is asked, who waits, and for how long old ones serve. */
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../support/faultOf.ts'
import {
  rsa,
  signInKeysWorld as signInWorld,
  urls,
  providerKeysWorld as world,
} from '../../support/providerKeysWorld.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

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
    expect(provider.requests).toHaveLength(2)
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
    expect(provider.requests).toHaveLength(length + 2)
  })

  it('is looked up for every sign-in, once: there, nobody but Entra can name a key', async () => {
    const { find, provider } = signInWorld(rsa('a'))
    await find('a')
    for (let i = 0; i < 3; i += 1) {
      const { length } = provider.requests
      expect(await find(`no such key ${i}`)).toBeUndefined()
      expect(provider.requests).toHaveLength(length + 2)
    }
    provider.keys = [rsa('new')]
    expect(await find('new')).toEqual(rsa('new'))
  })

  it('is looked up once more where the look under way had begun before the key was published', async () => {
    const { find, provider, effects } = signInWorld(rsa('old'))
    await find('old')
    effects.advance(31 * MINUTE_MS)
    const answer = Promise.withResolvers<Response>()
    provider.instead = (url) => (url === urls.metadata ? Response.json(provider.metadata) : answer.promise)
    await find('old')
    const found = Promise.all([find('new'), find('new'), find('old')])
    provider.instead = undefined
    provider.keys = [rsa('old'), rsa('new')]
    const { length } = provider.requests
    answer.resolve(Response.json({ keys: [rsa('old')] }))

    expect(await found).toEqual([rsa('new'), rsa('new'), rsa('old')])
    expect(provider.requests.length - length).toBeLessThanOrEqual(3)
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
  it('are renewed in the background after half an hour', async () => {
    const { find, provider, effects, settle } = world(rsa('a'))
    await find('a')
    provider.keys = [rsa('a', { n: 'renewed' })]
    effects.advance(HOUR_MS / 2 - 1)
    await find('a')
    await settle()
    expect(provider.requests).toHaveLength(2)

    effects.advance(1)
    expect(await find('a')).toEqual(rsa('a'))
    await settle()
    expect(await find('a')).toMatchObject({ n: 'renewed' })
  })

  it.each([HOUR_MS, 5 * HOUR_MS, 23 * HOUR_MS, 30 * 24 * HOUR_MS])(
    'no longer hold a key that the provider withdrew, though nobody asked for %i ms (GHSA-675f-rq2r-jw82)',
    async (idleMs) => {
      for (const { find, provider, effects } of [
        world(rsa('leaked'), rsa('b')),
        signInWorld(rsa('leaked'), rsa('b')),
      ]) {
        await find('leaked')
        provider.keys = [rsa('b')]
        effects.advance(idleMs)

        expect(await find('leaked')).toBeUndefined()
        expect(await find('b')).toEqual(rsa('b'))
      }
    },
  )

  it('hold it for an hour at most where the instance is busy', async () => {
    const { find, provider, effects, settle } = world(rsa('leaked'), rsa('b'))
    await find('leaked')
    provider.keys = [rsa('b')]
    effects.advance(HOUR_MS - 1)
    expect(await find('leaked')).toEqual(rsa('leaked'))
    await settle()

    expect(await find('leaked')).toBeUndefined()
  })

  it('are not asked for again within a quarter of a minute by those who come while the provider is away', async () => {
    const { find, provider, effects } = world(rsa('a'))
    await find('a')
    provider.instead = () => new Response('down', { status: 503 })
    effects.advance(2 * HOUR_MS)
    for (let i = 0; i < 50; i += 1) expect(await find('a')).toEqual(rsa('a'))
    expect(provider.requests).toHaveLength(3)
    expect(effects.logs.map(({ event }) => event)).toEqual(['entra.renewal_failed'])

    effects.advance(15_000)
    await find('a')
    expect(provider.requests).toHaveLength(4)
  })

  it.each([
    ['20', 20_000],
    ['seconds', 15_000],
  ])('are not asked for before the time that the provider named: %s', async (retryAfter, forMs) => {
    const { find, provider, effects } = world(rsa('a'))
    await find('a')
    provider.instead = () => new Response('busy', { status: 429, headers: { 'retry-after': retryAfter } })
    effects.advance(2 * HOUR_MS)
    await find('a')
    const { length } = provider.requests
    effects.advance(forMs - 1)
    await find('a')
    expect(provider.requests).toHaveLength(length)
    effects.advance(1)
    await find('a')
    expect(provider.requests.length).toBeGreaterThan(length)
  })

  it('serve for a day without the provider, and not longer', async () => {
    const { find, provider, effects } = world(rsa('a'))
    await find('a')
    provider.instead = () => new Response('down', { status: 503 })
    effects.advance(24 * HOUR_MS - 1)
    expect(await find('a')).toEqual(rsa('a'))
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
