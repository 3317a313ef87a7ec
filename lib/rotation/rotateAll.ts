/** What the timer runs: the exchange of each application's certificate, one after the other. Any number of instances may do so at once. */
import type { Effects } from '../base/effects.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import type { Rotation } from './openRotation.ts'

interface RotateParts {
  readonly rotations: readonly Pick<Rotation, 'clientId' | 'run'>[]
  readonly effects: Pick<Effects, 'log'>
}

/** Never throws: one application's trouble is not the other's, and the next run goes on where this one stopped. */
export async function rotateAll({ rotations, effects }: RotateParts): Promise<void> {
  for (const { clientId, run } of rotations) {
    try {
      await run()
    } catch (fault) {
      const { fault: outcome, ...facts } = faultFacts(fault)
      effects.log('warn', 'rotation.failed', { clientId, outcome, ...facts })
    }
  }
}
