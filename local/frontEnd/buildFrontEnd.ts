/** Builds a front end that Vite builds, as for its deployment: files with a hash in their names, and an index. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'

/** Hands the folder of its files to `use`, and removes it then. Rejects where it cannot be built. */
export async function buildFrontEnd<T>(root: string, use: (folder: string) => Promise<T>): Promise<T> {
  const outDir = await mkdtemp(join(tmpdir(), 'signet-front-end-'))
  try {
    // With the runner no file is written beside the configuration.
    await build({ root, configLoader: 'runner', logLevel: 'warn', build: { outDir, emptyOutDir: true } })
    return await use(outDir)
  } finally {
    await rm(outDir, { recursive: true, force: true })
  }
}
