/**
 * `npm start`: the whole thing on one desk. Opens the stand-ins, starts the app in a Functions host of its own and says where it
 * is; Ctrl-C ends everything that was started.
 */
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { openDesk } from './desk.ts'
import { type HostProcess, startHost } from './host/process.ts'
import { realHostProgram } from './host/realHostProgram.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const useRealHost = process.argv.includes('--host')

function stop(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}

function readPort(): number {
  const text = process.env.PORT ?? '7071'
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) stop('PORT must be a number from 1 to 65535.')
  return port
}

/** Ends with a sentence where the port is taken, before anything else is started. */
async function requireFreePort(port: number): Promise<void> {
  const probe = createServer()
  await new Promise<void>((resolve) => {
    probe.once('error', () => stop(`Port ${port} is in use. Choose another one: PORT=${port + 1} npm start`))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  })
}

const port = readPort()
await requireFreePort(port)
if (!existsSync(`${ROOT}/dist/app.cjs`))
  stop('The bundle dist/app.cjs is missing. Run "npm run build" first.')
const program = useRealHost ? realHostProgram() : undefined
if (useRealHost && program === undefined) {
  stop(
    'No Functions host found: set FUNCTIONS_HOST to one, or install Azure Functions Core Tools ("func" on PATH).',
  )
}

const appOrigin = `http://localhost:${port}`
const desk = await openDesk({ appOrigin })
let host: HostProcess | undefined
let ending = false

async function end(code: number): Promise<never> {
  ending = true
  await host?.stop()
  await desk.close()
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(0))

try {
  host = await startHost({
    ...(program === undefined ? {} : { program }),
    appDir: ROOT,
    port,
    env: desk.processEnv,
    onLine: (line) => console.log(line),
  })
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault)
  await end(1)
}
console.log(`Entra stand-in: ${desk.entra.origin}`)
console.log(`Signet is ready: ${appOrigin}`)
const exitCode = await host?.exited
if (!ending) {
  console.error(
    `The Functions host ended by itself (exit code ${exitCode}). Start it again with "npm start".`,
  )
  await end(1)
}
