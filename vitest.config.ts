import { globSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

/**
 * The tests of single files share the modules that a worker has loaded, instead of loading them file by file. Those that put something in
 * the place of a module or of a global have a process to themselves, and so has whatever starts an app.
 */
const OWN_PROCESS = /vi\.(mock|stubGlobal|stubEnv|useFakeTimers)\(|process\.env\.\w+ = /
const sharing = globSync('test/{lib,guard,http,client}/**/*.test.ts').filter(
  (path) => !OWN_PROCESS.test(readFileSync(path, 'utf8')),
)

const common = {
  pool: 'forks',
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // A page that is slow on a busy machine is waited for.
  expect: { poll: { timeout: 15_000 } },
} as const

export default defineConfig({
  test: {
    maxWorkers: 2,
    teardownTimeout: 10_000,
    reporters: ['default', './test/support/closingLine.ts'],
    projects: [
      { test: { ...common, name: 'single files', include: sharing, isolate: false } },
      { test: { ...common, name: 'whole', include: ['test/**/*.test.ts'], exclude: sharing } },
    ],
  },
})
