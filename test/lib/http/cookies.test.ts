import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  expiredCookie,
  isTransactionCookie,
  parseCookies,
  SESSION_COOKIE,
  type SetCookie,
  sessionCookie,
  TRANSACTION_COOKIE,
  transactionCookie,
} from '../../../lib/http/cookies.ts'
import { newTicket } from '../../../lib/session/ticket.ts'
import { doneValue, newTransaction } from '../../../lib/session/transaction.ts'
import { anyText } from '../../support/anyText.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const SECRET = 'A'.repeat(43)
const TX = `${TRANSACTION_COOKIE}AbCdEfGhIjKl`
const read = (header: string | null): Record<string, string> => Object.fromEntries(parseCookies(header))

describe('parseCookies', () => {
  it.each<[string, string | null, Record<string, string>]>([
    ['nothing', null, {}],
    ['an empty header', '', {}],
    ['our session', `${SESSION_COOKIE}=${SECRET}`, { [SESSION_COOKIE]: SECRET }],
    ['one of several', `a=b; ${SESSION_COOKIE}=${SECRET}; c=d`, { [SESSION_COOKIE]: SECRET }],
    ['no space between', `a=b;${SESSION_COOKIE}=${SECRET};c=d`, { [SESSION_COOKIE]: SECRET }],
    ['white space around', ` \t${SESSION_COOKIE} = ${SECRET} `, { [SESSION_COOKIE]: SECRET }],
    ['a transaction', `${TX}=${SECRET}`, { [TX]: SECRET }],
    ['a name in other letters', `__host-signet=${SECRET}`, {}],
    ['a name that begins like ours', `${SESSION_COOKIE}x=${SECRET}`, {}],
    ['a transaction without a handle', `${TRANSACTION_COOKIE}=${SECRET}`, {}],
    ['a transaction with a long handle', `${TX}m=${SECRET}`, {}],
    ['a name of every object', `__proto__=${SECRET}; constructor=${SECRET}`, {}],
    ['no equals sign', SESSION_COOKIE, {}],
    ['an empty value', `${SESSION_COOKIE}=`, { [SESSION_COOKIE]: '' }],
    ['a value in quotes', `${SESSION_COOKIE}="${SECRET}"`, { [SESSION_COOKIE]: '' }],
    ['a value of other characters', `${SESSION_COOKIE}=${SECRET}%41`, { [SESSION_COOKIE]: '' }],
    ['a value with an equals sign', `${SESSION_COOKIE}=${SECRET}=`, { [SESSION_COOKIE]: '' }],
    ['a value too long', `${SESSION_COOKIE}=${'A'.repeat(65)}`, { [SESSION_COOKIE]: '' }],
    [
      'two that agree',
      `${SESSION_COOKIE}=${SECRET}; ${SESSION_COOKIE}=${SECRET}`,
      { [SESSION_COOKIE]: SECRET },
    ],
    ['two that differ', `${SESSION_COOKIE}=${SECRET}; ${SESSION_COOKIE}=B`, { [SESSION_COOKIE]: '' }],
    [
      'a good one after a bad one',
      `${SESSION_COOKIE}=; ${SESSION_COOKIE}=${SECRET}`,
      { [SESSION_COOKIE]: '' },
    ],
    [
      'a third that agrees with the first',
      `${SESSION_COOKIE}=A; ${SESSION_COOKIE}=B; ${SESSION_COOKIE}=A`,
      { [SESSION_COOKIE]: '' },
    ],
    ['two headers joined by a comma', `${SESSION_COOKIE}=A, ${SESSION_COOKIE}=B`, { [SESSION_COOKIE]: '' }],
    ['ours after a comma', `a=b, ${SESSION_COOKIE}=A`, {}],
  ])('reads %s', (_name, header, expected) => {
    expect(read(header)).toEqual(expected)
  })

  it('keeps the order of the browser, in which the oldest come first', () => {
    const names = ['a', 'b', 'c'].map((letter) => `${TRANSACTION_COOKIE}${letter.repeat(12)}`)

    expect([...parseCookies(names.map((name) => `${name}=${SECRET}`).join('; ')).keys()]).toEqual(names)
  })

  it('reads 16 KB and treats one character more as no cookies at all', () => {
    const header = (length: number): string => `${SESSION_COOKIE}=${SECRET}; a=`.padEnd(length, 'x')

    expect(read(header(16_384))).toEqual({ [SESSION_COOKIE]: SECRET })
    expect(read(header(16_385))).toEqual({})
  })

  it('finds nothing in 64 KB, in ten thousand pairs, in nothing but separators', () => {
    const hostile = [
      'x'.repeat(65_536),
      `${SESSION_COOKIE}=${'x'.repeat(65_536)}`,
      Array.from({ length: 10_000 }, (_, i) => `c${i}=v`).join('; '),
      Array.from({ length: 10_000 }, () => `${SESSION_COOKIE}=A`).join('; '),
      ';'.repeat(16_384),
      '='.repeat(16_384),
      ' '.repeat(16_384),
    ]
    for (const header of hostile) expect(parseCookies(header).size).toBe(0)
  })

  it('holds nothing but our names and values, whatever the header (CVE-2024-24814)', () => {
    const piece = fc.oneof(
      anyText(20),
      fc.constantFrom(SESSION_COOKIE, TX, '=', ';', '; ', ',', '"', SECRET, '__proto__', '%00', '\r\n'),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        for (const [name, value] of parseCookies(pieces.join(''))) {
          expect(name === SESSION_COOKIE || isTransactionCookie(name)).toBe(true)
          expect(value).toMatch(/^[A-Za-z0-9_-]{0,64}$/)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('every cookie that is set', () => {
  const { random } = heldEffects()
  const transaction = newTransaction(random)
  const { handle, secret } = transaction
  const all: Record<string, SetCookie> = {
    session: sessionCookie(newTicket(random).secret),
    transaction: transactionCookie(handle, secret),
    'transaction done': transactionCookie(handle, doneValue(transaction)),
    'session removed': expiredCookie(SESSION_COOKIE),
    'transaction removed': expiredCookie(`${TRANSACTION_COOKIE}${handle}`),
  }

  it.each(Object.entries(all))('%s is bound to this host, to TLS and away from scripts', (_name, cookie) => {
    expect(cookie).toMatchObject({ secure: true, httpOnly: true, path: '/' })
    expect(cookie.name).toMatch(/^__Host-/)
    expect(cookie).not.toHaveProperty('domain')
  })

  it.each(Object.entries(all))('%s needs no encoding and fits into 4,096 bytes', (_name, { name, value }) => {
    expect(encodeURIComponent(`${name}${value}`)).toBe(`${name}${value}`)
    expect(name.length + value.length).toBeLessThanOrEqual(4_096)
  })

  it.each(Object.entries(all))('%s comes back as it was set', (_name, { name, value }) => {
    expect(read(`${name}=${value}`)).toEqual({ [name]: value })
  })

  it('the session lasts as long as the browser and is not sent by other sites; a transaction is, for fifteen minutes', () => {
    expect(all.session).toMatchObject({ sameSite: 'Lax' })
    expect(all.session).not.toHaveProperty('maxAge')
    expect(all.transaction).toMatchObject({ sameSite: 'None', maxAge: 900 })
  })

  it('is removed with the attributes it was set with, or browsers would keep it', () => {
    const attributes = ({ name: _name, value: _value, maxAge: _age, ...rest }: SetCookie) => rest

    for (const cookie of [sessionCookie(SECRET), transactionCookie(handle, SECRET)]) {
      const removal = expiredCookie(cookie.name)
      expect(attributes(removal)).toEqual(attributes(cookie))
      expect(removal).toMatchObject({ name: cookie.name, value: '', maxAge: 0 })
    }
  })
})
