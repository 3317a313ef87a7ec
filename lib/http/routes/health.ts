/** GET /health/live and /health/ready: whether the process answers, and whether a sign-in would succeed. */
import type { App } from '../../app.ts'
import { createRefreshing, type Refreshing } from '../../base/refreshing.ts'
import { asAppError } from '../../errors/appError.ts'
import { json } from '../reply.ts'
import type { Handle } from '../route.ts'

/** How long one look at the dependencies answers for, so that probes put no load on them. Milliseconds. */
const READY_FOR_MS = 30_000

interface Readiness {
  readonly ready: boolean
  /** `ok`, or the code of the fault. */
  readonly checks: Readonly<Record<'vault' | 'entra' | 'sessions', string>>
}

const readiness = new WeakMap<App, Refreshing<Readiness>>()

export const live: Handle = async () => json(200, { status: 'live' })

export const ready: Handle = async (app) => {
  const held = readiness.get(app) ?? watch(app)
  const { ready: isReady, checks } = await held.get()
  return json(isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready', checks })
}

function watch(app: App): Refreshing<Readiness> {
  const { now } = app.effects
  const load = async () => {
    const value = await look(app)
    const untilMs = now() + READY_FOR_MS
    return { value, freshUntilMs: untilMs, usableUntilMs: untilMs }
  }
  const added = createRefreshing({ now, load, onBackgroundFault: () => undefined })
  readiness.set(app, added)
  return added
}

async function look({ config, credential, providerKeys, sessions }: App): Promise<Readiness> {
  const [vault, entra, table] = await Promise.all([
    outcome(credential.assertionFor(config.entra.token)),
    outcome(providerKeys.check()),
    outcome(sessions.check()),
  ])
  const checks = { vault, entra, sessions: table }
  return { ready: Object.values(checks).every((check) => check === 'ok'), checks }
}

async function outcome(check: Promise<unknown>): Promise<string> {
  try {
    await check
    return 'ok'
  } catch (fault) {
    return asAppError(fault).code
  }
}
