/** Files share their modules, so the mutant of the file before is off while the next one is loaded, as it would be in a new process. */
import { inject } from 'vitest'

const stryker = (globalThis as { __stryker__?: { activeMutant?: string | undefined } }).__stryker__
if (stryker !== undefined && inject('mutantActivation' as never) === 'runtime')
  stryker.activeMutant = undefined
