import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../lib/errors/appError.ts'
import { ERRORS, type ErrorCode } from '../../lib/errors/table.ts'
import { type SignedInView, signedInPage, welcomePage } from '../../lib/http/pages/home.ts'
import type { Page } from '../../lib/http/pages/page.ts'
import { screenPage, signedOutPage } from '../../lib/http/pages/screens.ts'
import { STYLE } from '../../lib/http/pages/style.ts'

const CORRELATION_ID = '7f3a9c1e-2b4d-4e6f-8a0b-1c2d3e4f5a6b'
const CODES = Object.keys(ERRORS) as ErrorCode[]
const VAULT_PROOF = {
  method: 'vault',
  keyId: 'https://contoso.vault.azure.net/keys/signing/5f1c0e8a',
  header: { alg: 'PS256', typ: 'JWT', 'x5t#S256': 'thumbprint' },
  claims: { aud: 'audience', iss: 'issuer', sub: 'subject', jti: 'id', nbf: 1e9, iat: 1e9, exp: 1e9 + 600 },
} as const
const VIEW: SignedInView = {
  name: 'Ada Lovelace',
  username: 'ada@contoso.example',
  tenantId: '9f7f7b0e-6c0a-4d19-a9f2-3c8e5a1b7d64',
  signedInAtMs: Date.UTC(2026, 2, 1, 9, 30),
  endsAtMs: Date.UTC(2026, 2, 1, 17, 30),
  leftMs: 59 * 60_000 + 59_999,
  leftAtMostMs: 7 * 3_600_000 + 59_000,
  roles: ['Reports.Reader', 'Admin'],
  apis: [
    { name: 'orders', state: 'ready' },
    { name: 'stock', state: 'consent', loginUrl: '/auth/login?scope=api%3A%2F%2Fstock%2Fread' },
    { name: 'audit', state: 'role' },
  ],
  sessions: [
    { id: 'b2', device: 'Firefox on Linux', signedInAtMs: 0, usedAtMs: 0, isCurrent: false },
    { id: 'c3', device: 'unknown device', signedInAtMs: 0, usedAtMs: 60_000, isCurrent: false },
    { id: 'a1', device: 'Chrome on Android', signedInAtMs: 0, usedAtMs: 0, isCurrent: true },
  ],
  proof: VAULT_PROOF,
  clientAuthentication: { claim: 'azpacr', value: '2' },
  entraOrigin: 'https://login.example',
}
const { clientAuthentication: _, ...FOR_ANOTHER_API } = VIEW
const PAGES: readonly (readonly [string, Page])[] = [
  ['welcome', welcomePage('vault')],
  ['signed in with a certificate', signedInPage(VIEW)],
  ['signed in with a managed identity', signedInPage({ ...VIEW, proof: { method: 'managed-identity' } })],
  ['signed in, with a token for another API', signedInPage(FOR_ANOTHER_API)],
  ['signed out', signedOutPage()],
  ...CODES.map((code) => [code, screenPage(new AppError(code), '/auth/login', CORRELATION_ID)] as const),
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

describe('the welcome page', () => {
  it('offers one way on, which is sign-in', () => {
    expect(linksOf(welcomePage('vault'))).toEqual(['/', '/auth/login'])
  })
})

describe('the signed-in page', () => {
  it('says who is signed in, since when and until when', () => {
    const { html } = signedInPage(VIEW)

    for (const shown of [VIEW.name, VIEW.username, VIEW.tenantId]) expect(textOf(html)).toContain(shown)
    expect(html).toContain('<time datetime="2026-03-01T09:30:00Z">2026-03-01 09:30:00 UTC</time>')
    expect(html).toContain('<time datetime="2026-03-01T17:30:00Z">2026-03-01 17:30:00 UTC</time> without')
  })

  it('says the roles, and how long the session lasts in whole minutes that are left for certain', () => {
    const text = textOf(signedInPage(VIEW).html)
    expect(text).toContain('Reports.Reader, Admin')
    expect(text).toContain('59 minutes without further use, 7 hours at most')
    const later = { ...VIEW, roles: [], leftMs: 60_000, leftAtMostMs: 3_600_000 + 60_000 }
    expect(textOf(signedInPage(later).html)).toContain(
      '1 minute without further use, 1 hour 1 minute at most',
    )
    expect(textOf(signedInPage(later).html)).toMatch(/Roles\s*None/)
  })

  it('says of each API what it needs, with a link where the person can give it', () => {
    const { html } = signedInPage(VIEW)
    const [, section = ''] = /aria-labelledby="apis">(.*?)<\/section>/s.exec(html) ?? []
    const rows = [...section.matchAll(/<li>(.*?)<\/li>/gs)].map(([, row = '']) => row)
    expect(rows.map((row) => textOf(row).replace(/\s+/g, ' ').trim())).toEqual([
      'orders Ready',
      'stock Needs your consent Continue with stock',
      'audit Needs a role that you do not have',
    ])
    expect(rows.map((row) => /href="([^"]+)"/.exec(row)?.[1])).toEqual([
      undefined,
      '/auth/login?scope=api%3A%2F%2Fstock%2Fread',
      undefined,
    ])
    expect(signedInPage({ ...VIEW, apis: [] }).html).not.toContain('id="apis"')
  })

  it('lists one’s sessions, this one first, with a button for each other one and one for all others', () => {
    const { html } = signedInPage(VIEW)
    const [, section = ''] = /aria-labelledby="sessions">(.*?)<\/section>/s.exec(html) ?? []
    const rows = [...section.matchAll(/<li>(.*?)<\/li>/gs)].map(([, row = '']) => row)
    expect(rows.map((row) => /<b>([^<]+)</.exec(row)?.[1])).toEqual([
      'Chrome on Android',
      'Unknown device',
      'Firefox on Linux',
    ])
    expect(rows.map((row) => row.includes('This one'))).toEqual([true, false, false])
    expect(rows.map((row) => /name="id" value="([^"]+)"/.exec(row)?.[1])).toEqual([undefined, 'c3', 'b2'])
    // Every "End" says to a screen reader which.
    for (const id of ['b2', 'c3']) {
      expect(section).toContain(`id="session-${id}"`)
      expect(section).toContain(`aria-describedby="session-${id}">End<`)
    }
    expect(section).toContain('name="others" value="all">End all others<')
    expect([...section.matchAll(/<form method="post" action="([^"]+)"/g)].map(([, to]) => to)).toEqual([
      '/auth/sessions',
      '/auth/sessions',
      '/auth/sessions',
    ])
  })

  it('has no button for others where there are none', () => {
    const { html } = signedInPage({ ...VIEW, sessions: VIEW.sessions.filter(({ isCurrent }) => isCurrent) })
    expect(html).toContain('You are signed in nowhere else.')
    expect(html).not.toContain('End all others')
  })

  it('signs out by a form that may end at Entra and nowhere else', () => {
    const { html, contentSecurityPolicy } = signedInPage(VIEW)

    expect(html).toContain('<form method="post" action="/auth/logout">')
    expect(contentSecurityPolicy).toContain("form-action 'self' https://login.example;")
    expect(welcomePage('vault').contentSecurityPolicy).toContain("form-action 'self';")
  })

  it('shows every member of the assertion with its value and the section that defines it', () => {
    const { html } = signedInPage(VIEW)
    const members = { ...VAULT_PROOF.header, ...VAULT_PROOF.claims }

    for (const [name, value] of Object.entries(members)) {
      const row = new RegExp(`<div><dt><code>${name}</code></dt>.*?</div>`, 's').exec(html)?.[0] ?? ''
      expect(textOf(row), name).toContain(String(value))
      expect(row, name).toMatch(/RFC 75\d\d §/)
    }
    expect(html).toContain('<time datetime="2001-09-09T01:56:40Z">')
    expect(textOf(html)).toContain('it lives 10 minutes')
  })

  it('names vault, key and version that signed', () => {
    const facts = [...signedInPage(VIEW).html.matchAll(/<dt>(Vault|Key|Version)<\/dt><dd><code>([^<]*)</g)]

    expect(facts.map(([, term, value]) => [term, value])).toEqual([
      ['Vault', 'contoso.vault.azure.net'],
      ['Key', 'signing'],
      ['Version', '5f1c0e8a'],
    ])
  })

  it.each([
    'urn:key:<b>1',
    'https://contoso.vault.azure.net/keys/signing',
    'https://contoso.vault.azure.net/secrets/signing/1',
  ])('shows the key id %s, which is of another shape, whole', (keyId) => {
    const { html } = signedInPage({ ...VIEW, proof: { ...VAULT_PROOF, keyId } })
    const [, shown = ''] = /<dt>Key<\/dt><dd>(.*?)<\/dd>/.exec(html) ?? []

    expect(textOf(shown)).toBe(keyId)
  })

  it.each([
    ['azpacr', '2', 'no secret was used, though not which key', 'version 2.0'],
    ['appidacr', '2', 'a federated credential shows as 2 as well', 'version 1.0'],
    ['azpacr', '1', 'This app has none: please tell whoever runs it', 'version 2.0'],
    ['azpacr', '0', 'a public client, which proves nothing', 'version 2.0'],
    ['azpacr', '7', 'not among those that Microsoft documents', 'version 2.0'],
    ['azpacr', 'constructor', 'not among those that Microsoft documents', 'version 2.0'],
    ['azpacr', '__proto__', 'not among those that Microsoft documents', 'version 2.0'],
  ] as const)('explains %s = %s without claiming more than it says', (claim, value, meaning, version) => {
    const { html } = signedInPage({ ...VIEW, clientAuthentication: { claim, value } })

    expect(html).toContain(`<dt><code>${claim}</code></dt><dd><code>${value}</code>`)
    expect(textOf(html)).toContain(meaning)
    expect(html).toContain(`>Access token, ${version}<`)
  })

  it('says that a token for another API is not read', () => {
    const text = textOf(signedInPage(FOR_ANOTHER_API).html)

    expect(text).toContain('meant for another API')
    expect(text).not.toContain('it noted how')
  })

  it('speaks of no key and no vault where a managed identity vouched for the app', () => {
    const text = textOf(signedInPage({ ...VIEW, proof: { method: 'managed-identity' } }).html)

    expect(text).toContain('This app has no key at all')
    expect(text).not.toMatch(/Key Vault|x5t|RFC 7523/)
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
  const bare = screenPage(new AppError(code), '/auth/login?returnTo=%2Fa', CORRELATION_ID)

  it('shows its own text, the correlation id and its code, and what the operator has to do to nobody', () => {
    expect(textOf(bare.html)).toContain(userText)
    expect(bare.html).toContain(`<dt>Correlation id</dt><dd><code>${CORRELATION_ID}</code></dd>`)
    expect(bare.html).toContain(`<dt>Code</dt><dd><code>${code}</code></dd>`)
    expect(textOf(bare.html)).not.toContain(operatorAction)
  })

  it('shows nothing of what else is known of the fault', () => {
    const context = { detail: 'a detail', cause: new Error('a cause'), retryAfterSec: 7, returnTo: '/secret' }

    expect(screenPage(new AppError(code, context), '/auth/login?returnTo=%2Fa', CORRELATION_ID)).toEqual(bare)
  })

  it('offers one way on', () => {
    expect(linksOf(bare)).toEqual(['/', '/auth/login?returnTo=%2Fa'])
  })

  it('says whom to ask where the fault is ours', () => {
    const asks = textOf(bare.html).includes('give the correlation id below to whoever runs this service')

    expect(asks).toBe(screen === 'ourFault')
  })
})

describe('the signed-out page', () => {
  it('claims no more than that the session here has ended', () => {
    expect(textOf(signedOutPage().html)).toContain('Your session here has ended.')
    expect(linksOf(signedOutPage())).toEqual(['/', '/auth/login'])
  })
})

describe('a screen', () => {
  it('lets neither way on nor correlation id become markup', () => {
    const at = (href: string, correlationId: string) =>
      screenPage(new AppError('vault/timeout'), href, correlationId).html
    const hostile = '"><script>alert(1)</script>'

    expect(tagsOf(at('/', hostile))).toEqual(tagsOf(at('/', CORRELATION_ID)))
    expect(at(hostile, CORRELATION_ID)).not.toContain('<script')
    expect(textOf(at('/', hostile))).toContain(hostile)
  })

  it('speaks of a missing page as such, not of signing in again', () => {
    const { html } = screenPage(new AppError('http/not_found'), '/', CORRELATION_ID)

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

function textOf(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&#(\d+);/g, (_match, point) => String.fromCharCode(point))
}

function linksOf({ html }: Page): (string | undefined)[] {
  return [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href)
}

function namesIn(matches: Iterable<RegExpMatchArray>): string[] {
  return [...new Set([...matches].flatMap(([, names = '']) => names.split(' ')))].sort()
}
