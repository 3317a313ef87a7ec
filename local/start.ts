/**
 * `npm start`: the whole thing on one desk. Opens the stand-ins, starts the app in a Functions host of its own and says where it
 * is; Ctrl-C ends everything that was started.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withoutOuterSpace, wordsIn } from '../lib/config/settingText.ts'
import { openDesk } from './desk.ts'
import { announceDesk, readDesk } from './deskNotice.ts'
import { freePort } from './freePort.ts'
import { openFileServer } from './frontEnd/openFileServer.ts'
import { type HostProcess, startHost } from './host/process.ts'
import { realHostProgram } from './host/realHostProgram.ts'
import { stageApp } from './stageApp.ts'
import { readStartOptions, type StartOptions } from './startOptions.ts'
import { createSwitchboard } from './switchboard/createSwitchboard.ts'
import { takenSettings } from './takenSettings.ts'
import { deskCertificate } from './tls/deskCertificate.ts'
import { openTlsFront } from './tls/openTlsFront.ts'
import { thisMachine } from './tls/thisMachine.ts'
import { trustLines } from './tls/trustCommands.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Longest wait for an app that starts. Milliseconds. */
const FIRST_WORDS_MS = 3_000

function stop(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}

function stopFor(fault: unknown): never {
  stop(fault instanceof Error ? fault.message : String(fault))
}

function readOptions(): StartOptions {
  try {
    return readStartOptions(process.argv.slice(2), process.env.PORT, ROOT)
  } catch (fault) {
    stopFor(fault)
  }
}

const { port, useRealHost, useTls, useVite, frontEnd } = readOptions()
if (!existsSync(`${ROOT}/dist/app.cjs`))
  stop('The bundle dist/app.cjs is missing. Run "npm run build" first.')
const program = useRealHost ? realHostProgram() : undefined
if (useRealHost && program === undefined) {
  stop(
    'No Functions host found: set FUNCTIONS_HOST to one, or install Azure Functions Core Tools ("func" on PATH).',
  )
}

const certificate = useTls ? await deskCertificate(join(ROOT, 'dist/desk-tls')) : undefined
/** Where the host listens: what stands before it has the port that people know. */
const hostPort = useTls || useVite ? await freePort() : port
const appOrigin = `${useTls ? 'https' : 'http'}://localhost:${port}`
const hasOwnFrontEnd = (process.env.FRONT_END_URL ?? '') !== ''
/** Below which the app's routes lie. The example reads it too, as it is built. */
const basePath = withoutOuterSpace(process.env.BASE_PATH ?? '')
const [desk, staged, files, front] = await Promise.all([
  openDesk({ appOrigin, basePath, sources: wordsIn(process.env.CREDENTIAL ?? '', ',') }),
  stageApp(ROOT),
  useVite || hasOwnFrontEnd ? undefined : openBuilt(),
  openFront(),
]).catch(stopFor)
// Whoever has a desk may make versions, as whoever deploys may: `npm run rotate -- --desk --now`.
desk.vault.permissions.add('certificates/create/action')
const ofDesk = files === undefined ? {} : { FRONT_END_URL: files.origin }
const taken = takenSettings({ ...desk.settings, ...ofDesk }, process.env)
for (const line of taken.lines) console.log(line)
let host: HostProcess | undefined
let takeNoticeBack: (() => void) | undefined
let ending = false
/** The app has written a request into its log. */
const firstRequest = Promise.withResolvers<void>()

/** The front end's files, built, where FRONT_END_URL points to. */
async function openBuilt(): ReturnType<typeof openFileServer> {
  const { buildFrontEnd } = await import('./frontEnd/buildFrontEnd.ts')
  return buildFrontEnd(frontEnd, openFileServer)
}

/** What stands between people and the host, if anything does. */
async function openFront(): Promise<{ close(): Promise<void> } | undefined> {
  if (certificate !== undefined)
    return openTlsFront({
      port,
      certificate: certificate.server,
      hostPort,
      onExchange: (exchange) => desk.onExchange(exchange),
    })
  if (!useVite) return undefined
  const { openViteServer } = await import('./frontEnd/openViteServer.ts')
  return openViteServer({ root: frontEnd, port, hostPort, basePath })
}

async function end(code: number): Promise<never> {
  ending = true
  takeNoticeBack?.()
  await host?.stop()
  await Promise.all([desk.close(), staged.remove(), files?.close(), front?.close()])
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(0))

async function startApp(): Promise<void> {
  const started = await startHost({
    program,
    appDir: staged.folder,
    port: hostPort,
    env: { ...desk.processEnv, ...ofDesk, ...taken.settings, HOST_LEADS_TO: appOrigin },
    onLine(line) {
      console.log(line)
      if (line.includes('"event":"request"')) firstRequest.resolve()
    },
  })
  host = started
  void started.exited.then((exitCode) => {
    if (ending || host !== started) return
    console.error(
      `The Functions host ended by itself (exit code ${exitCode}). Start it again with "npm start".`,
    )
    return end(1)
  })
}

/** Has the app say what it says at first, so that the addresses are the last to read. What is not well is in its log, and no reason to wait. */
async function heardOut(): Promise<void> {
  const signal = AbortSignal.timeout(FIRST_WORDS_MS)
  const silence = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  void fetch(`http://localhost:${hostPort}${basePath}/health/ready`, { signal }).catch(() => undefined)
  await Promise.race([firstRequest.promise, silence])
}

async function restartApp(): Promise<void> {
  const old = host
  host = undefined
  await old?.stop()
  await startApp().catch(giveUp)
}

function giveUp(fault: unknown): Promise<never> {
  console.error(fault instanceof Error ? fault.message : fault)
  return end(1)
}

await startApp().catch(giveUp)
const other = readDesk()
takeNoticeBack = announceDesk(desk, taken.settings)
if (other !== undefined)
  console.log(
    `Another desk runs, at ${other.appOrigin}. Commands with --desk go to this one as long as it runs, and then to that one again.`,
  )
desk.entra.lodge(createSwitchboard({ desk, restartApp }))
await heardOut()
if (certificate !== undefined) {
  console.log(`Certificate of this desk, ${certificate.isNew ? 'new, to be trusted once' : 'as before'}:`)
  for (const line of trustLines(certificate.authorityFile, thisMachine())) console.log(line)
}
console.log(`Entra stand-in: ${desk.entra.origin}`)
console.log(`Inspector: ${desk.entra.origin}/inspect`)
console.log(`Switchboard: ${desk.entra.origin}/desk`)
console.log('First: open the last address, press Sign in, choose Ada; then open the inspector.')
console.log(`Signet is ready: ${appOrigin}`)
