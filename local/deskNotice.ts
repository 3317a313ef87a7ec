/**
 * Where running desks are, for commands that join one: a file for each, which `npm start` keeps as long as it runs, readable by its owner
 * alone. It holds what an app on the desk has in its environment and the secret of the one client that has one, and nothing that opens
 * anything but that desk.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { COMMAND_REDIRECT_URI } from './commandRedirectUri.ts'
import type { Desk } from './desk.ts'
import { loopbackOnly } from './loopbackOnly.ts'
import type { SecretClient } from './secretClient.ts'
import { trustAuthority } from './trustAuthority.ts'

interface DeskNotice {
  /** Of the process that keeps the desk. */
  readonly pid: number
  /** When it was announced, in milliseconds since the epoch: commands join the newest that runs. */
  readonly atMs: number
  readonly appOrigin: string
  readonly authorityPem: string
  readonly vaultPort: number
  readonly settings: Readonly<Record<string, string>>
  /** Settings and identity, as the app on the desk has them. */
  readonly env: Readonly<Record<string, string>>
  /** The same with the way to the vault and the id of the client with a secret, for a program in a process of its own. */
  readonly programEnv: Readonly<Record<string, string>>
  readonly secretClient: SecretClient
}

/** With the id of the process before its ending, it names the notice of one desk. */
const noticeName = (): string =>
  process.env.SIGNET_DESK_NOTICE ?? fileURLToPath(new URL('../dist/desk.json', import.meta.url))
/** How many this process has written. */
let announced = 0

/**
 * Says where the desk is, and lets a walkthrough have its answers; what it returns takes the notice back. `taken`: settings that the app on it
 * has from the environment, over the desk's, so that a command looks at the app as it runs.
 */
export function announceDesk(desk: Desk, taken: Readonly<Record<string, string>> = {}): () => void {
  const { appOrigin, authorityPem, vault, identity, entra, registration, processEnv, secretClient } = desk
  const redirectUris = [...registration.redirectUris, COMMAND_REDIRECT_URI]
  entra.registerApplication({ ...registration, redirectUris })
  const settings = { ...desk.settings, ...taken }
  const env = { ...settings, ...identity.env }
  const { NODE_EXTRA_CA_CERTS = '', SIGNET_DESK_VAULT_PORT = '' } = processEnv
  const programEnv = {
    ...env,
    NODE_EXTRA_CA_CERTS,
    SIGNET_DESK_VAULT_PORT,
    SIGNET_DESK_SECRET_CLIENT_ID: secretClient.clientId,
  }
  for (const { file, isAlive } of notices()) if (!isAlive) rmSync(file, { force: true })
  const atMs = (readDesk()?.atMs ?? 0) + 1
  const common = { pid: process.pid, atMs: Math.max(atMs, Date.now()), appOrigin, authorityPem }
  const notice: DeskNotice = { ...common, vaultPort: vault.port, settings, env, programEnv, secretClient }
  announced += 1
  const file = noticeName().replace(/(\.json)?$/, `.${process.pid}-${announced}.json`)
  rmSync(file, { force: true })
  writeFileSync(file, JSON.stringify(notice), { mode: 0o600 })
  return () => rmSync(file, { force: true })
}

/**
 * Has this process live on the desk that runs: it trusts the stand-ins, has the managed identity in its environment, and reaches nothing
 * but this machine. Undefined where no desk runs.
 */
export function joinDesk(): Pick<DeskNotice, 'appOrigin' | 'env' | 'secretClient'> | undefined {
  const notice = readDesk()
  if (notice === undefined) return undefined
  trustAuthority(notice.authorityPem)
  loopbackOnly({ vaultPort: notice.vaultPort })
  Object.assign(process.env, notice.env)
  return notice
}

/** The desk that runs, the newest of several, for a program in another process; undefined where none does. */
export function readDesk(): DeskNotice | undefined {
  const running = notices().flatMap(({ notice, isAlive }) => (isAlive && notice ? [notice] : []))
  return running.toSorted((a, b) => b.atMs - a.atMs)[0]
}

interface FoundNotice {
  readonly file: string
  /** Undefined where it cannot be read, or is about to be written. */
  readonly notice: DeskNotice | undefined
  /** A desk that was killed leaves its notice behind. */
  readonly isAlive: boolean
}

function notices(): readonly FoundNotice[] {
  const name = noticeName()
  const [folder, stem] = [dirname(name), basename(name, '.json')]
  return namesIn(folder).flatMap((each) => {
    const [, pid] = /^\.(\d+)-\d+\.json$/.exec(each.startsWith(stem) ? each.slice(stem.length) : '') ?? []
    if (pid === undefined) return []
    const file = join(folder, each)
    return [{ file, notice: readNotice(file), isAlive: isRunning(Number(pid)) }]
  })
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function readNotice(file: string): DeskNotice | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DeskNotice
  } catch {
    return undefined
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
