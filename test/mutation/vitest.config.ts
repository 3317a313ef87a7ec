/** The tests that a mutant meets: those of single files, and the journeys, which run the whole app in this process. */
import { defineConfig } from 'vitest/config'

const SINGLE_FILES = 'test/{lib,guard,http}/**/*.test.ts'
/** They read sources or bundles, and no mutant is in those. */
const READERS = ['test/**/docs.test.ts', 'test/guard/bundle.test.ts']

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'single files',
          include: [SINGLE_FILES],
          exclude: READERS,
          setupFiles: ['test/mutation/setup.ts'],
          // The modules are loaded once for all files of a run, which more than halves its time.
          isolate: false,
        },
      },
      // One world for each file: the SDK keeps its identity as long as the process lives.
      { extends: true, test: { name: 'journeys', include: ['test/journeys/**/*.test.ts'] } },
    ],
  },
})
