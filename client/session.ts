/**
 * The session as a page sees it. One tab asks and all are told; a look is never a use, and a page that nobody sees never asks: it
 * catches up once it is seen.
 */
import { basePath } from './basePath.ts'
import { channel, type Message } from './channel.ts'
import { emit, on } from './events.ts'
import { nextLookMs, timeLeft, WARNING_SEC } from './moment.ts'
import { provenFetch } from './provenFetch.ts'
import type { Session } from './sessionAnswer.ts'

/** A page that is seen again looks again after so long. */
const STALE_MS = 30_000
/** After a look that failed, or while another tab is signing out. */
const SOON_MS = 2_000
const RETRY_MS = 30_000

let known: Session | undefined
let isWatching = false
let isWarned = false
/** Looks left to see another tab's sign-out take effect. */
let looksSoon = 0
let lookedAtMs = 0
let dueAtMs = Infinity
let timer: ReturnType<typeof setTimeout> | undefined
let looking: Promise<Session> | undefined

/**
 * Who is signed in and for how long. Asks the server; calls at the same time share one answer. From the first call on the session is
 * watched. Rejects with an Error whose `cause` is the answer, `{code, message, correlationId, …}`, or as `fetch` does.
 */
export function session(): Promise<Session> {
  watch()
  looking ??= ask().finally(() => {
    looking = undefined
  })
  return looking
}

/** The person is still here: the idle limit starts anew. Answers and rejects as `session` does. */
export function renew(): Promise<Session> {
  watch()
  return ask({ method: 'POST', headers: { 'x-csrf': '1' } })
}

async function ask(init?: RequestInit): Promise<Session> {
  const answer = await provenFetch(new Request(`${basePath()}/auth/session`, init))
  const body = await answer.json().catch(() => ({}))
  if (typeof body.authenticated !== 'boolean')
    throw new Error(body.message ?? `No answer of Signet at ${answer.url}`, { cause: body })
  learn(body)
  channel().postMessage(body)
  return body
}

function learn(next: Session): void {
  const wasSignedIn = known?.authenticated
  known = next
  lookedAtMs = Date.now()
  if (next.authenticated) {
    const left = timeLeft(next)
    const isExpiring = left.secondsLeft <= WARNING_SEC
    lookIn(looksSoon > 0 ? SOON_MS : nextLookMs(left.secondsLeft))
    looksSoon = Math.max(0, looksSoon - 1)
    if (isExpiring && !isWarned) emit('expiring', left)
    isWarned = isExpiring
  } else {
    looksSoon = 0
    lookIn(Infinity)
    if (wasSignedIn) emit('signed-out', {})
  }
  emit('session', next)
}

function lookIn(ms: number): void {
  dueAtMs = Date.now() + ms
  arm()
}

function arm(): void {
  clearTimeout(timer)
  if (document.hidden || dueAtMs === Infinity) return
  // Tabs that are due at the same moment do not all ask: the first one tells the others.
  timer = setTimeout(look, Math.max(0, dueAtMs - Date.now()) + Math.random() * 500)
}

function look(): void {
  session().catch(() => lookIn(RETRY_MS))
}

function watch(): void {
  if (isWatching) return
  isWatching = true
  channel().addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data === 'signing-out') {
      looksSoon = 3
      lookIn(SOON_MS / 2)
    } else if ('type' in data) {
      const { type, ...ended } = data
      // It tells that somebody is signed in, not who.
      if (ended.outcome === 'signed-in') lookIn(0)
      emit(type, ended)
    } else learn(data)
  })
  // A call was refused: the other tabs need not find out by themselves.
  on('signed-out', ({ loginUrl }) => {
    if (loginUrl === undefined || !known?.authenticated) return
    known = { authenticated: false, loginUrl: `${basePath()}/auth/login` }
    lookIn(Infinity)
    channel().postMessage(known)
  })
  const seen = (): void => {
    if (!document.hidden && known && Date.now() - lookedAtMs > STALE_MS) dueAtMs = Date.now()
    arm()
  }
  document.addEventListener('visibilitychange', seen)
  // Out of the back-forward cache a page shows what was true when it was left.
  addEventListener('pageshow', ({ persisted }) => persisted && look())
}
