import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as client from '../../client/client.ts'
import { WARNING_SEC } from '../../client/moment.ts'

const page = readFileSync('docs/client.md', 'utf8')

/** The first cells of the table whose first heading is this. */
function firstCells(heading: string): string[] {
  const rows = page.split(`\n| ${heading} |`)[1]?.split('\n\n')[0] ?? ''
  return [...rows.matchAll(/^\| `(?:on\()?([\w-]+)/gm)].map(([, name]) => name ?? '')
}

describe('docs/client.md', () => {
  it('has every export and no other', () => {
    const documented = [...page.matchAll(/^\| `(\w+)\(/gm)].map(([, name]) => name)
    expect(documented.toSorted()).toEqual(Object.keys(client).toSorted())
  })

  it('has every event, and when a session is said to be expiring', () => {
    const declared = readFileSync('client/events.ts', 'utf8')
      .split('interface SignetEvents')[1]
      ?.split('\n}')[0]
    const names = [...(declared ?? '').matchAll(/readonly '?([\w-]+)'?: (?:\{|Session)/g)].map(
      ([, name]) => name,
    )

    expect(names).toHaveLength(5)
    expect(firstCells('event').toSorted()).toEqual(names.toSorted())
    expect(page).toContain(`ends in ${WARNING_SEC} seconds`)
  })

  it('has every wish for a sign-in', () => {
    const declared = readFileSync('client/signIn.ts', 'utf8')
      .split('interface SignInWishes')[1]
      ?.split('\n}')[0]
    const names = [...(declared ?? '').matchAll(/readonly (\w+)\?/g)].map(([, name]) => name)

    expect(names).toHaveLength(7)
    for (const name of names) expect(page).toContain(`\`${name}\``)
  })
})
