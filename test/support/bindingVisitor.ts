/**
 * A browser that binds its sessions, as the draft on Device Bound Session Credentials has it ("Send request", "Create session", "Cache
 * challenge"): it registers where it is offered to, renews the bound cookie before a request in scope, holds that request back meanwhile,
 * forgets the session where it is told to, and says so where it went without. And what no browser does: every proof can be made by hand.
 */
import { CompactSign, exportJWK, generateKeyPair, type JWK } from 'jose'
import { type Ask, newVisitor, type Reply, type Visitor } from './visitor.ts'

/** Challenges that a browser answers in a row before it gives the session up. */
const MOST_CHALLENGES = 5
const DEVICE_COOKIE = '__Host-signet-device'

type Algorithm = 'ES256' | 'RS256'

export interface DeviceKeys {
  readonly alg: Algorithm
  readonly privateKey: CryptoKey
  readonly jwk: JWK
}

/** What the browser knows of one session. */
export interface KnownSession {
  readonly id: string
  readonly keys: DeviceKeys
  readonly refreshUrl: string
  readonly excluded: readonly string[]
  challenge: string | undefined
}

interface ProofShape {
  readonly keys: DeviceKeys
  readonly challenge?: string | undefined
  /** Over what a browser writes; undefined takes a member away. */
  readonly header?: Readonly<Record<string, unknown>>
  readonly payload?: unknown
}

export interface BindingVisitor extends Visitor {
  /** By identifier. */
  readonly sessions: Map<string, KnownSession>
  /** Requests to the two addresses of the binding, in order: path and status. */
  readonly exchanges: string[]
  /** What the registration was answered. */
  readonly instructions: Record<string, unknown>[]
  /** Whether offers are taken; a test that answers them itself says no. */
  takesOffers: boolean
  /** The only session that it is bound to. */
  known(): KnownSession
  /** Answers an offer. */
  register(offer: Reply, keys?: DeviceKeys): Promise<Reply>
  /** One request to the refresh address; without a proof unless one is given. */
  askRefresh(session: KnownSession, proof?: string, ask?: Ask): Promise<Reply>
  /** The whole refresh, as before a request; the last answer. */
  refresh(session?: KnownSession): Promise<Reply>
}

/** A fresh pair of keys, as a browser makes one for each registration. */
export async function newDeviceKeys(alg: Algorithm = 'ES256'): Promise<DeviceKeys> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  return { alg, privateKey, jwk: await exportJWK(publicKey) }
}

/** A signed answer: header `{alg, typ}`, with the key at a registration, payload `{jti}`. */
export function signProof({ keys, challenge, header = {}, payload }: ProofShape): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(payload ?? { jti: challenge }))
  const shown = Object.fromEntries(
    Object.entries({ alg: keys.alg, typ: 'dbsc+jwt', ...header }).filter(([, value]) => value !== undefined),
  )
  return new CompactSign(bytes).setProtectedHeader(shown as { alg: string }).sign(keys.privateKey)
}

/** The challenge in a header of either kind. */
export function challengeIn(reply: Reply): string {
  const header =
    reply.headers.get('secure-session-challenge') ?? reply.headers.get('secure-session-registration')
  const found = /challenge="([^"]+)"|^"([^"]+)"/.exec(header ?? '')
  if (found === null) throw new Error(`no challenge in a reply with status ${reply.status}`)
  return found[1] ?? found[2] ?? ''
}

export function newBindingVisitor(appOrigin: string, algorithm: Algorithm = 'ES256'): BindingVisitor {
  const plain = newVisitor(appOrigin, (url, ask) => visitor.ask(url, ask))
  const sessions = new Map<string, KnownSession>()
  const exchanges: string[] = []
  const instructions: Record<string, unknown>[] = []
  /** What the next request says of a session that it goes without. */
  let skipped: string | undefined

  async function post(url: string, headers: Record<string, string>, ask: Ask = {}): Promise<Reply> {
    const reply = await plain.bare(new URL(url, appOrigin).href, {
      method: 'POST',
      from: appOrigin,
      ...ask,
      headers: {
        accept: '*/*',
        'sec-fetch-mode': 'no-cors',
        'sec-fetch-dest': 'empty',
        ...headers,
        ...ask.headers,
      },
    })
    exchanges.push(`${url} ${reply.status}`)
    return reply
  }

  /** "Create session": the instructions of a good answer, with the challenge that rides on it. */
  function create(reply: Reply, keys: DeviceKeys): void {
    const told = JSON.parse(reply.text)
    instructions.push(told)
    const { session_identifier: id, refresh_url: refreshUrl, scope } = told
    const excluded = scope.scope_specification.map(({ path }: { path: string }) => path)
    sessions.set(id, { id, keys, refreshUrl, excluded, challenge: undefined })
    cacheChallenge(reply)
  }

  function cacheChallenge(reply: Reply): void {
    const [, challenge, id = ''] =
      /^"([^"]+)";id="([^"]+)"$/.exec(reply.headers.get('secure-session-challenge') ?? '') ?? []
    const session = sessions.get(id)
    if (session !== undefined) session.challenge = challenge
  }

  async function register(offer: Reply, given?: DeviceKeys): Promise<Reply> {
    const keys = given ?? (await newDeviceKeys(algorithm))
    const [, path = ''] = /path="([^"]+)"/.exec(offer.headers.get('secure-session-registration') ?? '') ?? []
    const proof = await signProof({ keys, challenge: challengeIn(offer), header: { jwk: keys.jwk } })
    const reply = await post(path, { 'secure-session-response': proof })
    if (reply.status === 200) create(reply, keys)
    return reply
  }

  const askRefresh = (session: KnownSession, proof?: string, ask?: Ask): Promise<Reply> =>
    post(
      session.refreshUrl,
      {
        'sec-secure-session-id': session.id,
        ...(proof === undefined ? {} : { 'secure-session-response': proof }),
      },
      ask,
    )

  async function refresh(session: KnownSession = known()): Promise<Reply> {
    for (let round = 1; ; round += 1) {
      const { keys, challenge } = session
      const reply = await askRefresh(
        session,
        challenge === undefined ? undefined : await signProof({ keys, challenge }),
      )
      cacheChallenge(reply)
      if (reply.status === 403 && round < MOST_CHALLENGES) continue
      if (reply.status >= 400 && reply.status < 500) sessions.delete(session.id)
      skipped = reply.status >= 500 ? `server_error;session_identifier="${session.id}"` : undefined
      return reply
    }
  }

  function known(): KnownSession {
    const [session, ...others] = sessions.values()
    if (session === undefined || others.length > 0) throw new Error(`bound to ${sessions.size} sessions`)
    return session
  }

  const isInScope = (url: string, { excluded, refreshUrl }: KnownSession): boolean => {
    const { origin, pathname } = new URL(url)
    if (origin !== appOrigin || pathname === refreshUrl) return false
    return !excluded.some((path) => pathname === path || pathname.startsWith(`${path}/`))
  }

  async function ask(url: string, given: Ask = {}): Promise<Reply> {
    const isOwn = given.from === undefined || new URL(given.from).origin === appOrigin
    for (const session of [...sessions.values()])
      if (isOwn && isInScope(url, session) && !plain.holds(DEVICE_COOKIE)) await refresh(session)
    const says = skipped === undefined ? {} : { 'secure-session-skipped': skipped }
    skipped = undefined
    const reply = await plain.bare(url, { ...given, headers: { ...says, ...given.headers } })
    cacheChallenge(reply)
    if (visitor.takesOffers && reply.headers.has('secure-session-registration')) await register(reply)
    return reply
  }

  const visitor: BindingVisitor = {
    ...plain,
    ask,
    sessions,
    exchanges,
    instructions,
    takesOffers: true,
    known,
    register,
    askRefresh,
    refresh,
  }
  return visitor
}
