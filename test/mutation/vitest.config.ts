/** The tests that a mutant meets: those of single files, which need no more than this process. */
import { globSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { keepWorker } from './keptWorker.ts'

const isWith = (part: RegExp) => (path: string) => part.test(readFileSync(path, 'utf8'))

const singleFiles = globSync('test/{lib,guard,http}/**/*.test.ts')
  // Some read sources or bundles, and no mutant is in those; one file has to do with Azurite alone.
  .filter((path) => !/(docs|bundle|tableIdentity)\.test\.ts$/.test(path))
/** They put something in the place of a package, so they cannot use modules that are loaded already. */
const mocking = singleFiles.filter(isWith(/vi\.mock\(/))

export default defineConfig({
  plugins: [keepWorker()],
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['test/mutation/setup.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'single files',
          include: singleFiles.filter((path) => !mocking.includes(path)),
          // The modules are loaded once for all files.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'by themselves', include: mocking } },
    ],
  },
})
