/**
 * `npm run desk`: what the desk that runs is called, and with a program behind it, that program on the desk: `npm run desk -- node api.js`.
 * It runs in the folder that the command was typed in, on its owner's own Node, and its exit code is that of the command; 2: wrong usage.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { readDesk } from '../../local/deskNotice.ts'
import { sayUsage } from '../sayUsage.ts'
import { readDeskOptions, USAGE } from './options.ts'
import { programEnv } from './programEnv.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

async function main(argv: readonly string[]): Promise<number> {
  const options = readDeskOptions(argv)
  if (typeof options === 'string') return sayUsage(options, USAGE)
  const desk = readDesk()
  if (desk === undefined) {
    console.error('No desk runs: start one with "npm start".')
    return 1
  }
  if (options === undefined) {
    for (const [name, value] of Object.entries(desk.settings)) console.log(`${name}=${value}`)
    return 0
  }
  const preload = join(ROOT, 'dist/desk-preload.mjs')
  // Of JavaScript, for a Node that does not read TypeScript.
  await build({
    entryPoints: [join(ROOT, 'local/preload.ts')],
    outfile: preload,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  })
  const root = ROOT.replace(/[\\/]$/, '')
  const env = programEnv({
    env: process.env,
    desk: desk.programEnv,
    preload: pathToFileURL(preload).href,
    root,
  })
  const [program, ...args] = options
  return run(program, args, { env, cwd: process.env.INIT_CWD ?? process.cwd() })
}

function run(
  program: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd: string },
): Promise<number> {
  const child = spawn(program, args, { ...options, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => {
    child.once('error', ({ message }) => {
      console.error(`${program} could not be started: ${message}`)
      resolve(127)
    })
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

process.exitCode = await main(process.argv.slice(2))
