import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  comingBackTo,
  demandedClaims,
  LONGEST,
  overlongLink,
  parseSignInLink,
  signInPath,
} from '../../../lib/http/signInLink.ts'
import { anyText } from '../../support/anyText.ts'
import { configOf } from '../../support/configOf.ts'
import { faultOf } from '../../support/faultOf.ts'

const config = configOf()
const parse = (query: string | Readonly<Record<string, string>>) =>
  parseSignInLink(new URLSearchParams(query), config)
const refusal = async (query: string | Readonly<Record<string, string>>) =>
  (await faultOf(() => parse(query))).context

describe('a link to sign-in', () => {
  it('without parameters leads home and wishes for nothing', () => {
    expect(parse('')).toEqual({ returnTo: '/', wishes: {}, parameters: {}, ignored: 0 })
  })

  it('may wish for everything at once', () => {
    const query = {
      returnTo: '/orders?id=7#top',
      loginHint: 'ada@contoso.example',
      domainHint: 'contoso.example',
      prompt: 'login',
      scope: 'profile  openid',
      claims: '{ "id_token": { "acrs": { "essential": true } } }',
    }

    expect(parse(query)).toEqual({
      returnTo: '/orders?id=7#top',
      wishes: {
        loginHint: 'ada@contoso.example',
        domainHint: 'contoso.example',
        prompt: 'login',
        scopes: ['openid', 'profile'],
        claims: '{"id_token":{"acrs":{"essential":true}}}',
      },
      parameters: { ...query, scope: 'openid profile', claims: '{"id_token":{"acrs":{"essential":true}}}' },
      ignored: 0,
    })
  })

  it.each([
    'utm_source=x&utm_medium=mail',
    'redirect_uri=https%3A%2F%2Fevil.example&state=1',
    'RETURNTO=%2Fx&return_to=%2Fx',
    '__proto__=x&constructor=x',
    'toString=x&hasOwnProperty=',
    '=x&=',
    'alice%40contoso.com&%00=1',
    'foo=1&foo=2',
    'returnTo%00=x&%20returnTo=x',
  ])('is not spoilt by parameters that mean nothing here, which are counted: %s', (strange) => {
    const link = parse(`${strange}&returnTo=/orders`)

    expect(link).toEqual({ returnTo: '/orders', wishes: {}, parameters: { returnTo: '/orders' }, ignored: 2 })
  })

  it.each(['login', 'none', 'consent', 'select_account'])('may wish for prompt=%s', (prompt) => {
    expect(parse({ prompt }).wishes).toEqual({ prompt })
  })

  it('may wish for somebody who authenticated so many seconds ago at most', () => {
    expect(parse({ maxAge: '0300' })).toEqual({
      returnTo: '/',
      wishes: { maxAgeSec: 300 },
      parameters: { maxAge: '300' },
      ignored: 0,
    })
    expect(parse({ loginHint: 'ada' }).wishes).toStrictEqual({ loginHint: 'ada' })
  })

  it('may wish for scopes of the APIs that are called for a person, too', () => {
    const orders = { url: 'https://orders.example', as: 'user', scope: 'api://orders/Read' }
    const withApi = configOf({ DOWNSTREAM_APIS: JSON.stringify({ orders }) })

    expect(parseSignInLink([['scope', 'api://orders/Read']], withApi).wishes.scopes).toContain(
      'api://orders/Read',
    )
  })

  it('takes an empty value for none, wherever it stands', () => {
    const empty = 'returnTo=&loginHint=&domainHint=&prompt=&scope=&claims=&iss=&login_hint=&target_link_uri='

    expect(parse(empty)).toEqual({ returnTo: '/', wishes: {}, parameters: {}, ignored: 0 })
    expect(parse(`${empty}&returnTo=/a&loginHint=ada`).parameters).toEqual({
      returnTo: '/a',
      loginHint: 'ada',
    })
    expect(parse(`returnTo=/a&loginHint=ada&${empty}`).parameters).toEqual({
      returnTo: '/a',
      loginHint: 'ada',
    })
  })

  it.each([
    'returnTo=/a&returnTo=/a',
    'returnTo=%2Fa&returnTo=/a',
    'returnTo=&returnTo=/a&returnTo=/a',
    'returnTo=/a&returnTo=',
  ])('may say the same twice: %s', (query) => {
    expect(parse(query).returnTo).toBe('/a')
  })

  it.each(['returnTo', 'loginHint', 'domainHint', 'prompt', 'scope', 'claims', 'iss'])(
    'may not say two things of %s',
    async (name) => {
      expect((await refusal(`${name}=login&${name}=consent`)).detail).toBe(name)
    },
  )

  it.each([
    ['loginHint', 'ada\r\nx: y'],
    ['loginHint', 'ada\u0000'],
    ['domainHint', 'contoso.example/x'],
    ['domainHint', 'contoso example'],
    ['maxAge', 'x300'],
    ['maxAge', '300x'],
    ['maxAge', '-1'],
    ['maxAge', '1.5'],
    ['prompt', 'create'],
    ['prompt', 'LOGIN'],
    ['prompt', 'login consent'],
    ['prompt', '__proto__'],
    ['scope', 'openid https://graph.microsoft.com/Mail.Read'],
    ['claims', '{'],
    ['claims', '[]'],
    ['claims', 'null'],
    ['claims', '"x"'],
    ['returnTo', '//evil.example'],
    ['returnTo', 'https://evil.example/'],
    ['iss', 'https://evil.example/v2.0'],
  ])('may not say %s=%j', async (name, value) => {
    expect((await refusal({ [name]: value })).detail).toBe(name)
  })

  it.each(Object.entries(LONGEST))('has at most so many characters of %s: %i', async (name, longest) => {
    const long = {
      loginHint: (length: number) => 'a'.repeat(length),
      domainHint: (length: number) => 'a'.repeat(length),
      scope: (length: number) => 'openid'.padEnd(length),
      maxAge: (length: number) => '1'.repeat(length),
      claims: (length: number) => `{"a":"${'a'.repeat(length - 8)}"}`,
    }[name]
    if (long === undefined) expect.fail(`no ${name} to try`)

    expect(Object.keys(parse({ [name]: long(longest) }).parameters)).toEqual([name])
    expect((await refusal({ [name]: long(longest + 1) })).detail).toBe(name)
  })

  it('never throws anything but its one code, and never says more than it was asked', async () => {
    const name = fc.oneof(
      fc.constantFrom('returnTo', 'loginHint', 'prompt', 'scope', 'claims', 'iss', 'login_hint', '__proto__'),
      anyText(),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, anyText())), async (pairs) => {
        try {
          const { parameters, ignored } = parseSignInLink(pairs, config)
          expect(Object.keys(parameters).length + ignored).toBeLessThanOrEqual(pairs.length)
        } catch (fault) {
          expect(fault).toMatchObject({ code: 'login/invalid_parameter' })
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a link of which one part is wrong', () => {
  it('keeps the others for the next try', async () => {
    const { detail, returnTo, loginParameters, facts } = await refusal({
      returnTo: '/orders?id=7',
      loginHint: 'ada@contoso.example',
      domainHint: 'contoso.example',
      prompt: 'create',
      scope: 'openid profile',
      utm_source: 'mail',
    })

    expect([detail, returnTo, facts]).toEqual(['prompt', '/orders?id=7', { ignoredParameters: 1 }])
    expect(loginParameters).toEqual({
      loginHint: 'ada@contoso.example',
      domainHint: 'contoso.example',
      scope: 'openid profile',
    })
  })

  it('keeps nothing of what is wrong, and names every part that is', async () => {
    const { detail, returnTo, loginParameters } = await refusal(
      'returnTo=//evil.example&prompt=create&scope=openid&scope=profile&domainHint=contoso.example',
    )

    expect(detail?.split(', ').toSorted()).toEqual(['prompt', 'returnTo', 'scope'])
    expect([returnTo, loginParameters]).toEqual([undefined, { domainHint: 'contoso.example' }])
    expect(Object.keys(await refusal('prompt=create'))).toEqual(['detail', 'loginParameters'])
  })

  it('gives up the hint where an account is to be chosen: Entra takes the two for a contradiction', async () => {
    const { detail, loginParameters } = await refusal('prompt=select_account&loginHint=ada')

    expect([detail, loginParameters]).toEqual(['loginHint', { prompt: 'select_account' }])
  })

  it('asks the person after all: whoever presses a button wants more than to be known already', async () => {
    expect((await refusal('prompt=none&scope=x')).loginParameters).toEqual({})
    expect((await refusal('loginHint=none&scope=x')).loginParameters).toEqual({ loginHint: 'none' })
  })
})

describe('claims that are demanded', () => {
  const claimsOf = (length: number) => `{"a":"${'a'.repeat(length - 8)}"}`

  it('go into the link as they are, without white space', () => {
    expect(demandedClaims('{ "a": 1 }')).toEqual({ claims: '{"a":1}' })
  })

  it('go into no link where they are none, or longer than a link may be', () => {
    expect(demandedClaims(claimsOf(2_048))).toEqual({ claims: claimsOf(2_048) })
    for (const challenge of [undefined, '', 'x', '[]', claimsOf(2_049)])
      expect(demandedClaims(challenge)).toStrictEqual({})
  })
})

describe('a link whose authorization request is too long for Entra', () => {
  it('loses its longest part, as a URL counts length, and keeps the others', () => {
    const link = parse({
      returnTo: `/${'a'.repeat(900)}`,
      loginHint: 'ä'.repeat(400),
      domainHint: 'contoso.example',
    })
    const { code, context } = overlongLink(link, 5_000)

    expect([code, context.detail]).toEqual([
      'login/invalid_parameter',
      'loginHint too long: 5000 characters in all',
    ])
    expect([context.returnTo, context.loginParameters]).toEqual([
      `/${'a'.repeat(900)}`,
      { domainHint: 'contoso.example' },
    ])
  })

  it('is no link of anybody where nothing was asked for: the settings ask for too much', () => {
    const { code, context } = overlongLink(parse('utm_source=x'), 5_000)

    expect([code, context.detail]).toEqual(['entra/request_rejected', 'ENTRA_SCOPES: 5000'])
  })
})

describe('the path of a link', () => {
  it('is parsed into what it was written from', () => {
    const parameters = parse({
      returnTo: '/a%20b?c=d&e#f',
      loginHint: 'a&b=c+d ä',
      prompt: 'login',
    }).parameters
    const path = signInPath('/auth/login', parameters)

    expect(path).toMatch(/^\/auth\/login\?/)
    expect(parse(path.slice('/auth/login'.length)).parameters).toEqual(parameters)
  })

  it('gets one way back, whether it has parameters or not', () => {
    expect(comingBackTo('/auth/login', '/auth#apis')).toBe('/auth/login?returnTo=%2Fauth%23apis')
    expect(comingBackTo('/auth/login?scope=a%20b', '/auth')).toBe('/auth/login?scope=a+b&returnTo=%2Fauth')
    expect(comingBackTo('/auth/login?returnTo=%2Fa', '/auth')).toBe('/auth/login?returnTo=%2Fauth')
  })

  it('does not name the start page', () => {
    expect([signInPath('/auth/login', {}), signInPath('/auth/login', { returnTo: '/' })]).toEqual([
      '/auth/login',
      '/auth/login',
    ])
  })
})
