/** docs/operate.md against the code: whoever reads a log looks its lines up there. */
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const [, section = ''] = readFileSync('docs/operate.md', 'utf8').split('\n### What the log says\n')
const events = section
  .split('\n## ')[0]
  ?.split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => [...(line.split(' | ')[0]?.matchAll(/`([a-z_.]+)`/g) ?? [])].map(([, event]) => event))

test('every event that the app logs is in the table of the log, and no other', () => {
  const sources = globSync('lib/**/*.ts').map((path) => readFileSync(path, 'utf8'))
  const logged = sources.flatMap((source) =>
    [...source.matchAll(/\blog\([^;]{1,120}?,\s*'([a-z_.]+)'/g)].map(([, event]) => event),
  )

  expect(logged.length).toBeGreaterThan(10)
  expect([...new Set(logged)].toSorted()).toEqual(events?.toSorted())
})
