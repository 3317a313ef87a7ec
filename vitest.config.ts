import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A page that is slow on a busy machine is waited for.
    expect: { poll: { timeout: 15_000 } },
    teardownTimeout: 10_000,
    reporters: ['default', './test/support/closingLine.ts'],
  },
})
