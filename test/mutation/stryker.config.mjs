/**
 * `npm run mutate`: every condition, comparison and statement of the five folders that decide who gets in is broken in turn, and a test
 * has to notice. What is left out, how the score is counted and how to run a part: docs/mutation.md.
 */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  // Which tests meet a mutant is known from the first run.
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  mutate: [
    'lib/session/**/*.ts',
    'lib/entra/**/*.ts',
    'lib/credential/**/*.ts',
    'lib/guard/**/*.ts',
    'lib/http/**/*.ts',
    // Style and drawing of the pages: text that a mutant could only empty.
    '!lib/http/pages/style.ts',
    '!lib/http/pages/mark.ts',
  ],
  coverageAnalysis: 'perTest',
  // Tables, constants and patterns, which are made while a file is loaded: each would have to meet every test in a process of its own.
  ignoreStatic: true,
  reporters: ['clear-text', 'progress', 'json'],
  clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: 'dist/mutation/report.json' },
  incremental: true,
  incrementalFile: 'dist/mutation/incremental.json',
  tempDirName: 'dist/mutation/sandbox',
  // TypeScript 7 has no API to read one with, and no mutant is type-checked.
  tsconfigFile: 'dist/mutation/no-tsconfig.json',
  checkers: [],
  concurrency: 2,
  timeoutMS: 10_000,
  dryRunTimeoutMinutes: 15,
  thresholds: { high: 95, low: 90, break: 90 },
}
