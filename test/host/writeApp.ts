import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'

/** Bundles a few lines that may import `@azure/functions` into an app in a folder of its own; gives the folder. */
export async function writeApp(source: string, hostJson: object = { version: '2.0' }): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'signet-app-'))
  await build({
    stdin: { contents: source, resolveDir: import.meta.dirname },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['@azure/functions-core'],
    outfile: path.join(dir, 'app.cjs'),
    logLevel: 'error',
  })
  await writeFile(path.join(dir, 'package.json'), JSON.stringify({ main: 'app.cjs' }))
  await writeFile(path.join(dir, 'host.json'), JSON.stringify(hostJson))
  return dir
}
