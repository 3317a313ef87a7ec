import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ApplicationEvidence, Evidence } from '../../../commands/evidence/evidence.ts'
import { evidencePage } from '../../../commands/evidence/page.ts'
import { lineOf, statements } from '../../../commands/evidence/statements.ts'
import { gaps } from '../../../commands/evidence/unchecked.ts'
import { SAMPLE } from './sampleEvidence.ts'

type Registration = Extract<ApplicationEvidence['registration'], { known: unknown }>['known']

/** The sample with its first application changed. */
function changed(change: (application: ApplicationEvidence) => ApplicationEvidence): Evidence {
  const [first, ...others] = SAMPLE.applications
  return { ...SAMPLE, applications: first === undefined ? [] : [change(first), ...others] }
}
function registration(members: Partial<Registration>): Evidence {
  return changed((one) =>
    'known' in one.registration
      ? { ...one, registration: { known: { ...one.registration.known, ...members } } }
      : one,
  )
}
function key(members: object): Evidence {
  return changed((one) => {
    if (one.certificate === undefined || !('known' in one.certificate)) return one
    const { versions, ...certificate } = one.certificate.known
    const bent = versions.map((version) =>
      'known' in version.key ? { ...version, key: { known: { ...version.key.known, ...members } } } : version,
    )
    return { ...one, certificate: { known: { ...certificate, versions: bent } } }
  })
}
const verdictOf = (evidence: Evidence, id: string) => {
  const { verdict, seen } = statements(evidence).find((one) => one.id === id) ?? expect.fail(id)
  return [verdict, seen]
}

describe('what the evidence comes to', () => {
  it('every statement holds for a healthy deployment', () => {
    expect(statements(SAMPLE).map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(
      [
        'no-secret',
        'not-exportable',
        'hardware',
        'registered',
        'policies',
        'certificate-client',
        'vault-guarded',
        'one-signer',
      ].map((id) => `${id} holds`),
    )
  })

  it.each<[string, string, Evidence, string]>([
    [
      'a client secret',
      'no-secret',
      registration({ passwords: [{ keyId: 'k' }] }),
      'sign-in: 1 password credential; app-only: no password credential',
    ],
    [
      'a key that can be exported',
      'not-exportable',
      key({ exportable: true }),
      '1 of 1 enabled versions exportable',
    ],
    ['a key in software', 'hardware', key({ type: 'RSA' }), '1 of 1 enabled versions in software'],
    [
      'a certificate that nobody registered',
      'registered',
      registration({ certificates: [] }),
      'the certificate that signs is not registered',
    ],
    [
      'a token that a secret got',
      'certificate-client',
      changed((one) => ({ ...one, token: { known: { claim: 'azpacr', value: '1' } } })),
      'azpacr is 1 in a fresh token',
    ],
    [
      'a vault that can be purged',
      'vault-guarded',
      {
        ...SAMPLE,
        vault: {
          known: {
            sku: 'standard',
            usesRoles: true,
            purgeProtection: false,
            publicNetwork: 'Enabled',
            tokenBinding: 'disabled',
          },
        },
      },
      'not protected from purging',
    ],
    [
      'another signer',
      'one-signer',
      {
        ...SAMPLE,
        signatures: {
          known: [
            {
              caller: 'somebody',
              key: 'k',
              address: 'a',
              result: 'OK',
              signatures: 1,
              lastAt: '2026-11-26T09:28:11Z',
            },
          ],
        },
      },
      '1 other caller; a deployment itself has one signature made',
    ],
  ])('%s is found', (_what, id, evidence, seen) => {
    expect(verdictOf(evidence, id)).toEqual(['does not hold', expect.stringContaining(seen)])
  })

  it('a certificate that is registered and out of its time does not hold', () => {
    expect(verdictOf({ ...SAMPLE, gatheredAt: '2027-01-01T00:00:00Z' }, 'registered')[0]).toBe(
      'does not hold',
    )
  })

  it('what could not be read is never said to hold, and stands among what could not be checked', () => {
    const unknown = { unknown: 'It could not be read (graph/forbidden).' }
    const evidence = changed((one) => ({
      ...one,
      registration: unknown,
      policies: { tenant: unknown, own: unknown },
      certificate: unknown,
      token: unknown,
    }))
    const everywhere = evidence.applications.map((one) => ({
      ...one,
      policies: { tenant: unknown, own: unknown },
    }))
    const blind = {
      ...evidence,
      applications: everywhere,
      vault: unknown,
      roles: unknown,
      signatures: unknown,
    }
    expect(new Set(statements(blind).map(({ verdict }) => verdict))).toEqual(new Set(['not checked']))
    const open = gaps(blind).map(({ what }) => what)
    expect(open).toContain('The registration of the sign-in application')
    expect(open).toContain('The tenant’s policy on credentials, for the sign-in application')
    expect(open).toContain('A policy of the sign-in application’s own')
    expect(open).toContain('Who had the vault sign')
    expect(open).not.toContain('The registration of the app-only application')
  })

  it('docs/evidence.md lists the statements, all of them and no other', () => {
    const section =
      readFileSync('docs/evidence.md', 'utf8').split('\n## What it states\n')[1]?.split('\n## ')[0] ?? ''
    const listed = [...section.matchAll(/^\| ([A-Z][^|]*\.) \|/gm)].map(([, text]) => text)
    expect(listed).toEqual(statements(SAMPLE).map(({ statement }) => statement))
  })

  it('what no look can show is always among what could not be checked', () => {
    expect(gaps(SAMPLE).map(({ what }) => what)).toEqual([
      'Whether a 2 in a token is a certificate’s',
      'Whether a key was copied before it came into the vault',
      'What was so yesterday',
    ])
  })
})

describe('the page', () => {
  it('is the same bytes for the same evidence, also after a way through JSON', () => {
    expect(evidencePage(JSON.parse(JSON.stringify(SAMPLE)) as Evidence)).toBe(evidencePage(SAMPLE))
  })

  it('needs nothing from outside, runs nothing, and sends nothing', () => {
    const page = evidencePage(SAMPLE)
    expect(page).not.toMatch(/<script|<img|<link|url\(|@import|<iframe|<form| src=| href=/)
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
  })

  it('is text whatever the file of somebody else holds in place of text: no markup on the page, no order to a terminal', () => {
    const markup = '<meta http-equiv="refresh" content="0;url=https://evil.example">'
    const publicUrl = [{ text: markup }] as unknown as string
    const bent = { ...SAMPLE, deployment: { ...SAMPLE.deployment, publicUrl } }
    const told = { ...SAMPLE, vault: { unknown: '\x1b]0;owned\x07\x9b2J' } }

    expect(evidencePage(bent)).not.toContain('<meta http-equiv="refresh"')
    expect(statements(told).map(lineOf).join('')).not.toMatch(/[\x00-\x1f\x7f-\x9f]/)
  })

  it('shows names from outside as text and not as markup', () => {
    const page = evidencePage(registration({ passwords: [{ keyId: 'k', name: '<b onclick="x">old</b>' }] }))
    expect(page).not.toContain('<b onclick')
    expect(page).toContain('&#60;b onclick=&#34;x&#34;&#62;')
  })

  it('says of each table that it scrolls where the page is narrow, and lets a keyboard scroll it', () => {
    const page = evidencePage(SAMPLE)
    const tables = page.match(/<table>/g) ?? []
    expect(tables.length).toBeGreaterThan(3)
    expect(
      page.match(/<div class="scroll" role="region" tabindex="0" aria-label="[^"]+"><table>/g),
    ).toHaveLength(tables.length)
    expect(page).toMatch(/@media \(max-width:44rem\)\{\.scroll::before\{content:"→ scrolls sideways"/)
    expect(page).toContain('@media print{.scroll::before{content:none!important}')
  })

  it('shows every value of the evidence', () => {
    const page = evidencePage(SAMPLE)
    const values =
      JSON.stringify(SAMPLE).match(
        /[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-F]{40}|P180D|8640|RSA-HSM|10\.0\.1\.4/g,
      ) ?? []
    const shown = values.filter((value) => !value.startsWith('77777777'))
    expect(shown.length).toBeGreaterThan(15)
    for (const value of shown) expect(page).toContain(value)
  })
})
