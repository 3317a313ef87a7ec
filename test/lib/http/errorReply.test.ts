import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { ERRORS, type ErrorCode } from '../../../lib/errors/table.ts'
import { errorReply as errorReplyAt } from '../../../lib/http/errorReply.ts'
import { anyText } from '../../support/anyText.ts'
import { removed } from '../../support/openFakeApp.ts'
import { CORRELATION_ID, signetRequestOf } from '../../support/signetRequestOf.ts'

const errorReply = (error: AppError, asked: Parameters<typeof errorReplyAt>[1], helpUrl?: string) =>
  errorReplyAt(error, asked, '/auth/login', helpUrl)

const CODES = Object.keys(ERRORS) as ErrorCode[]
const script = signetRequestOf({ headers: { accept: 'application/json' } })
const person = signetRequestOf({ headers: { accept: 'text/html' } })

/** Everything that leaves but the Allow header, which is the detail by design. */
function shown(error: AppError): string {
  const replies = [errorReply(error, script), errorReply(error, person)]
  return JSON.stringify(
    replies.map(({ headers, ...rest }) => ({ ...rest, headers: { ...headers, allow: undefined } })),
  )
}

function twin(error: AppError): Readonly<Record<string, unknown>> {
  const { body } = errorReply(error, script)
  if (body?.kind !== 'json') throw new Error('no JSON')
  return body.value as Readonly<Record<string, unknown>>
}

describe('the reply to a fault', () => {
  it.each(CODES)('%s is a screen for a person and its twin for a script, of one status', (code) => {
    const error = new AppError(code)
    const page = errorReply(error, person)
    const json = errorReply(error, script)

    expect([page.status, json.status]).toEqual([ERRORS[code].status, ERRORS[code].status])
    expect([page.body?.kind, json.body?.kind]).toEqual(['page', 'json'])
    expect(twin(error)).toMatchObject({
      code,
      message: ERRORS[code].userText,
      correlationId: CORRELATION_ID,
    })
  })

  it.each(CODES)('%s shows nothing of what the log knows', (code) => {
    const cause = new Error('cause-of-it')
    const text = shown(new AppError(code, { cause, detail: 'detail-of-it' }))

    expect(text).not.toContain('-of-it')
    expect(text).not.toContain(ERRORS[code].operatorAction)
  })

  it.each(CODES)('%s names a time to come back only if time may help', (code) => {
    const { headers } = errorReply(new AppError(code), script)
    const isBusy = ERRORS[code].screen === 'busy'

    expect(headers?.['retry-after']).toBe(isBusy ? '10' : undefined)
    expect(twin(new AppError(code)).retryAfterSec).toBe(isBusy ? 10 : undefined)
  })

  it.each(CODES)('%s offers no way in where trying again would not help', (code) => {
    if (ERRORS[code].screen === 'ourFault') expect(twin(new AppError(code))).not.toHaveProperty('loginUrl')
  })
})

describe('the way to help', () => {
  const HELP_URL = 'https://help.example/signet/{code}?id={correlationId}'
  const textOf = (error: AppError, asked: typeof person, helpUrl?: string): string => {
    const { body } = errorReply(error, asked, helpUrl)
    return body?.kind === 'page' ? body.page.html : JSON.stringify(body)
  }

  it('is the setting, with code and correlation id in place, on a screen', () => {
    const html = textOf(new AppError('vault/timeout'), person, HELP_URL)
    expect(html).toContain(`<a href="https://help.example/signet/vault/timeout?id=${CORRELATION_ID}">`)
  })

  it('is nowhere without the setting, and in no JSON', () => {
    expect(textOf(new AppError('vault/timeout'), person)).not.toMatch(/help/i)
    expect(textOf(new AppError('vault/timeout'), script, HELP_URL)).not.toContain('help.example')
  })
})

describe('Retry-After', () => {
  it.each([
    [undefined, 10],
    [0, 1],
    [0.2, 1],
    [1, 1],
    [7.1, 8],
    [300, 300],
    [301, 300],
    [86_400, 300],
    [-5, 1],
  ])('of %s seconds is sent as %i', (retryAfterSec, expected) => {
    const error = new AppError('vault/throttled', retryAfterSec === undefined ? {} : { retryAfterSec })

    expect(errorReply(error, person).headers).toEqual({ 'retry-after': String(expected) })
    expect(errorReply(error, script).headers).toEqual({ 'retry-after': String(expected) })
    expect(twin(error).retryAfterSec).toBe(expected)
  })
})

describe('Allow', () => {
  it('names the methods of the address, for a wrong method only', () => {
    const wrongMethod = new AppError('http/method_not_allowed', { detail: 'GET, HEAD' })

    expect(errorReply(wrongMethod, script).headers).toEqual({ allow: 'GET, HEAD' })
    expect(errorReply(new AppError('http/not_found', { detail: 'GET' }), script).headers).toStrictEqual({})
  })
})

describe('the way on', () => {
  it('leads back into sign-in and to where the person was going', () => {
    const error = new AppError('callback/expired', { returnTo: '/orders?tab=2&x=1#top' })

    expect(twin(error).loginUrl).toBe('/auth/login?returnTo=%2Forders%3Ftab%3D2%26x%3D1%23top')
  })

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', '/auth/login', ''])(
    'drops %j, wherever it came from',
    (returnTo) => {
      expect(twin(new AppError('callback/expired', { returnTo })).loginUrl).toBe('/auth/login')
    },
  )

  it('leads nowhere where something was unavailable, unless the person was on the way somewhere', () => {
    expect(twin(new AppError('vault/throttled'))).not.toHaveProperty('loginUrl')
    expect(twin(new AppError('vault/throttled', { returnTo: '/orders' })).loginUrl).toBe(
      '/auth/login?returnTo=%2Forders',
    )
  })

  it('is the very address that was asked for where the front end did not answer', () => {
    const error = new AppError('frontend/unavailable')
    const { body } = errorReply(error, person)

    expect(twin(error)).not.toHaveProperty('loginUrl')
    expect(body?.kind === 'page' && body.page.html).toContain('<a class="button" href="">')
  })

  it('keeps what else was asked for', () => {
    const loginParameters = { loginHint: 'ada@fabrikam.example', scope: 'openid profile' }
    const error = new AppError('login/invalid_parameter', { returnTo: '/orders', loginParameters })

    expect(twin(error).loginUrl).toBe(
      '/auth/login?returnTo=%2Forders&loginHint=ada%40fabrikam.example&scope=openid+profile',
    )
  })

  it('keeps no hint of an account that may not', () => {
    const loginParameters = { loginHint: 'ada', domainHint: 'contoso.example', prompt: 'login' }

    expect(twin(new AppError('entra/no_access', { loginParameters })).loginUrl).toBe(
      '/auth/login?domainHint=contoso.example&prompt=select_account',
    )
  })

  it('stays on this site whatever the person was said to want', () => {
    fc.assert(
      fc.property(anyText(), fc.constantFrom(...CODES), (returnTo, code) => {
        const { loginUrl } = twin(new AppError(code, { returnTo }))
        if (loginUrl === undefined) return
        const { origin, pathname } = new URL(String(loginUrl), 'https://app.example')
        expect([origin, pathname]).toEqual(['https://app.example', '/auth/login'])
      }),
    )
  })

  it('offers another account where this one may not', () => {
    const url = new URL(String(twin(new AppError('entra/no_access')).loginUrl), 'https://app.example')

    expect(url.searchParams.get('prompt')).toBe('select_account')
  })
})

describe('what a fault leaves in the browser', () => {
  const silent = { outcome: 'failed', code: 'access_denied', handle: 'h'.repeat(12) } as const
  const transaction = removed(`__Host-signet-tx-${silent.handle}`, 'None')
  const device = removed('__Host-signet-device')

  it.each([
    [{}, []],
    [{ silent: { outcome: 'failed', code: 'x' } }, []],
    [{ silent }, [transaction]],
    [{ staleCookie: '__Host-signet-device' }, [device]],
    [{ silent, staleCookie: '__Host-signet-device' }, [transaction, device]],
  ] as const)('of %j is taken away, for a person and for a script: %j', (context, cookies) => {
    const error = new AppError('entra/no_access', context)

    expect([errorReply(error, person).cookies, errorReply(error, script).cookies]).toEqual([cookies, cookies])
  })
})

describe('the way back of somebody who turned round', () => {
  const htmlOf = (error: AppError): string => {
    const { body } = errorReply(error, person)
    return body?.kind === 'page' ? body.page.html : ''
  }
  const link = (href: string) => `<a href="${href}">Back to where you were</a>`

  it.each([
    ['/orders', '/orders'],
    [undefined, '/'],
    ['https://evil.example', '/'],
  ])('from %j is %s', (returnTo, href) => {
    const context = returnTo === undefined ? {} : { returnTo }

    expect(htmlOf(new AppError('entra/cancelled', context))).toContain(link(href))
  })

  it('is the first thing offered to whoever may be signed in still, and sign-in the second', () => {
    const html = htmlOf(new AppError('entra/cancelled', { returnTo: '/orders', rule: 'signed-in' }))

    expect(html).toContain('<a class="button" href="/orders">Back to where you were</a>')
    expect(html).toContain('<a href="/auth/login?returnTo=%2Forders">Sign in</a>')
  })

  it.each([
    ['/orders', '/orders'],
    [undefined, '/'],
  ])('who is told to try again, from %j, leads to %s, with sign-in behind it', (returnTo, href) => {
    const html = htmlOf(
      new AppError('session/device_proof_required', returnTo === undefined ? {} : { returnTo }),
    )

    expect(html).toContain(`<a class="button" href="${href}">Try again</a>`)
    expect(html).toMatch(/<a href="\/auth\/login[^"]*">Sign in<\/a>/)
  })

  it('is offered to nobody else', () => {
    expect(htmlOf(new AppError('entra/no_access', { returnTo: '/orders' }))).not.toContain('Back to where')
  })
})

it('a screen tries again by itself where the fault says after how long', () => {
  const { body } = errorReply(new AppError('session/device_proof_required', { reloadAfterSec: 2 }), person)

  expect(body?.kind === 'page' && body.page.html).toContain('<meta http-equiv="refresh" content="2">')
})

it('the way on asks for the claims that Entra demands', () => {
  const error = new AppError('entra/interaction_required', { claims: '{ "id_token": {} }', returnTo: '/a' })

  expect(twin(error).loginUrl).toBe('/auth/login?returnTo=%2Fa&claims=%7B%22id_token%22%3A%7B%7D%7D')
})
