import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { REFUSALS } from '../../lib/guard/guard.ts'
import { claimFormsTable } from './claimForms.ts'
import { twelveTokensTable } from './twelveTokens.ts'

const page = readFileSync(new URL('../../docs/guard.md', import.meta.url), 'utf8')
const source = readFileSync(new URL('../../lib/guard/guardOptions.ts', import.meta.url), 'utf8')

/** The first table under a heading, as lines. */
function table(heading: string): readonly string[] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return section.split('\n').filter((line) => line.startsWith('|'))
}

describe('docs/guard.md', () => {
  it('shows the twelve tokens as the guard judges them', async () => {
    expect(table('Twelve tokens').join('\n')).toBe(await twelveTokensTable())
  })

  it('shows each form of a claim as the guard judges it', async () => {
    expect(table('What a claim may look like').join('\n')).toBe(await claimFormsTable())
  })

  it('lists every reason with the answer of the code', () => {
    const rows = Object.entries(REFUSALS).map(([reason, row]) => {
      const error = 'error' in row ? `\`${row.error}\`` : 'none'
      return `| \`${reason}\` | ${row.status} | ${error} | ${row.message} |`
    })
    expect(table('Answers').slice(2)).toEqual(rows)
  })

  it('documents every option and no other', () => {
    const interfaces = source.slice(
      source.indexOf('export interface Permission'),
      source.indexOf('interface GuardSetup'),
    )
    const options = [...interfaces.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name)
    const documented = table('Options').map((line) => /^\| `(\w+)`/.exec(line)?.[1])
    expect(documented.slice(2).sort()).toEqual(options.sort())
  })
})
