/** What one run came to, as it is written to `bench/result.json`. */
import type { ColdStart } from './coldStart.ts'
import type { Memory } from './memory.ts'
import type { Row } from './runRounds.ts'
import type { Size } from './sizes.ts'
import type { Kind } from './subjects.ts'
import type { Together } from './together.ts'

export interface Result {
  readonly node: string
  readonly cores: number
  /** Day of the run, UTC. */
  readonly day: string
  /** False where it was made to see that it works: not to be quoted. */
  readonly isWhole: boolean
  readonly rounds: number
  readonly subjects: readonly { readonly name: string; readonly kind: Kind }[]
  readonly rows: readonly Row[]
  readonly together: readonly Together[]
  readonly coldStarts: readonly ColdStart[]
  readonly memory: readonly Memory[]
  readonly sizes: readonly Size[]
}
