/** Bundles the functions into the one file that is deployed: most of a cold start is the time it takes to load modules. */
import { rm } from 'node:fs/promises'
import { build } from 'esbuild'

await rm('dist', { recursive: true, force: true })
await build({
  entryPoints: ['functions/main.ts'],
  outfile: 'dist/app.cjs',
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  // The worker supplies this one at run time.
  external: ['@azure/functions-core'],
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  sourcemap: false,
  logLevel: 'warning',
})
