/**
 * A TPM 2.0 in software (swtpm), for a desk and for tests: a process of its own with a state of its own, on two ports of the loopback
 * address. What talks to it are the programs that talk to a chip.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../freePort.ts'

const WANTED = ['swtpm', 'tpm2_sign'] as const
const FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin']
const START_MS = 10_000

export interface TpmStub {
  /** How tpm2-tools reach it. */
  readonly tcti: string
  /** Takes it away, as if the chip were gone; its state is kept. */
  stop(): Promise<void>
  close(): Promise<void>
}

/** The first of the programs that is not installed; undefined where all are. */
export function missingTpmProgram(): string | undefined {
  return WANTED.find((name) => !FOLDERS.some((folder) => existsSync(join(folder, name))))
}

/** Throws an Error that says what to install. */
export async function openTpm(): Promise<TpmStub> {
  if (missingTpmProgram() !== undefined)
    throw new Error('A TPM for this desk needs two packages: apt-get install swtpm tpm2-tools')
  const state = await mkdtemp(join(tmpdir(), 'signet-swtpm-'))
  const port = await freePortPair()
  const bound = `type=tcp,bindaddr=127.0.0.1,port=`
  const places = ['--server', `${bound}${port}`, '--ctrl', `${bound}${port + 1}`]
  const flags = ['--flags', 'not-need-init,startup-clear']
  const child = spawn('swtpm', ['socket', '--tpm2', '--tpmstate', `dir=${state}`, ...places, ...flags], {
    stdio: 'ignore',
  })
  const stop = (): Promise<void> => end(child)
  await listening(port + 1, child)
  return {
    tcti: `swtpm:host=127.0.0.1,port=${port}`,
    stop,
    async close() {
      await stop()
      await rm(state, { recursive: true, force: true })
    },
  }
}

/** The tools take the control channel to be on the port after the one that they are told. */
async function freePortPair(): Promise<number> {
  for (;;) {
    const port = await freePort()
    const next = createServer().listen(port + 1, '127.0.0.1')
    const isFree = await once(next, 'listening').then(
      () => true,
      () => false,
    )
    next.close()
    if (isFree) return port
  }
}

/** The port of commands takes one caller at a time, so the other one is asked. */
async function listening(port: number, child: ChildProcess): Promise<void> {
  const endMs = Date.now() + START_MS
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isThere) return
    if (child.exitCode !== null || Date.now() > endMs) throw new Error('swtpm does not start.')
    await new Promise((done) => setTimeout(done, 20))
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
