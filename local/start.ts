/**
 * `npm start`: the whole thing on one desk. Opens the stand-ins, starts the app in a Functions host of its own and says where it
 * is; Ctrl-C ends everything that was started.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDesk } from './desk.ts'
import { announceDesk } from './deskNotice.ts'
import { freePort } from './freePort.ts'
import { type HostProcess, startHost } from './host/process.ts'
import { realHostProgram } from './host/realHostProgram.ts'
import { stageApp } from './stageApp.ts'
import { createSwitchboard } from './switchboard/createSwitchboard.ts'
import { takenSettings } from './takenSettings.ts'
import { deskCertificate } from './tls/deskCertificate.ts'
import { openTlsFront } from './tls/openTlsFront.ts'
import { trustLines } from './tls/trustCommands.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const useRealHost = process.argv.includes('--host')
const useTls = process.argv.includes('--https')

function stop(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}

function stopFor(fault: Error): never {
  stop(fault.message)
}

function readPort(): number {
  const text = process.env.PORT ?? '7071'
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) stop('PORT must be a number from 1 to 65535.')
  return port
}

const port = readPort()
if (!existsSync(`${ROOT}/dist/app.cjs`))
  stop('The bundle dist/app.cjs is missing. Run "npm run build" first.')
const program = useRealHost ? realHostProgram() : undefined
if (useRealHost && program === undefined) {
  stop(
    'No Functions host found: set FUNCTIONS_HOST to one, or install Azure Functions Core Tools ("func" on PATH).',
  )
}

const certificate = useTls ? await deskCertificate(join(ROOT, 'dist/desk-tls')) : undefined
/** Where the host listens: behind TLS it is not where people go. */
const hostPort = useTls ? await freePort() : port
const appOrigin = `${useTls ? 'https' : 'http'}://localhost:${port}`
const front =
  certificate && (await openTlsFront({ port, certificate: certificate.server, hostPort }).catch(stopFor))
const desk = await openDesk({ appOrigin })
const taken = takenSettings(desk.settings, process.env)
for (const line of taken.lines) console.log(line)
const staged = await stageApp(ROOT)
let host: HostProcess | undefined
let takeNoticeBack: (() => void) | undefined
let ending = false

async function end(code: number): Promise<never> {
  ending = true
  takeNoticeBack?.()
  await host?.stop()
  await Promise.all([desk.close(), staged.remove(), front?.close()])
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(0))

async function startApp(): Promise<void> {
  const started = await startHost({
    program,
    appDir: staged.folder,
    port: hostPort,
    env: { ...desk.processEnv, ...taken.settings, HOST_LEADS_TO: appOrigin },
    onLine: (line) => console.log(line),
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
takeNoticeBack = announceDesk(desk)
desk.entra.lodge(createSwitchboard({ desk, restartApp }))
if (certificate !== undefined) {
  console.log(`Certificate of this desk, ${certificate.isNew ? 'new, to be trusted once' : 'as before'}:`)
  for (const line of trustLines(certificate.authorityFile)) console.log(line)
}
console.log(`Entra stand-in: ${desk.entra.origin}`)
console.log(`Inspector: ${desk.entra.origin}/inspect`)
console.log(`Switchboard: ${desk.entra.origin}/desk`)
console.log(`Signet is ready: ${appOrigin}`)
