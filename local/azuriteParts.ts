/**
 * The parts of Azurite that its table service is put together from, out of one file: it comes as a thousand, with a telemetry that a desk
 * never switches on, and to find and load those takes a second of every process that opens a desk. The file is made once for each
 * version, beside the packages, and with them it goes.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

type Store = { init(): Promise<void>; close(): Promise<void> }
type Listeners = { createRequestListener(): RequestListener }
type Part<T> = new (...args: unknown[]) => T

export interface AzuriteParts {
  readonly AccountDataStore: Part<Store>
  readonly Logger: unknown
  readonly LokiTableMetadataStore: Part<Store>
  readonly TableRequestListenerFactory: Part<Listeners>
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDER = `${ROOT}node_modules/.cache/signet/`
/** They can be had by path only: hence the pinned version of Azurite. */
const ENTRY = [
  'common/AccountDataStore',
  'common/Logger',
  'table/persistence/LokiTableMetadataStore',
  'table/TableRequestListenerFactory',
]
  .map((path) => `exports.${path.split('/').at(-1)} = require('azurite/dist/src/${path}.js').default`)
  .join('\n')

export async function loadAzuriteParts(): Promise<AzuriteParts> {
  const require = createRequire(import.meta.url)
  const { version } = require('azurite/package.json') as { readonly version: string }
  const key = createHash('sha256').update(ENTRY).digest('hex').slice(0, 8)
  const file = `${FOLDER}azurite-${version}-${key}.cjs`
  if (!existsSync(file)) await make(file)
  return require(file) as AzuriteParts
}

/** Several processes may do so at once: each writes a file of its own, and the last one stays. */
async function make(file: string): Promise<void> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: ROOT },
    bundle: true,
    platform: 'node',
    target: 'node22',
    write: false,
    plugins: [
      {
        name: 'no telemetry',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^applicationinsights$/ }, ({ path }) => ({ path, namespace: 'nothing' }))
          onLoad({ filter: /./, namespace: 'nothing' }, () => ({ contents: '' }))
        },
      },
    ],
  })
  await mkdir(FOLDER, { recursive: true })
  const own = `${file}.${process.pid}`
  await writeFile(own, outputFiles[0]?.contents ?? '')
  await rename(own, file)
}
