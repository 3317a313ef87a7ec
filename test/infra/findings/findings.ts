import { TABLE_NAME } from '../../../lib/session/table.ts'
import type { Prediction } from '../../support/prediction.ts'
import { addressFindings } from './addressFindings.ts'
import { appFindings } from './appFindings.ts'
import { networkFindings } from './networkFindings.ts'
import { roleFindings } from './roleFindings.ts'
import { secretFindings } from './secretFindings.ts'
import { settingFindings } from './settingFindings.ts'
import { storageFindings } from './storageFindings.ts'
import { tagFindings } from './tagFindings.ts'
import { vaultFindings } from './vaultFindings.ts'

interface Scope {
  /** The parameters give every setting there is. */
  readonly complete: boolean
  /** Paths that the app answers. */
  readonly routes: readonly string[]
}

/** Everything that is wrong with a predicted deployment of main.bicep, in sentences; nothing when all is well. */
export function findings(prediction: Prediction, { complete, routes }: Scope): string[] {
  return [
    ...storageFindings(prediction, TABLE_NAME),
    ...vaultFindings(prediction),
    ...roleFindings(prediction),
    ...secretFindings(JSON.stringify(prediction)),
    ...appFindings(prediction),
    ...networkFindings(prediction),
    ...settingFindings(prediction, complete),
    ...addressFindings(prediction, routes),
    ...tagFindings(prediction),
  ]
}
