import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { conformanceModules } from '../support/conformanceModules.ts'

const folder = new URL('./', import.meta.url)
const tests = readdirSync(folder)
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n')

test.each(conformanceModules.filter((module) => typeof module === 'string'))('%s is a test here', (name) => {
  // The name and not the beginning of a longer one.
  expect(tests).toMatch(new RegExp(`['"\`]${name}[:'"\`]`))
})
