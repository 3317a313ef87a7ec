/** The parts of the signed-in page that are about the person: roles, time left, APIs and sessions. */
import { describe, expect, it } from 'vitest'
import { signedInPage } from '../../lib/http/pages/home.ts'
import { textOf, VIEW } from './signedInView.ts'

describe('the signed-in page', () => {
  it('says the roles, and how long the session lasts in whole minutes that are left for certain', () => {
    const text = textOf(signedInPage(VIEW).html)
    expect(text).toContain('Reports.Reader, Admin')
    expect(text).toContain('59 minutes without further use, 7 hours at most')
    const later = { ...VIEW, roles: [], leftMs: 60_000, leftAtMostMs: 3_600_000 + 60_000 }
    expect(textOf(signedInPage(later).html)).toContain(
      '1 minute without further use, 1 hour 1 minute at most',
    )
    expect(textOf(signedInPage(later).html)).toMatch(/Roles\s*None/)
    const over = { ...VIEW, leftMs: -1, leftAtMostMs: 2 * 3_600_000 }
    expect(textOf(signedInPage(over).html)).toContain('0 minutes without further use, 2 hours at most')
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
      '/auth/login?scope=api%3A%2F%2Fstock%2Fread&#38;returnTo=%2Fauth%23apis',
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
    expect(section).toContain('name="others" value="true">End all others<')
    expect([...section.matchAll(/<form method="post" action="([^"]+)"/g)].map(([, to]) => to)).toEqual([
      '/auth/sessions',
      '/auth/sessions',
      '/auth/sessions',
    ])
  })

  it.each([
    [1, '1 older one is not shown here. “End all others” ends them too.'],
    [1_900, '1900 older ones are not shown here. “End all others” ends them too.'],
  ])('says that there are %i more than it lists', (sessionsNotListed, words) => {
    expect(textOf(signedInPage({ ...VIEW, sessionsNotListed }).html)).toContain(words)
    expect(textOf(signedInPage(VIEW).html)).not.toContain('not shown here')
  })

  it('has no button for others where there are none', () => {
    const { html } = signedInPage({ ...VIEW, sessions: VIEW.sessions.filter(({ isCurrent }) => isCurrent) })
    expect(html).toContain('You are signed in nowhere else.')
    expect(signedInPage(VIEW).html).toContain('End any that you do not recognise.')
    expect(signedInPage(VIEW).html).toContain('That ends it here and not at Microsoft')
    expect(html).not.toContain('not at Microsoft')
    expect(html).not.toContain('End all others')
  })

  it('says of each session, this one too, whether it is bound to its device', () => {
    const bound = VIEW.sessions.map((one) => ({ ...one, isBound: one.id === 'c3' }))
    const text = textOf(signedInPage({ ...VIEW, isBound: true, sessions: bound }).html)

    expect(text.match(/bound to its device/g)).toHaveLength(1)
    expect(text).toContain('Bound to this device')
    expect(textOf(signedInPage(VIEW).html)).not.toMatch(/bound to its device|Bound to this device/)
  })

  it('has the icon that binds a session loaded from this site, and no other image', () => {
    const { html, contentSecurityPolicy } = signedInPage({ ...VIEW, iconPath: '/auth/icon' })

    expect(html).toContain('<link rel="icon" href="/auth/icon">')
    expect(contentSecurityPolicy).toContain("; img-src 'self';")
  })
})
