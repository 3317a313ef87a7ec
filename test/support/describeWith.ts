import { describe, it } from 'vitest'

/** Tests that need tools. Where one is missing they are skipped, and say so; CI has to have all, so there they fail. */
export function describeWith(
  tools: Readonly<Record<string, string | undefined>>,
  title: string,
  tests: () => void,
): void {
  const missing = Object.entries(tools).flatMap(([name, found]) => ((found ?? '') === '' ? [name] : []))
  if (missing.length === 0) {
    describe(title, tests)
  } else if (process.env.CI) {
    it(`${title}: CI has what it takes`, () => {
      throw new Error(`missing: ${missing.join(', ')}`)
    })
  } else {
    process.stdout.write(`Skipped: ${title}, for want of ${missing.join(' and ')}\n`)
    describe.skip(title, tests)
  }
}
