/**
 * Two instances of the deployed bundle, each in a Functions host and a process of its own, on one desk and behind one front door. The clocks
 * of desk and instances are moved together, or those of the instances apart.
 */
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Desk, type DeskOptions, openDesk } from '../../local/desk.ts'
import { freePort } from '../../local/freePort.ts'
import { type HostProcess, startHost } from '../../local/host/process.ts'
import { stageApp } from '../../local/stageApp.ts'
import { setClock } from './clocks.ts'
import { openFrontDoor } from './frontDoor.ts'
import { openSessionRows, type SessionRows } from './sessionRows.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CLOCK = new URL('./movedClock.ts', import.meta.url)
/** Begun so far in the past that tests may move on by as much: Azurite judges tokens by the machine's clock and takes none of tomorrow. */
const BEGUN_AGO_MS = 12 * 3_600_000
/** After that every instance has seen where its clock was moved to. */
const GLANCE_MS = 20

export interface TwoInstances {
  readonly desk: Desk
  readonly origin: string
  readonly rows: SessionRows
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Moves all clocks on. */
  advance(ms: number): Promise<void>
  /** Moves the clock of one instance apart from that of the world. */
  setApart(instance: number, ms: number): Promise<void>
  /** SIGKILL to one. */
  kill(instance: number): Promise<void>
  /** A new one in its place. */
  restart(instance: number): Promise<void>
  /** What one has printed. */
  output(instance: number): string
  close(): Promise<void>
}

interface Instance {
  readonly port: number
  readonly clock: string
  apartMs: number
  host: HostProcess
}

interface TwoInstancesOptions {
  readonly settings?: (
    desk: Desk,
  ) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>
  readonly people?: DeskOptions['people']
}

export async function openTwoInstances({
  settings,
  people,
}: TwoInstancesOptions = {}): Promise<TwoInstances> {
  let offsetMs = -BEGUN_AGO_MS
  const now = (): number => Date.now() + offsetMs
  const door = await openFrontDoor()
  const origin = `http://localhost:${door.port}`
  setClock(origin, now)
  const desk = await openDesk({ appOrigin: origin, now, ...(people === undefined ? {} : { people }) })
  const [staged, folder] = await Promise.all([stageApp(ROOT), mkdtemp(join(tmpdir(), 'signet-clocks-'))])

  const start = async ({ port, clock }: Pick<Instance, 'port' | 'clock'>): Promise<HostProcess> =>
    startHost({
      appDir: staged.folder,
      port,
      env: {
        ...desk.processEnv,
        ...(await settings?.(desk)),
        NODE_OPTIONS: `--import ${CLOCK} ${desk.processEnv.NODE_OPTIONS}`,
        SIGNET_TEST_CLOCK: clock,
      },
    })

  /** Replaced at one stroke, so that nobody reads half of it. */
  async function tell({ clock, apartMs }: Pick<Instance, 'clock' | 'apartMs'>): Promise<void> {
    await writeFile(`${clock}.next`, String(offsetMs + apartMs))
    await rename(`${clock}.next`, clock)
  }

  async function open(name: string): Promise<Instance> {
    const parts = { port: await freePort(), clock: join(folder, name), apartMs: 0 }
    await tell(parts)
    return { ...parts, host: await start(parts) }
  }

  const instances = [await open('first'), await open('second')]
  door.behind.push(...instances.map(({ port }) => port))
  const instanceAt = (at: number): Instance => {
    const instance = instances[at]
    if (instance === undefined) throw new RangeError(`no instance ${at}`)
    return instance
  }

  return {
    desk,
    origin,
    rows: await openSessionRows(desk),
    now,
    async advance(ms) {
      offsetMs += ms
      await Promise.all(instances.map(tell))
      await sleep(GLANCE_MS)
    },
    async setApart(at, ms) {
      instanceAt(at).apartMs = ms
      await tell(instanceAt(at))
      await sleep(GLANCE_MS)
    },
    async kill(at) {
      const { host, port } = instanceAt(at)
      const gone = host.kill()
      door.away.add(port)
      await gone
    },
    async restart(at) {
      const instance = instanceAt(at)
      instance.host = await start(instance)
      door.away.delete(instance.port)
    },
    output: (at) => instanceAt(at).host.output(),
    async close() {
      await Promise.all([door.close(), ...instances.map(({ host }) => host.stop())])
      await Promise.all([desk.close(), staged.remove(), rm(folder, { recursive: true, force: true })])
    },
  }
}
