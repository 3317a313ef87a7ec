import { describe, expect, it } from 'vitest'
import { createOnBehalfOf, type OnBehalfOfInput } from '../../../lib/entra/onBehalfOf.ts'
import { AppError } from '../../../lib/errors/appError.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const INPUT: OnBehalfOfInput = {
  userAssertion: 'token-of-the-caller',
  userAssertionExpiresAtMs: START_MS + 2 * HOUR_MS,
  scope: 'api://stock/read',
}

/** An Entra that counts its tokens, of an hour each. */
function open() {
  const effects = heldEffects()
  const asked: (readonly [string, object])[] = []
  const faults: AppError[] = []
  const { exchange } = createOnBehalfOf({
    effects,
    endpoint: {
      async grant(type, parameters) {
        asked.push([type, parameters])
        const number = asked.length
        await undefined
        const fault = faults.shift()
        if (fault !== undefined) throw fault
        return { access_token: `token ${number}`, token_type: 'bearer', expires_in: 3_600 }
      },
    },
  })
  return {
    exchange: (changes: Partial<OnBehalfOfInput> = {}) => exchange({ ...INPUT, ...changes }),
    asked,
    effects,
    faults,
  }
}

it('the token of a caller is exchanged once for a scope, however many ask, and kept', async () => {
  const { exchange, asked } = open()

  expect(await Promise.all([exchange(), exchange()])).toEqual(['token 1', 'token 1'])
  expect(await exchange()).toBe('token 1')
  expect(asked).toEqual([
    [
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      { assertion: 'token-of-the-caller', requested_token_use: 'on_behalf_of', scope: 'api://stock/read' },
    ],
  ])
})

it('another caller or another scope gets a token of its own', async () => {
  const { exchange } = open()

  expect(await exchange()).toBe('token 1')
  expect(await exchange({ scope: 'api://stock/write' })).toBe('token 2')
  expect(await exchange({ userAssertion: 'token-of-another' })).toBe('token 3')
  expect(await exchange()).toBe('token 1')
})

it.each([
  ['its own', {}, 59 * MINUTE_MS],
  ["the caller's token's", { userAssertionExpiresAtMs: START_MS + 10 * MINUTE_MS }, 9 * MINUTE_MS],
] as const)('a token serves until a minute before %s end', async (_whose, changes, afterMs) => {
  const { exchange, effects } = open()
  await exchange(changes)

  effects.advance(afterMs - 1)
  expect(await exchange(changes)).toBe('token 1')
  effects.advance(1)
  expect(await exchange(changes)).toBe('token 2')
})

it('an exchange under way is joined until the token of the caller ends', async () => {
  const { exchange, effects, asked } = open()
  const first = exchange()
  effects.advance(2 * HOUR_MS - 1)
  const joined = exchange()
  effects.advance(1)
  const anew = exchange()

  expect(await Promise.all([first, joined, anew])).toEqual(['token 1', 'token 1', 'token 2'])
  expect(asked).toHaveLength(2)
})

it('claims are asked for anew though a token is held, once for all who wait for the same, and what comes is kept for everybody', async () => {
  const { exchange, asked } = open()
  await exchange()
  const claims = '{"access_token":{}}'

  expect(await Promise.all([exchange({ claims }), exchange({ claims }), exchange()])).toEqual([
    'token 2',
    'token 2',
    'token 2',
  ])
  expect(asked[1]?.[1]).toEqual({
    assertion: 'token-of-the-caller',
    requested_token_use: 'on_behalf_of',
    scope: 'api://stock/read',
    claims,
  })
  // The one that was brought lacks them, or nobody would ask again.
  expect(await exchange({ claims })).toBe('token 3')
  expect(await exchange()).toBe('token 3')
})

it('other claims than those that are being asked for are a request of their own', async () => {
  const { exchange } = open()

  expect(await Promise.all([exchange({ claims: '{"a":1}' }), exchange({ claims: '{"b":1}' })])).toEqual([
    'token 1',
    'token 2',
  ])
})

it('a fault is told to all who wait and is not kept', async () => {
  const { exchange, faults, asked } = open()
  faults.push(new AppError('entra/interaction_required', { claims: '{}' }))
  const both = [exchange(), exchange()]

  for (const one of both) expect((await faultOf(() => one)).context).toEqual({ claims: '{}' })
  expect(asked).toHaveLength(1)
  expect(await exchange()).toBe('token 2')
})

it('a fault of an earlier exchange leaves the one that took its place', async () => {
  const { exchange, faults, asked } = open()
  faults.push(new AppError('entra/unavailable'))
  const failed = exchange()
  const next = exchange({ claims: '{}' })

  expect((await faultOf(() => failed)).code).toBe('entra/unavailable')
  expect(await next).toBe('token 2')
  expect(await exchange()).toBe('token 2')
  expect(asked).toHaveLength(2)
})

it('five thousand are kept, and the one that was used longest ago goes first', async () => {
  const { exchange, asked } = open()
  const caller = (number: number) => exchange({ userAssertion: `caller ${number}` })
  for (let number = 1; number <= 5_000; number += 1) await caller(number)
  await caller(1)
  await caller(5_001)

  expect(asked).toHaveLength(5_001)
  expect([await caller(1), await caller(3)]).toEqual(['token 1', 'token 3'])
  expect(await caller(2)).toBe('token 5002')
})

describe('a pause that Entra asks for', () => {
  const busy = (retryAfterSec: number) => new AppError('entra/unavailable', { retryAfterSec })

  it('is kept: until it is over every exchange for that caller and scope hears the same fault, and nothing is sent', async () => {
    const { exchange, faults, asked, effects } = open()
    faults.push(busy(30))
    await faultOf(exchange)
    effects.advance(10_500)

    for (const changes of [{}, { claims: '{"access_token":{}}' }]) {
      const { code, context } = await faultOf(() => exchange(changes))
      expect([code, context.retryAfterSec]).toEqual(['entra/unavailable', 20])
    }
    expect(asked).toHaveLength(1)
    expect(await exchange({ scope: 'api://stock/write' })).toBe('token 2')
    effects.advance(19_500)
    expect(await exchange()).toBe('token 3')
    expect(await exchange()).toBe('token 3')
  })

  it('is believed for a minute, and not where the clock was set back', async () => {
    for (const byMs of [MINUTE_MS, -1]) {
      const { exchange, faults, effects } = open()
      faults.push(busy(86_400))
      await faultOf(exchange)
      effects.advance(byMs)

      expect(await exchange()).toBe('token 2')
    }
  })

  it('is none where the vault asked for it', async () => {
    const { exchange, faults } = open()
    faults.push(new AppError('vault/throttled', { retryAfterSec: 30 }))
    await faultOf(exchange)

    expect(await exchange()).toBe('token 2')
  })
})

it.each<[string, Partial<Record<keyof OnBehalfOfInput, unknown>>]>([
  ['no expiry', { userAssertionExpiresAtMs: undefined }],
  ['an expiry that is no number', { userAssertionExpiresAtMs: Number.NaN }],
  ['one without end', { userAssertionExpiresAtMs: Number.POSITIVE_INFINITY }],
  ['one in text', { userAssertionExpiresAtMs: String(START_MS + HOUR_MS) }],
  ['one as a Date', { userAssertionExpiresAtMs: new Date(START_MS + HOUR_MS) }],
  ['null for one', { userAssertionExpiresAtMs: null }],
  ['no token', { userAssertion: undefined }],
  ['an empty token', { userAssertion: '' }],
  ['no scope', { scope: undefined }],
  ['several scopes in a list', { scope: ['a', 'b'] }],
  ['claims that were parsed', { claims: {} }],
])('%s is refused before anything is asked, and nothing of it is said', async (_what, changes) => {
  const { exchange, asked } = open()
  const { code, message } = await faultOf(() => exchange(changes as Partial<OnBehalfOfInput>))

  expect([code, asked]).toEqual(['config/invalid', []])
  expect(message).toBe(
    `config/invalid: exchange: ${Object.keys(changes)[0]} must be ${message.split(' must be ')[1]}`,
  )
  expect(message).not.toContain(String(START_MS + HOUR_MS))
})
