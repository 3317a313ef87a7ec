import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type BuildOptions, build } from 'esbuild'

export type CasesApps = {
  /** app.ts as one CommonJS bundle, without route prefix. */
  readonly casesDir: string
  /** plainApp.ts as an ES module that a glob finds, with host.json's defaults but for one custom header. */
  readonly plainDir: string
}

/** Builds both apps into one temporary folder, `root`, as one would deploy them. */
export async function buildApps(): Promise<CasesApps & { readonly root: string }> {
  const root = await mkdtemp(path.join(tmpdir(), 'signet-cases-'))
  const shared: BuildOptions = {
    bundle: true,
    platform: 'node',
    external: ['@azure/functions-core'],
    logLevel: 'error',
  }
  const [casesDir, plainDir] = [path.join(root, 'cases'), path.join(root, 'plain')]

  await build({
    ...shared,
    entryPoints: [path.join(import.meta.dirname, 'app.ts')],
    format: 'cjs',
    outfile: path.join(casesDir, 'dist/app.cjs'),
  })
  await writeJson(casesDir, 'package.json', { main: 'dist/app.cjs' })
  await writeJson(casesDir, 'host.json', {
    version: '2.0',
    extensions: { http: { routePrefix: '' } },
    logging: {
      logLevel: {
        default: 'Warning',
        'Function.logs.User': 'Information',
        'Host.Function.Console': 'Information',
      },
    },
  })

  await build({
    ...shared,
    entryPoints: [path.join(import.meta.dirname, 'plainApp.ts')],
    format: 'esm',
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    outfile: path.join(plainDir, 'dist/functions/hello.js'),
  })
  await writeJson(plainDir, 'package.json', { type: 'module', main: 'dist/functions/*.js' })
  await writeJson(plainDir, 'host.json', {
    version: '2.0',
    extensions: { http: { customHeaders: { 'X-Custom': 'added' } } },
    logging: { logLevel: { default: 'Warning' } },
  })
  return { root, casesDir, plainDir }
}

async function writeJson(dir: string, name: string, content: object): Promise<void> {
  await writeFile(path.join(dir, name), `${JSON.stringify(content, undefined, 2)}\n`)
}
