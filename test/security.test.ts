/**
 * docs/security.md against the requirements and the tests: every requirement has its row, once, and what a row names is there. The ids are
 * those of the specifications, of ASVS 5.0, and of the lists of advisories and faults that the design was made with.
 */
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Section by section, the ids of a section in lines of a readable length. */
const REQUIREMENTS: readonly (readonly [section: string, ...ids: string[]])[] = [
  [
    'Promises',
    'Promise 1, Promise 2, Promise 3, Promise 4, Promise 5, Promise 6, Promise 7, Promise 8',
    'Promise 9, Promise 10, Promise 11, Promise 12',
  ],
  [
    'RFC 9700, OAuth 2.0 security best current practice',
    '9700-2.1a, 9700-2.1b, 9700-2.1c, 9700-2.1d, 9700-2.1.1a, 9700-2.1.1b, 9700-2.1.2, 9700-2.2.1',
    '9700-2.2.2, 9700-2.3, 9700-2.4, 9700-2.5, 9700-2.6a, 9700-2.6b, 9700-4.2.4a, 9700-4.2.4b',
    '9700-4.2.4c, 9700-4.3.2, 9700-4.5.3.2, 9700-4.6.1, 9700-4.7.1a, 9700-4.7.1b, 9700-4.9.3',
    '9700-4.12, 9700-4.13, 9700-4.14.2, 9700-4.16',
  ],
  [
    'OAuth 2.0 for browser-based apps, section 6.1',
    'BBA-6.1.1, BBA-6.1.2.1, BBA-6.1.2.2, BBA-6.1.3.1, BBA-6.1.3.2a, BBA-6.1.3.2b, BBA-6.1.3.3',
    'BBA-6.1.3.3.2, BBA-6.1.3.6',
  ],
  [
    'OpenID Connect Core 1.0, Discovery and the logout specifications',
    'OIDC-2, OIDC-3.1.2.1, OIDC-3.1.2.6, OIDC-3.1.3.5, 3.1.3.7-2, 3.1.3.7-3, 3.1.3.7-4, 3.1.3.7-6',
    '3.1.3.7-7, 3.1.3.7-9, 3.1.3.7-10, 3.1.3.7-11, 3.1.3.7-12, 3.1.3.8, OIDC-5.3.2, OIDC-10.1.1',
    'OIDC-12.2, OIDC-15.5.2, Discovery-4.3, RPLogout, FCLogout, Entra-id, Entra-tenant, Entra-ver',
    'Entra-keys, Entra-guests, Entra-groups, Entra-redirect',
  ],
  [
    'RFC 7523 and the client assertion',
    '7523-2.2, 7523-3.1, 7523-3.3, 7523-3.4, 7523-3.7, 7523-3.9, 7523bis-typ, 7523-suite',
  ],
  ['RFC 9207, issuer identification', '9207-2.4a, 9207-2.4b, 9207-2.4c'],
  [
    'FAPI 2.0 security profile, client',
    'FAPI-5.3.3.1-2, FAPI-5.3.3.1-3, FAPI-5.3.3.1-4, FAPI-5.3.3.1-5, FAPI-5.3.3.1-metadata',
    'FAPI-5.3.3.1-csrf, FAPI-5.3.3.2-1, FAPI-5.3.3.2-2, FAPI-5.3.3.2-4, FAPI-5.3.3.2-5, FAPI-5.4.1',
    'FAPI-5.4.3',
  ],
  [
    'OWASP ASVS 5.0, web front end',
    'ASVS-3.2.1, ASVS-3.2.2, ASVS-3.3.1, ASVS-3.3.2, ASVS-3.3.3, ASVS-3.3.4, ASVS-3.3.5, ASVS-3.4.1',
    'ASVS-3.4.2, ASVS-3.4.3, ASVS-3.4.4, ASVS-3.4.5, ASVS-3.4.6, ASVS-3.4.7, ASVS-3.4.8, ASVS-3.5.1',
    'ASVS-3.5.3, ASVS-3.5.4, ASVS-3.5.8, ASVS-3.7.2',
  ],
  [
    'OWASP ASVS 5.0, sessions',
    'ASVS-7.1.1, ASVS-7.2.1, ASVS-7.2.2, ASVS-7.2.4, ASVS-7.3.1, ASVS-7.4.1, ASVS-7.4.2, ASVS-7.4.4',
    'ASVS-7.4.5, ASVS-7.5.2, ASVS-7.6.1, ASVS-7.6.2',
  ],
  [
    'OWASP ASVS 5.0, tokens and OAuth',
    'ASVS-9.1.1, ASVS-9.1.2, ASVS-9.1.3, ASVS-9.2.1, ASVS-9.2.2, ASVS-9.2.3, ASVS-10.1.1, ASVS-10.1.2',
    'ASVS-10.2.1, ASVS-10.2.2, ASVS-10.2.3, ASVS-10.4, ASVS-10.5.1, ASVS-10.5.2, ASVS-10.5.3',
    'ASVS-10.5.4, ASVS-10.5.5',
  ],
  [
    'OWASP ASVS 5.0, neighbours',
    'ASVS-2.3.1, ASVS-2.4.1, ASVS-11.2.4, ASVS-11.3.4, ASVS-11.5.1, ASVS-13.1.3, ASVS-13.2.4',
    'ASVS-13.3.1, ASVS-13.4.6, ASVS-15.3.2, ASVS-15.3.6, ASVS-15.3.7, ASVS-15.4.2, ASVS-16.2.5',
    'ASVS-16.3.1, ASVS-16.3.3, ASVS-16.4.1, ASVS-16.5.1, ASVS-16.5.2, ASVS-16.5.3, ASVS-16.5.4',
  ],
  [
    'Advisories about others',
    'Adv 1, Adv 2, Adv 3, Adv 4, Adv 5, Adv 6, Adv 7, Adv 8, Adv 9, Adv 10, Adv 11, Adv 12, Adv 13',
    'Adv 14, Adv 15, Adv 16, Adv 17, Adv 18, Adv 19, Adv 20, Adv 21, Adv 22, Adv 23, Adv 24, Adv 25',
    'Adv 26, Adv 27, Adv 28, Adv 29, Adv 30, Adv 31, Adv 32, Adv 33, Also 1, Also 2, Also 3, Also 4',
    'Also 5',
  ],
  [
    'Faults',
    'K1, K2, K3, K4, K5, K6, K7, T1, T2, T3, T4, T5, T6, T7, T8, R1, R2, R3, R4, R5, J1, J2, J3, J4',
    'S1, S2, S3, S4, S5, S6, C1, C2, I1, I2, I3, I4, I5, U1, U2, U3, U4, U5, U6, U7, U8, U9, U10, U11',
    'D1, D2, B.4, B.2',
  ],
]

interface Row {
  readonly section: string
  readonly id: string
  readonly asked: string
  readonly kept: string
}

const page = readFileSync('docs/security.md', 'utf8')
const rows = page.split('\n## ').flatMap((text): Row[] => {
  const [section = '', ...lines] = text.split('\n')
  return lines
    .filter((line) => /^\| .* \|$/.test(line) && !line.startsWith('| id |'))
    .map((line) => {
      const [id = '', asked = '', kept = '', ...more] = line.slice(2, -2).split(' | ')
      return { section, id, asked, kept: more.length === 0 ? kept : '' }
    })
})

/** What a title can stand in: between the quotes of a test, or in a table of cases. */
const tests = globSync('test/**/*.ts', { exclude: ['test/security.test.ts'] })
  .map((path) => readFileSync(path, 'utf8').replaceAll("\\'", "'"))
  .join('\n')
const modules = globSync('test/conformance/modules/*.ts').map((path) => basename(path, '.ts'))

const titlesIn = ({ kept }: Row): string[] => [...kept.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title)
const modulesIn = ({ kept }: Row): string[] =>
  [...kept.matchAll(/`((?:oidcc|fapi2)-[a-z0-9_-]+)`/g)].map(([, name = '']) => name)

describe('docs/security.md', () => {
  it('has a row for every requirement, once and in its section', () => {
    const listed = rows.map(({ section, id }) => `${section}: ${id}`)
    const asked = REQUIREMENTS.flatMap(([section, ...lines]) =>
      lines.flatMap((line) => line.split(', ')).map((id) => `${section}: ${id}`),
    )

    expect(listed).toEqual(asked)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    expect(rows.length).toBeGreaterThan(236)
  })

  it.each(rows)('$id: each test that is named is there', (row) => {
    for (const title of titlesIn(row))
      expect(
        tests.includes(`'${title}'`) || tests.includes(`"${title}"`) || tests.includes(`\`${title}\``),
        title,
      ).toBe(true)
    for (const name of modulesIn(row)) expect(modules).toContain(name)
  })

  it('says why, where no test holds a row', () => {
    const bare = rows.filter((row) => titlesIn(row).length + modulesIn(row).length === 0)

    for (const { id, kept } of bare)
      expect(kept, id).toMatch(/^Not (kept|kept yet|applicable|applicable yet|in the app|rehearsed): .{20,}/)
    expect(rows.filter(({ asked, kept }) => asked === '' || kept === '')).toEqual([])
  })
})
