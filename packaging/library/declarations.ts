/**
 * The library's types: what the compiler emits file by file, rolled up so that each entry has one file of declarations beside its module,
 * with the names it exports and whatever those need. What several entries share lies in files of its own, as in the modules.
 */
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { rolldown } from 'rolldown'
import { dts } from 'rolldown-plugin-dts'
import { ERRORS } from '../../lib/errors/table.ts'
import { LIBRARY_ENTRIES } from './entries.ts'

/** Where the compiler emits, as both projects for types say. */
const EMITTED = 'dist/types'

/** Writes the declarations into a folder. `root`: of the project. Throws where the compiler finds a fault. */
export async function writeDeclarations(root: string, folder: string): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json')
  const compiler = join(dirname(manifest), 'bin/tsc')
  for (const project of ['tsconfig.types.json', 'tsconfig.client.json']) {
    const { status } = spawnSync(process.execPath, [compiler, '-p', project], { cwd: root, stdio: 'inherit' })
    if (status !== 0) throw new Error(`The types of ${project} were not emitted.`)
  }
  await writeFile(join(root, EMITTED, 'errors/table.d.ts'), errorCodes())
  const input = [...LIBRARY_ENTRIES].map(([name, { source }]) => [name, emittedFor(source)])
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(input),
    external: [/^[^./]/],
    plugins: [dts({ emitDtsOnly: true, tsconfig: false, oxc: true, cwd: root })],
  })
  await bundle.write({
    dir: folder,
    format: 'es',
    entryFileNames: '[name].d.ts',
    chunkFileNames: '[name].d.ts',
  })
  await bundle.close()
}

/** In place of the table, whose type has every word of every screen in it: its codes. */
function errorCodes(): string {
  const codes = Object.keys(ERRORS).map((code) => `'${code}'`)
  return `/** Every code of the closed table of errors. */\nexport type ErrorCode = ${codes.join(' | ')}\n`
}

function emittedFor(source: string): string {
  return `./${EMITTED}/${source.replace(/^lib\//, '').replace(/\.ts$/, '.d.ts')}`
}
