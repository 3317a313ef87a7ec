import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('every row of "A provider that is not Entra" in docs/conformance.md is held by the test that it names', () => {
  const folder = new URL('./', import.meta.url)
  const tests = readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n')
  const section =
    readFileSync('docs/conformance.md', 'utf8').split('\n## A provider that is not Entra\n')[1] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  const titles = rows.slice(2).map((row) => row.split(' | ').at(-1)?.replace(/ \|$/, ''))
  expect(titles.length).toBeGreaterThan(3)
  for (const title of titles) expect(tests).toContain(`test('${title}'`)
})
