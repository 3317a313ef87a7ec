/**
 * GET /health/live and /health/ready: whether the process answers, and whether a sign-in would succeed. The second looks at what a sign-in
 * needs, and remembers what the last real ones came to: that Entra refuses the certificate, or that somebody else answers in
 * place of its token endpoint, shows nowhere else.
 */
import type { App } from '../../app.ts'
import { createRefreshing, type Refreshing } from '../../base/refreshing.ts'
import { asAppError } from '../../errors/appError.ts'
import { json } from '../reply.ts'
import type { Handle } from '../route.ts'

/** How long one look at the dependencies answers for, so that probes put no load on them. Milliseconds. */
const LOOK_MS = 60_000

/** `ok`, or what is wrong, by part. */
type Looked = Readonly<Record<'vault' | 'entra' | 'sessions', string>>

interface Watch {
  readonly looks: Refreshing<Looked>
  /** What the log was told last: one line for each look that found something wrong, and one when that changes. */
  told: { readonly looked: Looked | undefined; readonly isReady: boolean }
}

const watches = new WeakMap<App, Watch>()

export const live: Handle = async () => json(200, { status: 'live' })

/** Strangers hear yes or no; what is wrong is for the log. */
export const ready: Handle = async (app) => {
  const watch = watches.get(app) ?? startWatch(app)
  const looked = await watch.looks.get()
  const parts = { ...looked, tokenRequests: app.tokenAttempts.standingFault()?.message ?? 'ok' }
  const isReady = Object.values(parts).every((part) => part === 'ok')
  const { told } = watch
  if (isReady !== told.isReady || (!isReady && looked !== told.looked)) {
    app.effects.log(isReady ? 'info' : 'warn', 'readiness', { ready: isReady, ...parts })
    watch.told = { looked, isReady }
  }
  if (isReady) return json(200, { status: 'ready' })
  return { ...json(503, { status: 'not ready' }), outcome: 'health/not_ready' }
}

/** One look a minute at most. */
function startWatch(app: App): Watch {
  const { now } = app.effects
  const load = async () => {
    const value = await look(app)
    const untilMs = now() + LOOK_MS
    return { value, freshUntilMs: untilMs, usableUntilMs: untilMs }
  }
  const looks = createRefreshing({ now, load, onFault: () => undefined })
  const added: Watch = { looks, told: { looked: undefined, isReady: true } }
  watches.set(app, added)
  return added
}

async function look({ config, credential, providerKeys, sessions }: App): Promise<Looked> {
  const [vault, entra, table] = await Promise.all([
    outcome(credential.check(config.entra.token)),
    outcome(providerKeys.check()),
    outcome(sessions.check()),
  ])
  return { vault, entra, sessions: table }
}

/** `ok`, or the code of the fault and its detail. */
async function outcome(check: Promise<unknown>): Promise<string> {
  try {
    await check
    return 'ok'
  } catch (fault) {
    return asAppError(fault).message
  }
}
