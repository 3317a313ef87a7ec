/** The tests that a mutant meets: those of single files, which start no host and read no source. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/lib/**/*.test.ts', 'test/guard/**/*.test.ts'],
    exclude: ['test/**/docs.test.ts', 'test/guard/bundle.test.ts'],
    setupFiles: ['test/mutation/setup.ts'],
    // The modules are loaded once for all files of a run, which more than halves its time.
    isolate: false,
    testTimeout: 60_000,
  },
})
