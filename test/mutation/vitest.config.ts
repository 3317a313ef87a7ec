/** The tests that a mutant meets: those of single files, and the journeys, which run the whole app in this process. */
import { globSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

/** Some read sources or bundles, and no mutant is in those. */
const singleFiles = globSync('test/{lib,guard,http}/**/*.test.ts').filter(
  (path) => !/docs\.test\.ts$|bundle\.test\.ts$/.test(path),
)
/** They put something in the place of a package, so they cannot use modules that are loaded already. */
const mocking = singleFiles.filter((path) => readFileSync(path, 'utf8').includes('vi.mock('))

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'single files',
          include: singleFiles.filter((path) => !mocking.includes(path)),
          setupFiles: ['test/mutation/setup.ts'],
          // The modules are loaded once for all files of a run, which more than halves its time.
          isolate: false,
        },
      },
      // One world for each file of journeys: the SDK keeps its identity as long as the process lives.
      { extends: true, test: { name: 'by themselves', include: [...mocking, 'test/journeys/**/*.test.ts'] } },
    ],
  },
})
