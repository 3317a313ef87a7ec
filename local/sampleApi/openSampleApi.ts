/**
 * An API on the desk, as somebody else would run it: it lets in whom the guard accepts, says who called and what it received, and can be
 * told to challenge, to be slow or to fail. It answers on the loopback address, over plain HTTP.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  type Caller,
  createGuard,
  type Decision,
  type GuardOptions,
  REFUSALS,
  type Refusal,
} from '../../lib/guard/guard.ts'
import { headerPairs } from './headerPairs.ts'
import { moodOfPath, type SampleApiMood } from './mood.ts'
import { respond } from './respond.ts'

/** How much of a body the answer repeats. Characters. */
const SHOWN_BODY = 2_000

export interface SampleApiOptions extends GuardOptions {
  /** An application role that a person needs too; the guard asks it of applications alone. */
  readonly personRole?: string
}

export interface ReceivedCall {
  readonly method: string
  readonly path: string
  /** Names and values as they came; the token is left out. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
  /** Object id of the person or application that the token names; undefined where it was refused. */
  readonly objectId: string | undefined
  readonly status: number
}

export interface SampleApi {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string
  /** Every call since the start, oldest first. */
  readonly calls: ReceivedCall[]
  /** What calls meet whose path names nothing else, until it is changed. */
  mood: SampleApiMood
  close(): Promise<void>
}

interface Verdict {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** Starts the API. Resolves when it listens. */
export async function openSampleApi({ personRole, ...options }: SampleApiOptions): Promise<SampleApi> {
  const guard = createGuard(options)
  const calls: ReceivedCall[] = []
  const api = { mood: { kind: 'well' } as SampleApiMood }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url: path = '', rawHeaders } = request
    const mood = moodOfPath(path) ?? api.mood
    const decision = admit(await guard.judge(request.headers.authorization), mood)
    const caller = decision.kind === 'accepted' ? decision.caller : undefined
    const received = {
      method,
      path,
      headers: headerPairs(rawHeaders),
      body: Buffer.concat(chunks).toString(),
    }
    const said: Verdict =
      decision.kind === 'refused'
        ? { status: decision.status, headers: decision.headers, body: decision.jsonBody }
        : {
            status: mood.kind === 'fail' ? mood.status : 200,
            headers: {},
            body: describe(decision.caller, received),
          }
    calls.push({ ...received, objectId: caller?.objectId, status: said.status })
    await respond(response, decision.kind === 'refused' ? { kind: 'well' } : mood, said)
  }

  /** What the guard lets in, with what this API asks besides: a role of a person, and the context of a step-up. */
  function admit(decision: Decision, mood: SampleApiMood): Decision {
    if (decision.kind === 'refused') return decision
    const { caller } = decision
    if (personRole !== undefined && !caller.roles.includes(personRole)) return missingRole()
    if (mood.kind !== 'challenge' || holdsContext(caller, mood.authenticationContext)) return decision
    return guard.demandClaims({
      access_token: { acrs: { essential: true, value: mood.authenticationContext } },
    })
  }

  const server = createServer(
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    calls,
    get mood() {
      return api.mood
    },
    set mood(mood) {
      api.mood = mood
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function missingRole(): Refusal {
  const { status, error, message } = REFUSALS.missing_role
  const headers = { 'cache-control': 'no-store' }
  return {
    kind: 'refused',
    reason: 'missing_role',
    status,
    headers,
    jsonBody: { error, reason: 'missing_role', message },
  }
}

function holdsContext({ claims: { acrs } }: Caller, context: string): boolean {
  return Array.isArray(acrs) && acrs.includes(context)
}

/** Who called, by what the token said, and what came along. */
function describe(
  caller: Caller,
  { method, path, headers, body }: Omit<ReceivedCall, 'objectId' | 'status'>,
) {
  const { acrs } = caller.claims
  return {
    caller: caller.kind,
    tenantId: caller.tenantId,
    objectId: caller.objectId,
    clientId: caller.clientId,
    clientProof: { claim: caller.clientProof, value: '2' },
    ...(caller.kind === 'user' ? { scopes: caller.scopes } : {}),
    roles: caller.roles,
    acrs: Array.isArray(acrs) ? acrs : [],
    tokenVersion: caller.tokenVersion,
    tokenExpiresAt: new Date(caller.expiresAtMs).toISOString(),
    method,
    path,
    headers,
    body: body.slice(0, SHOWN_BODY),
  }
}
