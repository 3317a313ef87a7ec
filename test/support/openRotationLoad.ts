/**
 * Two instances whose certificates, of both clients, are exchanged while people sign in, their tokens run out, and the app calls an API as
 * itself. What an instance that was killed did not answer is asked again, as a person does or whatever stands in front;
 * everything else that is no success is a failure.
 */
import { type Hindrance, parseState, type RotationState } from '../../lib/rotation/state.ts'
import { APP_ROLE } from '../../local/appOnlyClient.ts'
import type { Desk } from '../../local/desk.ts'
import { graphAppId, ownReadings } from '../../local/entra/directory/resource.ts'
import { openSampleApi, type SampleApi } from '../../local/sampleApi/openSampleApi.ts'
import { TO_INSTANCE } from './frontDoor.ts'
import { PEOPLE } from './hundredPeople.ts'
import { openTwoInstances, type TwoInstances } from './openTwoInstances.ts'
import { newVisitor, type Reply, type Visitor } from './visitor.ts'

/** Opens `/admin` of the two hosts, where a timer is run now. */
const HOST_KEY = 'of-this-desk-alone'
const GRAPH_SCOPE = 'https://graph.microsoft.com/.default'
const MOST_SIGNED_IN = 40
const MOST_REPEATS = 5
const FROM_SCRIPT = {
  accept: 'application/json',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  'x-csrf': '1',
}

export type Work = 'sign-in' | 'call' | 'own call'

export interface RotationLoad {
  readonly two: TwoInstances
  /** Client ids: that which signs people in, and that which acts as the app. */
  readonly clients: readonly [string, string]
  /** Pieces of work that came to their end. */
  readonly done: Record<Work, number>
  /** Those that an instance left unanswered because it was killed. */
  readonly repeated: () => number
  readonly failures: readonly string[]
  work(kind: Work): Promise<void>
  /** A new version of both certificates, in the vault alone. */
  makeVersions(): Promise<void>
  /** The timer of both instances at once, as far as they live; what becomes of it is not waited for. */
  runTimers(): Promise<void>
  /** Whether the newest version of each signs. */
  areInUse(): Promise<boolean>
  /** Certificates of each client that are registered and are not the newest. */
  leftBehind(): string[]
  /** What stands in the way of an exchange. */
  inTheWay(): Promise<readonly Hindrance[]>
  /** Signatures by a key that Entra did not know. */
  unknown(): { readonly atWork: number; readonly trials: number }
  /** Token requests that were granted, by grant. */
  granted(): Readonly<Record<string, number>>
  close(): Promise<void>
}

/** The instance that had the request was killed. */
class CutOff extends Error {}

export async function openRotationLoad(): Promise<RotationLoad> {
  let itself: Promise<SampleApi> | undefined
  const two = await openTwoInstances({
    people: PEOPLE,
    async settings(desk) {
      itself ??= prepare(desk)
      return settingsOf(desk, await itself)
    },
  })
  const { desk, origin, rows } = two
  const { entra, vault, clientId } = desk
  const { APP_ONLY_CLIENT_ID: ownClientId = '', APP_ONLY_CERTIFICATE: ownCertificate = '' } = desk.settings
  const certificateOf = new Map([
    [clientId, vault.certificateName],
    [ownClientId, ownCertificate],
  ])
  const newest = new Map([[clientId, vault.certificate()]])
  const signedIn: { visitor: Visitor; oid: string }[] = []
  const done = { 'sign-in': 0, call: 0, 'own call': 0 }
  const failures: string[] = []
  let turn = 0
  let repeated = 0

  function newPerson(): Visitor {
    const visitor: Visitor = newVisitor(origin, async (url, what) =>
      whole(await answered(visitor.bare(url, what))),
    )
    return visitor
  }

  const ofScript = (visitor: Visitor, path: string): Promise<Reply> =>
    visitor.ask(`${origin}${path}`, { headers: FROM_SCRIPT, from: origin })

  async function stateOf(client: string): Promise<RotationState | undefined> {
    const row = await rows.table.getEntity('rotation', client).catch(() => undefined)
    return row && parseState(String(row.state))
  }

  async function signIn(): Promise<void> {
    const { oid } = PEOPLE[turn++ % PEOPLE.length] ?? { oid: '' }
    const visitor = newPerson()
    const { status } = await visitor.signIn('/auth/login', { person: oid })
    if (status !== 303) throw new Error(`the callback answered ${status}`)
    const { text } = await ofScript(visitor, '/auth/session')
    if (JSON.parse(text).authenticated !== true) throw new Error('nobody is signed in')
    signedIn.push({ visitor, oid })
    if (signedIn.length > MOST_SIGNED_IN) signedIn.shift()
  }

  async function call(kind: Exclude<Work, 'sign-in'>): Promise<void> {
    const one = signedIn[turn++ % signedIn.length]
    if (one === undefined) return signIn()
    const api = kind === 'own call' ? 'itself' : turn % 2 === 0 ? 'orders' : 'reports'
    const { status, text } = await ofScript(one.visitor, `/api/${api}/list`)
    if (status !== 200) throw new Error(`${api} answered ${status}: ${text.slice(0, 200)}`)
    if (api !== 'itself' && JSON.parse(text).objectId !== one.oid) throw new Error(`${api} saw somebody else`)
  }

  return {
    two,
    clients: [clientId, ownClientId],
    done,
    repeated: () => repeated,
    failures,
    async work(kind) {
      for (let repeats = 0; ; repeats += 1) {
        try {
          await (kind === 'sign-in' ? signIn() : call(kind))
          done[kind] += 1
          return
        } catch (fault) {
          if (!(fault instanceof CutOff) || repeats === MOST_REPEATS) {
            failures.push(`${kind}: ${fault instanceof Error ? fault.message : fault}`)
            return
          }
          repeated += 1
        }
      }
    },
    async makeVersions() {
      for (const [client, certificate] of certificateOf) newest.set(client, await vault.rotate(certificate))
    },
    async runTimers() {
      const headers = { 'x-functions-key': HOST_KEY, 'content-type': 'application/json' }
      await Promise.allSettled(
        [0, 1].map((at) =>
          fetch(`${origin.replace('localhost', '127.0.0.1')}/admin/functions/rotate`, {
            method: 'POST',
            headers: { ...headers, [TO_INSTANCE]: String(at) },
          }),
        ),
      )
    },
    async areInUse() {
      for (const [client, { version }] of newest) {
        if ((await stateOf(client))?.active?.version !== version) return false
      }
      return true
    },
    async inTheWay() {
      const states = await Promise.all([...certificateOf.keys()].map(stateOf))
      return states.flatMap((state) => state?.hindrances ?? [])
    },
    leftBehind: () =>
      [...certificateOf.keys()].flatMap((client) =>
        entra.registeredCertificates(client).filter((one) => one !== newest.get(client)?.x5tS256),
      ),
    unknown() {
      const refused = entra.signatures.filter(({ refusal }) => refusal !== undefined).length
      // A run that takes over from one that died asks whether what that one announced has happened.
      const trials = entra.log.filter(
        ({ kind, status, details }) => kind === 'token' && status === 401 && details.scope === GRAPH_SCOPE,
      ).length
      return { atWork: refused - trials, trials }
    },
    granted() {
      const counts: Record<string, number> = {}
      for (const { kind, status, details } of entra.log) {
        if (kind !== 'token' || status !== 200) continue
        const grant = String(details.grantType)
        counts[grant] = (counts[grant] ?? 0) + 1
      }
      return counts
    },
    async close() {
      await two.close()
      await (await itself)?.close()
    },
  }
}

/** An API for the app itself; and the client that signs people in may read its registration, so that it finds the key that was there first. */
async function prepare({ entra, registration, clientId, settings, now }: Desk): Promise<SampleApi> {
  entra.registerApplication({ ...registration, applicationPermissions: { [graphAppId]: ownReadings } })
  entra.switches.token.accessTokenLifetimeSeconds = 600
  return openSampleApi({
    tenants: [entra.tenantId],
    clients: [settings.APP_ONLY_CLIENT_ID ?? ''],
    audiences: [clientId],
    roles: [APP_ROLE],
    authorityHost: entra.origin,
    now,
  })
}

function settingsOf({ settings, clientId }: Desk, itself: SampleApi): Readonly<Record<string, string>> {
  const apis = JSON.parse(settings.DOWNSTREAM_APIS ?? '{}')
  const own = { url: itself.origin, as: 'app', scope: `api://${clientId}/.default`, methods: ['GET'] }
  return {
    DOWNSTREAM_APIS: JSON.stringify({ ...apis, itself: own }),
    HOST_MASTER_KEY: HOST_KEY,
    SESSION_IDLE_MINUTES: '240',
    SESSION_ABSOLUTE_MINUTES: '480',
  }
}

/** Of what stands in front, where the instance behind it is gone: no app answers so. */
function whole(reply: Reply): Reply {
  if (reply.status === 502 && reply.text === '') throw new CutOff()
  return reply
}

async function answered(reply: Promise<Reply>): Promise<Reply> {
  try {
    return await reply
  } catch (cause) {
    throw new CutOff('the connection broke', { cause })
  }
}
