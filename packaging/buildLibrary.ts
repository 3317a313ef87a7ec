/**
 * Builds what other packages import, as a package of its own in dist/library: an ES module per entry with its types, and its own manifest.
 * Dependencies stay imports, and what entries share lies in chunks, so that an error thrown by one is an `AppError` to all. The one for
 * browsers is a file by itself, minified.
 */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { ROOT } from './bundle.ts'
import { writeDeclarations } from './library/declarations.ts'
import { entryPoints } from './library/entries.ts'
import { LEAST_NODE, libraryManifest } from './library/manifest.ts'
import { travellingPages } from './library/pages.ts'
import { optionsOf } from './optionsOf.ts'

optionsOf({})
const FOLDER = 'dist/library'
const COMMON: BuildOptions = {
  absWorkingDir: ROOT,
  outdir: FOLDER,
  bundle: true,
  format: 'esm',
  logLevel: 'warning',
}

await rm(join(ROOT, FOLDER), { recursive: true, force: true })
const { metafile } = await build({
  ...COMMON,
  entryPoints: entryPoints('node'),
  splitting: true,
  packages: 'external',
  platform: 'node',
  target: 'node22',
  // Imported first, so that what it says comes before any fault of a dependency.
  banner: { js: "import './node-version.js'" },
  metafile: true,
})
await build({
  ...COMMON,
  entryPoints: { 'node-version': 'lib/exports/nodeVersion.ts' },
  target: 'es2020',
  minifySyntax: true,
  define: { LEAST_NODE: JSON.stringify(LEAST_NODE) },
})
await build({
  ...COMMON,
  entryPoints: entryPoints('browser'),
  minify: true,
  // The build of a front end maps it to these sources, and not to its one line.
  sourcemap: 'linked',
  platform: 'browser',
  target: 'es2022',
})
await writeDeclarations(ROOT, join(ROOT, FOLDER))

const imported = Object.values(metafile.outputs).flatMap(({ imports }) =>
  imports.flatMap(({ path, external }) =>
    external === true && !path.startsWith('node:') ? [packageOf(path)] : [],
  ),
)
const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
await writeFile(join(ROOT, FOLDER, 'package.json'), libraryManifest(manifest, imported))
await cp(join(ROOT, 'LICENSE'), join(ROOT, FOLDER, 'LICENSE'))
for (const [path, text] of await travellingPages(ROOT)) {
  await mkdir(dirname(join(ROOT, FOLDER, path)), { recursive: true })
  await writeFile(join(ROOT, FOLDER, path), text)
}

/** `@azure/keyvault-keys` of whatever lies in it. */
function packageOf(path: string): string {
  return path.split('/', path.startsWith('@') ? 2 : 1).join('/')
}
