import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../lib/errors/appError.ts'
import { ERRORS, type ErrorCode } from '../../lib/errors/table.ts'
import { type SignedInView, signedInPage, welcomePage } from '../../lib/http/pages/home.ts'
import type { Page } from '../../lib/http/pages/page.ts'
import {
  consentGivenPage,
  screenPage,
  signedInSilentlyPage,
  signedOutPage,
} from '../../lib/http/pages/screens.ts'
import { STYLE } from '../../lib/http/pages/style.ts'
import { TELL } from '../../lib/http/pages/tell.ts'
import { textOf, VAULT_PROOF, VIEW } from './signedInView.ts'

const CORRELATION_ID = '7f3a9c1e-2b4d-4e6f-8a0b-1c2d3e4f5a6b'
const CODES = Object.keys(ERRORS) as ErrorCode[]
const { clientAuthentication: _, ...FOR_ANOTHER_API } = VIEW
const VIEWED = { href: '/auth/login?returnTo=%2Fa', correlationId: CORRELATION_ID }
const PAGES: readonly (readonly [string, Page])[] = [
  ['welcome', welcomePage('vault', '/auth/login')],
  ['signed in with a certificate', signedInPage(VIEW)],
  ['signed in with a managed identity', signedInPage({ ...VIEW, proof: { method: 'managed-identity' } })],
  ['signed in, with a token for another API', signedInPage(FOR_ANOTHER_API)],
  ['signed out', signedOutPage('/auth/login')],
  ...CODES.map(
    (code) =>
      [code, screenPage(new AppError(code), { href: '/auth/login', correlationId: CORRELATION_ID })] as const,
  ),
]

describe.each(PAGES)('the page "%s"', (_name, { html, contentSecurityPolicy }) => {
  it('has a language, a title, one main landmark and exactly one first heading', () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(html).toMatch(/<title>[^<]+ · Signet<\/title>/)
    expect(html.match(/<main>/g)).toHaveLength(1)
    expect(html.match(/<h1>[^<]+<\/h1>/g)).toHaveLength(1)
    expect(html.match(/<h1/g)).toHaveLength(1)
  })

  it('runs no script and carries no inline style or event handler', () => {
    expect(html).not.toMatch(/<script/i)
    for (const tag of tagsOf(html)) expect(tag).not.toMatch(/\s(style|on\w+)\s*=/i)
  })

  it('leads nowhere but this site and loads nothing from outside', () => {
    for (const [, url] of html.matchAll(/\s(?:href|src|action)="([^"]*)"/g)) {
      expect(url).toMatch(/^(\/(?![/\\])|data:image\/svg\+xml,)/)
    }
    expect(STYLE).not.toMatch(/url\(|@import/)
  })

  it('is admitted by its own policy, which names the hash of exactly its style', () => {
    const [, style = ''] = /<style>(.*)<\/style>/s.exec(html) ?? []
    const hash = createHash('sha256').update(style).digest('base64')

    expect(contentSecurityPolicy).toContain(`default-src 'none'; style-src 'sha256-${hash}'; img-src data:;`)
    expect(contentSecurityPolicy).not.toContain('unsafe')
  })
})

describe.each([
  ['that succeeded', 'You are signed in', () => signedInSilentlyPage('/orders')],
  [
    'that did not',
    'One more step',
    () =>
      screenPage(
        new AppError('entra/interaction_required', {
          silent: { outcome: 'sign-in-needed', code: 'login_required' },
        }),
        { href: '/auth/login', correlationId: CORRELATION_ID },
      ),
  ],
] as const)('the page of a silent sign-in %s', (_name, title, made) => {
  it('runs one script, the same for everybody, which its policy admits by hash and nothing else', () => {
    const { html, contentSecurityPolicy } = made()
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html).toContain(`<script>${TELL}</script>`)
    const hash = createHash('sha256').update(TELL).digest('base64')
    expect(contentSecurityPolicy).toContain(`script-src 'sha256-${hash}';`)
    expect(contentSecurityPolicy).not.toContain('unsafe')
    expect(html).toContain('This page runs one script, which tells your open pages how sign-in went,')
    expect(html).not.toContain('This page runs no script')
    for (const tag of tagsOf(html)) expect(tag).not.toMatch(/\s(style|on\w+)\s*=/i)
  })

  it('says without it what happened, and has one way on', () => {
    const { html } = made()
    expect(html).toContain(`<h1>${title}</h1>`)
    expect(html).toMatch(/<p class="lede" data-outcome="[a-z-]+" data-code="[a-z_]*">[^<]{20,}<\/p>/)
    expect(html.match(/<a class="button"/g)).toHaveLength(1)
  })
})

it('a page that tells nobody anything runs no script, as it says', () => {
  for (const { html, contentSecurityPolicy } of [signedOutPage('/auth/login'), signedInPage(VIEW)]) {
    expect(html).toContain('This page runs no script')
    expect(html + contentSecurityPolicy).not.toMatch(/<script|script-src/)
  }
})

it('a page has a title of its own', () => {
  const titles = [welcomePage('vault', '/auth/login'), signedInPage(VIEW), signedOutPage('/auth/login')]

  expect(titles.map(({ html }) => /<title>(.*?)<\/title>/.exec(html)?.[1])).toEqual([
    'Sign in · Signet',
    'Signed in · Signet',
    'You are signed out · Signet',
  ])
})

describe('the welcome page', () => {
  it('offers one way on, which is sign-in', () => {
    expect(linksOf(welcomePage('vault', '/auth/login'))).toEqual(['/', '/auth/login'])
  })
})

describe('the signed-in page', () => {
  it('says who is signed in, since when and until when', () => {
    const { html } = signedInPage(VIEW)

    for (const shown of [VIEW.name, VIEW.username, VIEW.tenantId]) expect(textOf(html)).toContain(shown)
    expect(html).toContain('<time datetime="2026-03-01T09:30:00Z">2026-03-01 09:30:00 UTC</time>')
    expect(html).toContain('<time datetime="2026-03-01T17:30:00Z">2026-03-01 17:30:00 UTC</time> without')
  })

  it('signs out by a form that may end at Entra and nowhere else', () => {
    const { html, contentSecurityPolicy } = signedInPage(VIEW)

    expect(html).toContain('<form method="post" action="/auth/logout">')
    expect(contentSecurityPolicy).toContain("form-action 'self' https://login.example;")
    expect(welcomePage('vault', '/auth/login').contentSecurityPolicy).toContain("form-action 'self';")
  })

  it('lets no name or claim become markup', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "' style='x",
        '</code>&lt;',
      ),
    )
    const expected = tagsOf(signedInPage(VIEW).html)

    fc.assert(
      fc.property(fc.array(hostile, { minLength: 11, maxLength: 11 }), (values) => {
        const { html } = signedInPage(viewOf(values))

        expect(tagsOf(html)).toEqual(expected)
        for (const value of values) expect(textOf(html)).toContain(value)
      }),
    )
  })
})

describe.each(CODES)('the screen of %s', (code) => {
  const { userText, operatorAction, screen } = ERRORS[code]
  const bare = screenPage(new AppError(code), VIEWED)

  it('shows its own text, the correlation id and its code, and what the operator has to do to nobody', () => {
    expect(textOf(bare.html)).toContain(userText)
    expect(bare.html).toContain(`<dt>Correlation id</dt><dd><code>${CORRELATION_ID}</code></dd>`)
    expect(bare.html).toContain(`<dt>Code</dt><dd><code>${code}</code></dd>`)
    expect(textOf(bare.html)).not.toContain(operatorAction)
  })

  it('shows nothing of what else is known of the fault', () => {
    const context = { detail: 'a detail', cause: new Error('a cause'), retryAfterSec: 7, returnTo: '/secret' }

    expect(screenPage(new AppError(code, context), VIEWED)).toEqual(bare)
  })

  it('offers one way on', () => {
    expect(linksOf(bare)).toEqual(['/', '/auth/login?returnTo=%2Fa'])
  })

  it('leads to help where the operator named a place, and says nothing of it else', () => {
    const help = `https://help.example/${code}?id=${CORRELATION_ID}`
    const helped = screenPage(new AppError(code), { ...VIEWED, help })

    expect(linksOf(helped)).toEqual([...linksOf(bare), help])
    expect(helped.contentSecurityPolicy).toBe(bare.contentSecurityPolicy)
  })

  it('says whom to ask where the fault is ours', () => {
    const asks = textOf(bare.html).includes('give the correlation id below to whoever runs this service')

    expect(asks).toBe(screen === 'ourFault')
  })
})

describe('the signed-out page', () => {
  it('claims no more than that the session here has ended', () => {
    expect(textOf(signedOutPage('/auth/login').html)).toContain('Your session here has ended.')
    expect(linksOf(signedOutPage('/auth/login'))).toEqual(['/', '/auth/login'])
  })
})

describe('the page that an administrator comes to from consenting', () => {
  it('says what was agreed, claims no session and offers sign-in', () => {
    const page = consentGivenPage('/auth/login')

    expect(textOf(page.html)).toContain('people of their organisation use this application')
    expect(textOf(page.html)).not.toContain('You are signed in')
    expect(linksOf(page)).toEqual(['/', '/auth/login'])
  })
})

describe('a screen', () => {
  it('lets neither way on nor correlation id become markup', () => {
    const at = (href: string, correlationId: string) =>
      screenPage(new AppError('vault/timeout'), { href, correlationId }).html
    const hostile = '"><script>alert(1)</script>'

    expect(tagsOf(at('/', hostile))).toEqual(tagsOf(at('/', CORRELATION_ID)))
    expect(at(hostile, CORRELATION_ID)).not.toContain('<script')
    expect(textOf(at('/', hostile))).toContain(hostile)
  })

  it('speaks of a missing page as such, not of signing in again', () => {
    const { html } = screenPage(new AppError('http/not_found'), { href: '/', correlationId: CORRELATION_ID })

    expect(html).toContain('<h1>Page not found</h1>')
    expect(html).not.toContain('/auth/login')
  })
})

describe('the style sheet', () => {
  it('styles every class there is, and no other', () => {
    const used = PAGES.flatMap(([, { html }]) => [...html.matchAll(/class="([^"]+)"/g)])
    const styled = STYLE.matchAll(/\.([a-z][\w-]*)(?=[^{}]*\{)/g)

    expect(namesIn(styled)).toEqual(namesIn(used))
  })
})

function viewOf(values: readonly string[]): SignedInView {
  const [name = '', username = '', tenantId = '', thumbprint = '', alg, typ, aud, iss, sub, jti, value] =
    values
  const header = { alg, typ, 'x5t#S256': thumbprint }
  const claims = { ...VAULT_PROOF.claims, aud, iss, sub, jti }
  const proof = { ...VAULT_PROOF, header, claims } as SignedInView['proof']
  return {
    ...VIEW,
    name,
    username,
    tenantId,
    proof,
    clientAuthentication: { claim: 'azpacr', value: value ?? '' },
  }
}

/** Every tag in order, but those that only say where a long value may break. */
function tagsOf(html: string): string[] {
  return [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag).filter((tag) => tag !== '<wbr>')
}

function linksOf({ html }: Page): (string | undefined)[] {
  return [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href)
}

function namesIn(matches: Iterable<RegExpMatchArray>): string[] {
  return [...new Set([...matches].flatMap(([, names = '']) => names.split(' ')))].sort()
}
