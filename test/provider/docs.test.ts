import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = new URL('./', import.meta.url)
/** Each test of this folder by its title. */
const bodies = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) =>
      readFileSync(new URL(file, folder), 'utf8')
        .split(/^ *test\('/m)
        .slice(1),
    )
    .map((text) => {
      const end = text.indexOf("', async")
      return [text.slice(0, end), text.slice(end)]
    }),
)

test('every row of "A provider that is not Entra" in docs/conformance.md is held by the test that it names, code and all', () => {
  const section =
    readFileSync('docs/conformance.md', 'utf8').split('\n## A provider that is not Entra\n')[1] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  expect(rows.length).toBeGreaterThan(5)
  for (const row of rows.slice(2)) {
    const title = row.split(' | ').at(-1)?.replace(/ \|$/, '') ?? ''
    expect([...bodies.keys()]).toContain(title)
    for (const [, code = ''] of row.matchAll(/`(entra\/\w+)`/g)) expect(bodies.get(title)).toContain(code)
  }
})
