/** Which version of the certificate signs: chosen as the app chooses it, by the row of its exchange where that can be read, else by age. */
import type { Effects } from '../../lib/base/effects.ts'
import { settingsOf } from '../../lib/config/credentials.ts'
import { shareIdentity } from '../../lib/credential/sharedIdentity.ts'
import { asAppError } from '../../lib/errors/appError.ts'
import { namingFor, openRotations } from '../../lib/rotation/openRotations.ts'
import { openSessionTable } from '../../lib/session/table.ts'
import type { NameVersions } from '../../lib/vault/versions.ts'
import type { Target } from './target.ts'

export interface SigningChoice {
  /** Absent where the row says nothing: then age decides. */
  readonly nameVersions?: NameVersions
  /** A sentence on why the version signs that did. */
  why(version: string): string
}

/** Never rejects. */
export async function signingChoice(
  { config, identity, hasTable }: Pick<Target, 'config' | 'identity' | 'hasTable'>,
  effects: Effects,
): Promise<SigningChoice> {
  const byAge = (because: string): SigningChoice => ({ why: () => `Its age decides: ${because}.` })
  if (settingsOf(config.credentials, 'vault')?.vault.certificateVersion !== undefined)
    return { why: () => 'The settings pin this version.' }
  if (config.rotation === 'manual') return byAge('ROTATION is manual')
  if (!hasTable) return byAge('there is no table here in which an app wrote down which version signs')
  const shared = shareIdentity({ identity, effects, hasOneTenant: true })
  const table = openSessionTable(config.sessions.tablesUrl, shared, effects)
  const rotations = openRotations({ config, identity, table, effects })
  const { nameVersions } = namingFor(rotations, config.clientId, effects)
  if (nameVersions === undefined) return byAge('the app does not exchange this certificate')
  try {
    const naming = await nameVersions()
    if (naming === undefined) return byAge('the app has not seen yet which versions Entra accepts')
    return {
      nameVersions: async () => naming,
      why: (version) =>
        version === naming.signs
          ? 'It signs because the exchange of the certificate names it, to the app as well.'
          : `The exchange of the certificate names version ${naming.signs}, which cannot sign: this is another that Entra accepted.`,
    }
  } catch (fault) {
    return byAge(
      `the row of its exchange could not be read (${asAppError(fault).code}), so the app may sign with another version`,
    )
  }
}
