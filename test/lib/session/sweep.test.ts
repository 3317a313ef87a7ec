import { describe, expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { sweepEnded } from '../../../lib/session/sweep.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const SWEPT = { looked: 9, ended: 7, failed: 0, isComplete: true }

describe('the sweep', () => {
  it.each([
    ['all', SWEPT, 'info'],
    ['not all', { ...SWEPT, failed: 1 }, 'warn'],
    ['as much as there was time for', { ...SWEPT, isComplete: false }, 'warn'],
  ])('says what it did where that was %s', async (_what, swept, level) => {
    const effects = heldEffects()

    await sweepEnded({ sessions: { sweep: async () => swept }, effects })

    expect(effects.logs).toEqual([{ level, event: 'sweep', facts: swept }])
  })

  it('never throws: what is left is found again next time', async () => {
    const effects = heldEffects()
    const sweep = () => Promise.reject(new AppError('session/store_unavailable', { detail: 'AbortError' }))

    await sweepEnded({ sessions: { sweep }, effects })

    expect(effects.logs).toEqual([
      {
        level: 'warn',
        event: 'sweep.failed',
        facts: { outcome: 'session/store_unavailable', kind: 'upstream', detail: 'AbortError' },
      },
    ])
  })
})
