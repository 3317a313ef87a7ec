/** docs/mutation.md against the configuration: what is mutated, what is left out. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const page = readFileSync('docs/mutation.md', 'utf8')
const config = readFileSync('test/mutation/stryker.config.mjs', 'utf8')
const patterns = [...config.matchAll(/^ {4}'(!?)(lib\/[^']+)',$/gm)]

/** The paths in the first column of the table under a heading, or before the first heading. */
function tableOf(heading: string): string[] {
  const [, text = ''] = heading === '' ? ['', page] : page.split(`\n## ${heading}\n`)
  const [section = ''] = text.split('\n## ')
  return [...section.matchAll(/^\| `(lib\/[^`]+)` \|/gm)].map(([, path = '']) => path)
}

test('the page names the folders that are mutated, and each exists', () => {
  const folders = patterns.filter(([, not]) => not === '').map(([, , path = '']) => path)

  expect(folders).toHaveLength(5)
  expect(globSync(folders).length).toBeGreaterThan(90)
  expect(folders).toEqual(tableOf('').map((folder) => `${folder}**/*.ts`))
})

test('the page says of each file that is left out why, and each exists', () => {
  const files = patterns.filter(([, not]) => not === '!').map(([, , path = '']) => path)

  expect(files).toEqual(tableOf('Left out'))
  for (const file of files) expect(existsSync(file), file).toBe(true)
})

test('the page has a score for each folder, measured with tests that are there', () => {
  const [, measured = ''] = page.split('\n## Measured\n')
  const rows = [...measured.matchAll(/^\| `(lib\/[^`]+)` \| .* \| `([^`]+)` \|$/gm)]

  expect(rows.map(([, folder]) => folder)).toEqual(tableOf(''))
  for (const [, , tests = ''] of rows)
    for (const pattern of tests.split(',')) expect(globSync(pattern).length, pattern).toBeGreaterThan(0)
})
