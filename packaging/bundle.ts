/** Bundles the functions into the one file that is deployed: most of a cold start is the time it takes to load modules. */
import { fileURLToPath } from 'node:url'
import { build, type Metafile } from 'esbuild'

/** Folder of the project; whatever is bundled is named relative to it. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url))

export interface Bundle {
  readonly code: Uint8Array
  /** Every file that was read for it. */
  readonly inputs: readonly string[]
  /** Those of them that something is left of. */
  readonly contents: readonly string[]
}

/** The bundle, in memory: the same bytes from the same sources, wherever the project lies. Rejects when it cannot be built. */
export async function bundleApp(): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
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
    // Names stay, so that a stack trace says where it came from.
    minifyIdentifiers: false,
    // They go along in a file of their own.
    legalComments: 'none',
    sourcemap: false,
    write: false,
    metafile: true,
    logLevel: 'warning',
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error('The bundler wrote no file.')
  return { code: file.contents, inputs: Object.keys(metafile.inputs), contents: contentsOf(metafile) }
}

function contentsOf({ outputs }: Metafile): string[] {
  const inputs = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs))
  return inputs.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : []))
}
