/** The real Functions host, where whoever runs the tests has one: the program that FUNCTIONS_HOST names. */
import path from 'node:path'
import { describe } from 'vitest'

const program = process.env.FUNCTIONS_HOST

/** Tests under the real host; without one they are skipped, and say so. */
export function describeUnderRealHost(title: string, tests: (program: string) => void): void {
  if (program) describe(title, () => tests(path.resolve(program)))
  else describe.skip(`${title} (skipped: FUNCTIONS_HOST is not set)`, () => tests(''))
}
