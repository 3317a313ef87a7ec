import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ADVICE, adviceFor, numbersIn } from '../../../commands/doctor/advice.ts'
import { CHECKS } from '../../../commands/doctor/checks.ts'
import { createCommands } from '../../../commands/doctor/commands.ts'
import { EXIT_CODES, overall } from '../../../commands/doctor/report.ts'

const page = readFileSync('docs/doctor.md', 'utf8')

/** The rows of the table under that heading row, cell by cell. */
function table(heading: string): string[][] {
  const [, after = ''] = page.split(`| ${heading} |`)
  const [rows = ''] = after.split('\n\n')
  const lines = rows.split('\n').filter((line) => line.startsWith('| '))
  return lines.map((line) => line.slice(2, -2).split(' | '))
}

describe('docs/doctor.md', () => {
  it('lists every check in its order, with what it means and how it is made', () => {
    const rows = CHECKS.filter(({ id }) => !id.startsWith('app-only-')).map(({ id, title, method }) => [
      `\`${id}\``,
      title,
      method,
    ])
    expect(table('check | passes when | how it is found out')).toEqual(rows)
  })

  it('lists the exit codes', () => {
    const codes = table('exit code | meaning').map(([code]) => Number(code))
    expect(codes).toEqual([EXIT_CODES.pass, EXIT_CODES.fail, EXIT_CODES.unknown])
  })
})

describe('the list of checks', () => {
  it('has each check once, after all that it needs', () => {
    const ids = CHECKS.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [index, { id, needs }] of CHECKS.entries())
      for (const need of needs) expect(ids.slice(0, index), id).toContain(need)
  })
})

describe('the verdict on all of it', () => {
  const result = (verdict: 'pass' | 'fail' | 'unknown') =>
    ({ id: 'table', title: '', seen: '', verdict }) as const

  it('is as bad as the worst finding, and a failure is worse than ignorance', () => {
    expect(overall([result('pass'), result('pass')])).toBe('pass')
    expect(overall([result('pass'), result('unknown')])).toBe('unknown')
    expect(overall([result('unknown'), result('fail'), result('pass')])).toBe('fail')
  })
})

describe('advice', () => {
  const facts = { clientId: 'the-client', commands: createCommands({}) }

  it('finds each number of a text once, and passes over those it does not know', () => {
    const numbers = numbersIn('invalid_client AADSTS999999 AADSTS700027: … AADSTS700027 AADSTS12')
    expect(numbers).toEqual([999999, 700027])
    expect(adviceFor(numbers)).toBe(ADVICE.get(700027))
    expect(adviceFor([999999])).toBeUndefined()
  })

  it.each([...ADVICE])('for AADSTS%i is one sentence and one thing to do, whatever is known', (_, advice) => {
    const certificate = { vaultUrl: 'https://contoso.vault.azure.net', name: 'signing', version: 'v1' }
    const federation = { issuer: 'https://issuer.example', subject: 'subject', audience: 'api://audience' }

    expect(advice.meaning).toMatch(/^[A-Z].*\.$/)
    for (const known of [facts, { ...facts, certificate }, { ...facts, federation }])
      expect(advice.fix(known)).toMatch(/^(az |npm run |sudo |rm -f |Entra admin center > )\S/)
  })
})
