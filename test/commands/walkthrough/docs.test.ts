import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readOptions, USAGE } from '../../../commands/walkthrough/options.ts'

const page = readFileSync(new URL('../../../docs/walkthrough.md', import.meta.url), 'utf8')

test('the page lists the options of the usage and no other', () => {
  const documented = [...page.matchAll(/^\| `(--[^`]+)`/gm)].map(([, option]) => option)
  const usage = [...USAGE.matchAll(/^ {2}(--[\w-]+(?: <[^>]+>)?)/gm)].map(([, option]) => option)

  expect(documented.toSorted()).toEqual(usage.toSorted())
})

test('every command of the page is one that the walkthrough takes', () => {
  const commands = [...page.matchAll(/^ {4}npm run walkthrough(?: -- ([^#\n]*))?/gm)].map(([, args = '']) =>
    args.trim().split(' ').filter(Boolean),
  )

  expect(commands.length).toBeGreaterThan(3)
  for (const command of commands) expect(readOptions(command)).toBeTypeOf('object')
})
