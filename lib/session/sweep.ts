/** The hourly sweep: tables have no expiry of their own, so ended sessions, their index rows and spent markers are removed here. */
import type { Effects } from '../base/effects.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import type { SessionStore } from './tableStore.ts'

interface SweepParts {
  readonly sessions: Pick<SessionStore, 'sweep'>
  readonly effects: Pick<Effects, 'log'>
}

/** Never throws: what could not be removed now is found again next time. */
export async function sweepEnded({ sessions, effects }: SweepParts): Promise<void> {
  try {
    const swept = await sessions.sweep()
    effects.log(swept.failed > 0 || !swept.isComplete ? 'warn' : 'info', 'sweep', { ...swept })
  } catch (fault) {
    const { fault: outcome, ...facts } = faultFacts(fault)
    effects.log('warn', 'sweep.failed', { outcome, ...facts })
  }
}
