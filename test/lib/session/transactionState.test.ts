import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base64url, seal } from '../../../lib/base/crypto.ts'
import {
  newTransaction,
  openState,
  parseState,
  sealState,
  TRANSACTION_MS,
  type TransactionKeys,
  type TransactionState,
} from '../../../lib/session/transaction.ts'
import { anyText } from '../../support/anyText.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'
import { otherSpellings } from '../../support/otherSpellings.ts'

const { random } = heldEffects()
const state: TransactionState = {
  startedAtMs: START_MS,
  link: { returnTo: '/orders?tab=2#top', prompt: 'login', scope: 'openid' },
  replaces: 'A'.repeat(43),
}

const newKeys = (): TransactionKeys => newTransaction(random)
const sealed = (keys: TransactionKeys, restarts = 0, content = state): string =>
  sealState(keys, restarts, content, random)

/** What a text opens to, as the callback reads it. */
const opened = (keys: TransactionKeys, text: string, nowMs = START_MS): TransactionState | undefined => {
  const parsed = parseState(text)
  return parsed && openState(keys, parsed, nowMs)
}

describe('the state', () => {
  it.each([0, 1])('gives back what was sealed, after %s restarts', (restarts) => {
    const keys = newKeys()

    expect(opened(keys, sealed(keys, restarts))).toEqual(state)
  })

  it('can be opened by no other transaction', () => {
    const text = sealed(newKeys())

    for (let i = 0; i < 20; i += 1) expect(opened(newKeys(), text)).toBeUndefined()
  })

  it('names its own transaction and its restarts, and shows nothing else', () => {
    const keys = newKeys()
    const text = sealed(keys, 1)

    expect(parseState(text)).toMatchObject({ handle: keys.handle, restarts: 1 })
    const seen = text
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
      .join()
    for (const secret of ['orders', 'login', keys.nonce, keys.codeVerifier])
      expect(seen).not.toContain(secret)
  })

  it('is never the same twice', () => {
    const keys = newKeys()

    expect(new Set(Array.from({ length: 50 }, () => sealed(keys))).size).toBe(50)
  })

  it('is refused with any character changed, its spare bits among them', () => {
    const keys = newKeys()
    const text = sealed(keys)
    for (const at of text.split('').keys())
      for (const other of ['A', 'B', '0', '1', '.', '=', '+'])
        if (text[at] !== other)
          expect(opened(keys, `${text.slice(0, at)}${other}${text.slice(at + 1)}`)).toBeUndefined()
    for (const spelling of otherSpellings(text)) expect(opened(keys, spelling)).toBeUndefined()
  })

  it('is refused with a part missing, added or swapped', () => {
    const keys = newKeys()
    const [handle, restarts, bytes] = sealed(keys).split('.')
    const [, , others] = sealed(keys, 1).split('.')

    for (const forged of [
      `${handle}.${bytes}`,
      `${handle}.${restarts}.`,
      `${handle}.${restarts}.${bytes}.`,
      `${handle}.${restarts}.${bytes}.${bytes}`,
      `${handle}.1.${bytes}`,
      `${handle}.0.${others}`,
      `${newKeys().handle}.${restarts}.${bytes}`,
      `${handle}.${restarts}.${bytes?.slice(0, 30)}`,
    ])
      expect(opened(keys, forged)).toBeUndefined()
  })

  it('is none of ours before its time: a minute is the clock, more is somebody who wants a marker kept', () => {
    const keys = newKeys()
    const text = sealed(keys)

    expect(opened(keys, text, START_MS - 60_000)).toEqual(state)
    expect(opened(keys, text, START_MS - 60_001)).toBeUndefined()
    expect(opened(keys, text, START_MS + 10 * TRANSACTION_MS)).toEqual(state)
  })

  it('fits a URL with the longest link there is', () => {
    const link = { scope: 'x'.repeat(1_024), claims: 'x'.repeat(2_048), returnTo: `/${'x'.repeat(1_023)}` }

    expect(sealed(newKeys(), 0, { ...state, link }).length).toBeLessThan(6_000)
  })
})

describe('what this browser itself sealed into a state', () => {
  const content = { v: 2, ...state }
  const forge = (keys: TransactionKeys, plaintext: Uint8Array): string => {
    const bytes = seal(keys.stateKey, plaintext, `signet state ${keys.handle} 0`, random)
    return `${keys.handle}.0.${base64url.encode(bytes)}`
  }
  const read = (value: unknown): TransactionState | undefined => {
    const keys = newKeys()
    return opened(keys, forge(keys, new TextEncoder().encode(JSON.stringify(value))))
  }

  it('is read as ours where it has our form', () => {
    expect(read(content)).toEqual(state)
    expect(read({ ...content, replaces: undefined })).toEqual({ ...state, replaces: undefined })
    expect(read({ ...content, more: 1 })).toEqual(state)
  })

  it.each<[string, unknown]>([
    ['no version', { ...content, v: undefined }],
    ['another version', { ...content, v: 1 }],
    ['nothing', null],
    ['a list', [content]],
    ['a text', 'text'],
    ['a number', 7],
    ['no start', { ...content, startedAtMs: undefined }],
    ['a start that is text', { ...content, startedAtMs: String(START_MS) }],
    ['a start between two milliseconds', { ...content, startedAtMs: START_MS - 0.5 }],
    ['a start before the epoch', { ...content, startedAtMs: -1 }],
    ['a start in the year 9999', { ...content, startedAtMs: Date.UTC(9999, 0) }],
    ['a start beyond all dates', { ...content, startedAtMs: 1e300 }],
    ['no link', { ...content, link: undefined }],
    ['a link that is a list', { ...content, link: ['/'] }],
    ['a link that is text', { ...content, link: '/' }],
    ['a link of which one half is text', { ...content, link: { returnTo: '/', scope: 7 } }],
    ['a returnTo of null', { ...content, link: { returnTo: null } }],
    ['a scope that is a list', { ...content, link: { scope: ['openid'] } }],
    ['something to replace that is no text', { ...content, replaces: 7 }],
    ['something to replace that is nothing', { ...content, replaces: null }],
  ])('is refused with %s', (_what, value) => {
    expect(read(value)).toBeUndefined()
  })

  it('is refused where it is no JSON, or no UTF-8', () => {
    const keys = newKeys()
    const bytes = new TextEncoder().encode(JSON.stringify(content))

    const noUtf8 = Buffer.from(JSON.stringify({ ...content, link: { returnTo: '/\xff' } }), 'latin1')

    for (const plaintext of [new Uint8Array(), bytes.subarray(1), Uint8Array.of(...bytes, 0xff), noUtf8])
      expect(opened(keys, forge(keys, plaintext))).toBeUndefined()
  })

  it('is nothing or well-formed, whatever it is, and never lasts longer than the window and a minute', () => {
    const link = fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()))
    const moment = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double(), fc.constant(START_MS))
    const forged = fc.oneof(
      fc.jsonValue(),
      fc.record(
        { v: fc.constant(2), startedAtMs: moment, link, replaces: fc.jsonValue() },
        { requiredKeys: [] },
      ),
    )
    fc.assert(
      fc.property(forged, (value) => {
        const result = read(value)
        if (result === undefined) return
        expect(result.startedAtMs + TRANSACTION_MS).toBeLessThanOrEqual(START_MS + TRANSACTION_MS + 60_000)
        expect(() => new Date(result.startedAtMs + TRANSACTION_MS).toISOString()).not.toThrow()
        for (const one of Object.values(result.link)) expect(one).toBeTypeOf('string')
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('parseState', () => {
  const handle = 'A'.repeat(12)

  it.each([
    '',
    '.',
    '....',
    'abc',
    `${handle}..AAAA`,
    `${handle}.2.AAAA`,
    `${handle}.9.AAAA`,
    `${handle}.-1.AAAA`,
    `${handle}.00.AAAA`,
    `${handle}.\u0661.AAAA`,
    `${handle}.0.`,
    `${handle}.0.AA AA`,
    `${handle}.0.AAAA=`,
    `${handle}.0.AAAA\n`,
    `${'A'.repeat(11)}.0.AAAA`,
    `${'A'.repeat(13)}.0.AAAA`,
    `${'A'.repeat(11)};.0.AAAA`,
    ` ${handle}.0.AAAA`,
    `${handle}.0.${'A'.repeat(4_082)}`,
    'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwiemlwIjoiREVGIn0..AAAA.AAAA.AAAA',
  ])('sees no state of ours in %j', (text) => {
    expect(parseState(text)).toBeUndefined()
  })

  it('reads the longest one that an address to Entra has room for', () => {
    expect(parseState(`${handle}.0.${'A'.repeat(4_081)}`)).toBeDefined()
  })

  it('reads a well-formed one, which by itself proves nothing', () => {
    expect(parseState(`${handle}.0.AAAA`)).toEqual({ handle, restarts: 0, sealed: 'AAAA' })
  })

  it('never throws, and gives no handle that could not be part of a cookie name', () => {
    const pieces = fc.array(fc.oneof(anyText(14), fc.constantFrom(handle, '.', '0', '1', 'AAAA')), {
      maxLength: 6,
    })
    fc.assert(
      fc.property(pieces, (garbage) => {
        const parsed = parseState(garbage.join(''))
        expect(parsed?.handle ?? handle).toMatch(/^[A-Za-z0-9_-]{12}$/)
        expect([0, 1]).toContain(parsed?.restarts ?? 0)
      }),
      { numRuns: 500 },
    )
  })
})
