import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LONGEST_ENTRA_URL } from '../../../lib/entra/authorizationRequest.ts'
import { requireOwnPage } from '../../../lib/http/requestGuards.ts'
import { LONGEST_RETURN_TO, parseReturnTo } from '../../../lib/http/returnTo.ts'
import { LINK_NAMES, LONGEST } from '../../../lib/http/signInLink.ts'
import { outcomeOf } from '../../support/faultOf.ts'
import { signetRequestOf } from '../../support/signetRequestOf.ts'

const page = readFileSync('docs/sign-in.md', 'utf8')
const OWN = 'https://app.contoso.com'

/** The rows of the table whose first heading is this, cell by cell. */
function table(heading: string): string[][] {
  const [, rows = ''] = page.split(`\n| ${heading} |`)
  return (
    rows
      .split('\n\n')[0]
      ?.split('\n')
      .slice(2)
      .map((row) =>
        row
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ) ?? []
  )
}

const codes = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)

describe('docs/sign-in.md', () => {
  it('has every parameter of a link, its other name and its limit', () => {
    const documented = table('parameter').map(([name, other, , limit]) => [
      ...codes(name),
      ...codes(other),
      limit,
    ])
    const names = new Set(LINK_NAMES.values())
    const known = [...names].map((name) => {
      const longest = name === 'returnTo' ? LONGEST_RETURN_TO : LONGEST[name]
      return [
        ...[...LINK_NAMES].filter(([, own]) => own === name).map(([as]) => as),
        longest === undefined ? '' : `${longest} characters`,
      ]
    })
    expect(documented).toEqual(known)
    expect(page).toContain(`at most ${LONGEST_ENTRA_URL.toLocaleString('en')} characters`)
  })

  it('is right about where a person may return to', () => {
    const rows = table('text')
    expect(rows.length).toBeGreaterThan(10)
    for (const [texts, result = ''] of rows)
      for (const text of codes(texts)) {
        const expected = result.startsWith('refused: ') ? undefined : codes(result)[0]
        expect(parseReturnTo(text, { origin: OWN, basePath: '' }), text).toBe(expected)
      }
  })

  it('is right about who may sign out', async () => {
    const headersOf = (name: string, cell: string): Record<string, string>[] => {
      if (cell === 'none') return [{}]
      if (cell === 'any') return [{}, { [name]: 'null' }, { [name]: OWN }, { [name]: 'same-origin' }]
      if (cell === 'another one') return [{ [name]: 'https://evil.example' }]
      const named = codes(cell).map((value) => ({ [name]: value }))
      const own = cell.startsWith('ours') ? [{ [name]: OWN }] : []
      return [...own, ...named, ...(cell.endsWith('none') ? [{}] : [])]
    }
    const rows = table('`Sec-Fetch-Site`')
    expect(rows).toHaveLength(5)
    for (const [site = '', origin = '', accepted] of rows)
      for (const sites of headersOf('sec-fetch-site', site))
        for (const origins of headersOf('origin', origin))
          for (const cookie of [{}, { cookie: `__Host-signet=${'A'.repeat(43)}` }]) {
            const request = signetRequestOf({ method: 'POST', headers: { ...sites, ...origins, ...cookie } })
            const isOurs =
              accepted === 'yes' || (accepted === 'with the session cookie' && 'cookie' in cookie)
            expect(await outcomeOf(() => requireOwnPage(request, OWN)), `${site} ${origin}`).toBe(
              isOurs ? 'none' : 'http/cross_site',
            )
          }
  })
})
