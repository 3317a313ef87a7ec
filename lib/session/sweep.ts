/** The hourly sweep: tables have no expiry of their own, so ended sessions, their index rows and spent markers are removed here. */
import type { App } from '../app.ts'
import { asAppError } from '../errors.ts'

/** Never throws: what could not be removed now is found again next time. */
export async function sweepEnded({ sessions, config, effects }: App): Promise<void> {
  try {
    effects.log('info', 'sweep', { removed: await sessions.sweep(config.sessions.idleMs) })
  } catch (fault) {
    const { code, context } = asAppError(fault)
    effects.log('warn', 'sweep.failed', { outcome: code, detail: context.detail })
  }
}
