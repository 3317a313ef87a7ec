import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  deviceCookie,
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
import { answeredValue, newTransaction } from '../../../lib/session/transaction.ts'
import { anyText } from '../../support/anyText.ts'
import { outcomeOf } from '../../support/faultOf.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'

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
    ['no equals sign, and one letter more', `${SESSION_COOKIE}x`, {}],
    ['no name', `=${SECRET}`, {}],
    ['blanks and nothing else', ' \t; \t=\t ', {}],
    ['a value of blanks', `${SESSION_COOKIE}= \t `, { [SESSION_COOKIE]: '' }],
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
  ])('reads %s', (_name, header, expected) => {
    expect(read(header)).toEqual(expected)
  })

  it('keeps the order of the browser, in which the oldest come first', () => {
    const names = ['a', 'b', 'c'].map((letter) => `${TRANSACTION_COOKIE}${letter.repeat(12)}`)

    expect([...parseCookies(names.map((name) => `${name}=${SECRET}`).join('; ')).keys()]).toEqual(names)
  })

  it('reads the 32 KB that a host admits, and says so where there is one character more', async () => {
    const header = (length: number): string =>
      `a=${SESSION_COOKIE}; ${SESSION_COOKIE}=${SECRET}; a=`.padEnd(length, 'x')

    expect(read(header(32_768))).toEqual({ [SESSION_COOKIE]: SECRET })
    expect(await outcomeOf(() => read(header(32_769)))).toBe('http/headers_too_large')
  })

  it('finds nothing in as many pairs, separators and blanks as a header holds', () => {
    const full = (piece: string): string => piece.repeat(32_768 / piece.length)
    const hostile = [
      full('x'),
      full('c=v;'),
      ...[';', '=', ' ', '\t', ',', '; ', '=,', ', ', '=;'].map(full),
      `a${full(' ').slice(2)}b`,
      `a=${full(' ').slice(3)}b`,
      `${full(',').slice(60)}${SESSION_COOKIE}=${SECRET}`,
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

describe('a cookie that a sibling host can plant', () => {
  // `document.cookie = '<name>=…; domain=contoso.com'`: the browser refuses the name itself and takes these.
  it.each([
    ['U+00A0 no-break space', '\u00a0'],
    ['U+FEFF byte order mark', '\ufeff'],
    ['U+000B vertical tab', '\v'],
    ['U+000C form feed', '\f'],
    ['U+2000 en quad', '\u2000'],
    ['U+2028 line separator', '\u2028'],
    ['U+3000 ideographic space', '\u3000'],
    ['U+0085 next line', '\u0085'],
    ['U+180E Mongolian vowel separator', '\u180e'],
    ['U+200B zero width space', '\u200b'],
    ['the octets of U+00A0 read as Latin-1', '\u00c2\u00a0'],
    ['a line feed', '\n'],
    ['a carriage return', '\r'],
    ['a NUL', '\0'],
    ['a quotation mark', '"'],
    ['an equals sign', '='],
    ['a comma', ','],
    ['a backslash', '\\'],
    ['a percent-encoded blank', '%20'],
  ])('is none of ours: %s before or after the name', (_what, mark) => {
    for (const own of [SESSION_COOKIE, TX]) {
      expect(read(`${mark}${own}=${SECRET}`)).toEqual({})
      expect(read(`a=b; ${mark} ${own}=${SECRET}`)).toEqual({})
      if (mark !== '=') expect(read(`${own}${mark}=${SECRET}`)).toEqual({})
      expect(read(`${mark}${own}=${SECRET}; ${own}=B`)).toEqual({ [own]: 'B' })
    }
  })

  it.each(['\u00a0', '\ufeff', '\v', '\f', '\u2000', '\u0085', '\u00c2\u00a0'])(
    'is no value with %j before or after it',
    (mark) => {
      for (const value of [`${mark}${SECRET}`, `${SECRET}${mark}`])
        expect(read(`${SESSION_COOKIE}=${value}`)).toEqual({ [SESSION_COOKIE]: '' })
    },
  )

  it.each(['__HOST-signet', '__host-signet', '__Host-Signet', '__Host-\u017fignet', '\uff3f_Host-signet'])(
    'is none of ours under the name %j',
    (name) => {
      expect(read(`${name}=${SECRET}; ${name}-tx-AbCdEfGhIjKl=${SECRET}`)).toEqual({})
    },
  )
})

describe('Cookie fields that a host joined by a comma', () => {
  it.each<[string, string, Record<string, string>]>([
    ['ours and a foreign one', `${SESSION_COOKIE}=${SECRET},a=b`, { [SESSION_COOKIE]: SECRET }],
    ['the same with a blank', `${SESSION_COOKIE}=${SECRET}, a=b; c=d`, { [SESSION_COOKIE]: SECRET }],
    [
      'a session and a transaction',
      `a=b; ${SESSION_COOKIE}=${SECRET},${TX}=done-x; c=d`,
      { [SESSION_COOKIE]: SECRET, [TX]: 'done-x' },
    ],
    ['three fields', `${TX}=x,${SESSION_COOKIE}=${SECRET} ,\ta=b,c`, { [TX]: 'x', [SESSION_COOKIE]: SECRET }],
    ['two that agree', `${SESSION_COOKIE}=A,${SESSION_COOKIE}=A`, { [SESSION_COOKIE]: 'A' }],
    ['two that differ', `${SESSION_COOKIE}=A, ${SESSION_COOKIE}=B`, { [SESSION_COOKIE]: '' }],
    ['ours before nothing', `${SESSION_COOKIE}=A,`, { [SESSION_COOKIE]: 'A' }],
  ])('are two: %s', (_what, header, expected) => {
    expect(read(header)).toEqual(expected)
  })

  // A sibling host sets `x` to "a, __Host-signet=…": the browser sends that as it is, and nobody can tell it from two fields.
  it.each([
    `x=a,${SESSION_COOKIE}=${SECRET}`,
    `x=a, ${SESSION_COOKIE}=${SECRET}, y=b`,
    `,${SESSION_COOKIE}=${SECRET}`,
    `x,${SESSION_COOKIE}=${SECRET}`,
    `a=b; x=a,${TX}=${SECRET}; c=d`,
    `x=a,b,${SESSION_COOKIE}=${SECRET}`,
  ])('are not believed to be two where a foreign value may hold the comma: %s', (header) => {
    expect(read(header)).toEqual({})
  })

  it('take nothing from the cookie that the browser itself holds', () => {
    const planted = `x=a,${SESSION_COOKIE}=evil`

    for (const header of [`${planted}; ${SESSION_COOKIE}=A`, `${SESSION_COOKIE}=A; ${planted}`])
      expect(read(header)).toEqual({ [SESSION_COOKIE]: 'A' })
  })
})

describe('every cookie that is set', () => {
  const { random } = heldEffects()
  const transaction = newTransaction(random)
  const { handle, secret } = transaction
  const all: Record<string, SetCookie> = {
    session: sessionCookie(newTicket(random).secret),
    transaction: transactionCookie(handle, secret),
    'transaction done': transactionCookie(
      handle,
      answeredValue(transaction, { kind: 'done', atMs: START_MS }),
    ),
    device: deviceCookie(SECRET),
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

  it('that of the device is let go of half a minute before its ten minutes are over', () => {
    expect(deviceCookie(SECRET)).toMatchObject({ sameSite: 'Lax', maxAge: 570 })
  })

  it('the session lasts as long as the browser and is not sent by other sites; a transaction is, for an hour', () => {
    expect(all.session).toMatchObject({ sameSite: 'Lax' })
    expect(all.session).not.toHaveProperty('maxAge')
    expect(all.transaction).toMatchObject({ sameSite: 'None', maxAge: 3_600 })
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
