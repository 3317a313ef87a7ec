/** Who is measured: Signet, its peers where they are installed, and the floor. */
import { freePort } from '../../local/freePort.ts'
import { type App, startApp } from '../apps/app.ts'
import type { Workshop } from '../apps/workshop.ts'
import type { World } from '../stands/world.ts'

export type Kind =
  | 'ours'
  /** Keeps its sessions in the table, as Signet does. */
  | 'peer with sessions on the server'
  /** Keeps the tokens in the browser, encrypted. */
  | 'peer with sessions in the cookie'
  | 'floor'
  /** Passes requests on and knows no session. */
  | 'bare proxy'

export interface SubjectFacts {
  readonly name: string
  readonly kind: Kind
  /** Of its bundle, as {@link Workshop.size} knows it. */
  readonly bundle: string
  readonly canActAsItself: boolean
}

export interface Subject extends SubjectFacts {
  /** A new process, on a port of its own. */
  start(): Promise<App>
}

export const SIGNET = 'Signet'
export const FLOOR = 'floor'

export function subjectsOf(workshop: Workshop, world: World): readonly Subject[] {
  const program = (facts: SubjectFacts, env: Readonly<Record<string, string>> = {}): Subject => ({
    ...facts,
    async start() {
      const port = await freePort()
      const command = workshop.program(facts.bundle, world, port)
      return startApp(facts.name, port, { ...command, env: { ...command.env, ...env } })
    },
  })
  const peer = (name: string, bundle: string): SubjectFacts => ({
    ...{ name, bundle, kind: 'peer with sessions on the server' },
    canActAsItself: bundle !== 'expressOpenid',
  })
  const signet: Subject = {
    ...{ name: SIGNET, kind: 'ours', bundle: 'signet', canActAsItself: true },
    async start() {
      const port = await freePort()
      return startApp(SIGNET, port, workshop.signet(world, port))
    },
  }
  const peers = [
    program(peer('msal-node', 'msal')),
    program(peer('openid-client', 'openid')),
    program(peer('express-openid-connect, table', 'expressOpenid'), { BENCH_STORE: 'table' }),
    program({
      ...peer('express-openid-connect, cookie', 'expressOpenid'),
      kind: 'peer with sessions in the cookie',
    }),
  ]
  const floor = program({ name: FLOOR, kind: 'floor', bundle: 'floor', canActAsItself: true })
  const yarp = program({ name: 'YARP', kind: 'bare proxy', bundle: 'yarp', canActAsItself: false })
  return [signet, ...(workshop.hasPeers ? peers : []), floor, ...(workshop.hasYarp ? [yarp] : [])]
}
