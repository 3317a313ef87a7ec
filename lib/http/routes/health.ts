/** GET /health/live and /health/ready: whether the process answers, and whether a sign-in would succeed. */
import type { App } from '../../app.ts'
import { createRefreshing, type Refreshing } from '../../base/refreshing.ts'
import { asAppError } from '../../errors/appError.ts'
import { json } from '../reply.ts'
import type { Handle } from '../route.ts'

/** How long one look at the dependencies answers for, so that probes put no load on them. Milliseconds. */
const LOOK_MS = 60_000

/** `ok`, or what is wrong, by part. */
type Readiness = Readonly<Record<'vault' | 'entra' | 'sessions', string>>

const readiness = new WeakMap<App, Refreshing<boolean>>()

export const live: Handle = async () => json(200, { status: 'live' })

/** Strangers hear yes or no; what is wrong is for the log. */
export const ready: Handle = async (app) => {
  const isReady = await (readiness.get(app) ?? watch(app)).get()
  return json(isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready' })
}

/** One look a minute at most; the log has a line for each that found something wrong, and for the first one after it. */
function watch(app: App): Refreshing<boolean> {
  const { now, log } = app.effects
  let wasReady = true
  const load = async () => {
    const parts = await look(app)
    const value = Object.values(parts).every((part) => part === 'ok')
    if (!value || !wasReady) log(value ? 'info' : 'warn', 'readiness', { ready: value, ...parts })
    wasReady = value
    const untilMs = now() + LOOK_MS
    return { value, freshUntilMs: untilMs, usableUntilMs: untilMs }
  }
  const added = createRefreshing({ now, load, onFault: () => undefined })
  readiness.set(app, added)
  return added
}

async function look({ config, credential, providerKeys, sessions }: App): Promise<Readiness> {
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
