/**
 * Builds what other packages import: one ES module per entry with its types. Dependencies stay imports, and what entries share lies in
 * chunks, so that an error thrown by one is an `AppError` to all. The one for browsers is a file by itself, minified.
 */
import { spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

await rm('dist/lib', { recursive: true, force: true })
await build({
  entryPoints: {
    guard: 'lib/guard/guard.ts',
    assertion: 'lib/exports/assertion.ts',
    'app-only': 'lib/exports/appOnly.ts',
    'on-behalf-of': 'lib/exports/onBehalfOf.ts',
    errors: 'lib/exports/errors.ts',
  },
  outdir: 'dist/lib',
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  target: 'node22',
  format: 'esm',
  logLevel: 'warning',
})

await build({
  entryPoints: { client: 'client/client.ts' },
  outdir: 'dist/lib',
  bundle: true,
  minify: true,
  // The build of a front end maps it to these sources, and not to its one line.
  sourcemap: 'linked',
  platform: 'browser',
  target: 'es2022',
  format: 'esm',
  logLevel: 'warning',
})

const manifest = createRequire(import.meta.url).resolve('typescript/package.json')
const compiler = join(dirname(manifest), 'bin/tsc')
for (const project of ['tsconfig.types.json', 'tsconfig.client.json']) {
  const { status } = spawnSync(process.execPath, [compiler, '-p', project], { stdio: 'inherit' })
  process.exitCode ||= status ?? 1
}
