import { describe, expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { sweepEnded } from '../../../lib/session/sweep.ts'
import { configOf } from '../../support/configOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const config = configOf({ SESSION_IDLE_MINUTES: '30' })

describe('the sweep', () => {
  it('removes what has been idle for the limit, and says how much', async () => {
    const effects = heldEffects()
    const asked: number[] = []
    const sweep = async (idleMs: number) => {
      asked.push(idleMs)
      return 7
    }

    await sweepEnded({ sessions: { sweep }, config, effects })

    expect(asked).toEqual([30 * 60_000])
    expect(effects.logs).toEqual([{ level: 'info', event: 'sweep', facts: { removed: 7 } }])
  })

  it('never throws: what is left is found again next time', async () => {
    const effects = heldEffects()
    const sweep = () => Promise.reject(new AppError('session/store_unavailable', { detail: 'AbortError' }))

    await sweepEnded({ sessions: { sweep }, config, effects })

    expect(effects.logs).toEqual([
      {
        level: 'warn',
        event: 'sweep.failed',
        facts: { outcome: 'session/store_unavailable', kind: 'upstream', detail: 'AbortError' },
      },
    ])
  })
})
