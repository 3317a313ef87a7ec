import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { cast, fabrikam } from '../../local/entra/directory/cast.ts'
import type { Person } from '../../local/entra/directory/person.ts'
import { REPORTS, withReportsRole } from '../../local/sampleApi/sampleApis.ts'

const page = readFileSync('docs/switchboard.md', 'utf8')

/** A word that the page has of whoever is so, and of nobody else. */
const MARKS: readonly (readonly [mark: string, isSo: (person: Person) => boolean])[] = [
  [
    `has the role \`${REPORTS.role}\``,
    ({ roles }) => roles?.[REPORTS.clientId]?.includes(REPORTS.role) === true,
  ],
  [fabrikam.displayName, ({ home }) => home?.tenantId === fabrikam.tenantId],
  ['blocked', ({ policy }) => policy === 'blocked'],
  ['administrator', ({ policy }) => policy === 'needs-admin-consent'],
  ['signs in', ({ policy }) => policy === undefined],
]

test('docs/switchboard.md has everybody who can sign in at a desk, and what is special about them', () => {
  const rows = page.split('\n| person |')[1]?.split('\n\n')[0]?.split('\n').slice(2) ?? []
  const said = rows.map((row) => row.split('|').map((cell) => cell.trim()))
  expect(said.map(([, name]) => name)).toEqual(cast.map(({ name }) => name))
  for (const [i, person] of withReportsRole(cast).entries())
    for (const [mark, isSo] of MARKS)
      expect(said[i]?.[2]?.includes(mark), `${person.name}: ${mark}`).toBe(isSo(person))
})
