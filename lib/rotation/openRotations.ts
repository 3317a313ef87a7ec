/** The exchanges that an app has: one for each client whose certificate is in the vault and may change, in the tenant of its registration. */
import type { TokenCredential } from '@azure/identity'
import type { Effects } from '../base/effects.ts'
import type { Config } from '../config/config.ts'
import { settingsOf, type VaultSettings } from '../config/credentials.ts'
import { TENANT_PLACEHOLDER } from '../config/issuerTemplate.ts'
import type { EntraUrls } from '../config/urls.ts'
import type { SharedIdentity } from '../credential/sharedIdentity.ts'
import type { NameVersions } from '../vault/versions.ts'
import { createNameVersions } from './nameVersions.ts'
import { openRotation, type Rotation } from './openRotation.ts'
import type { RotationTable } from './rotationRows.ts'

export interface RotationParts {
  readonly config: Config
  readonly identity: TokenCredential | SharedIdentity
  /** As of an app that may just have been deployed; whoever looks for faults is not. */
  readonly isPatient?: boolean
  readonly table: RotationTable
  readonly effects: Effects
}

/** A client, as far as the exchange of its certificate goes. */
interface Client {
  readonly clientId: string
  readonly objectId?: string | undefined
  readonly entra: EntraUrls
  readonly vault: VaultSettings
}

/** None with `manual`; a pinned version is never exchanged. */
export function openRotations({
  config,
  identity,
  isPatient = false,
  table,
  effects,
}: RotationParts): readonly Rotation[] {
  const { rotation, graphOrigin } = config
  if (rotation === 'manual') return []
  return clientsOf(config)
    .filter(({ vault }) => vault.certificateVersion === undefined)
    .map((client) =>
      openRotation({
        ...client,
        graphOrigin,
        mayCreate: rotation === 'auto',
        table,
        identity,
        isPatient,
        effects,
      }),
    )
}

/** What tells a client which version signs; undefined where its certificate is not exchanged. */
export function namingFor(
  rotations: readonly Rotation[],
  clientId: string,
  effects: Pick<Effects, 'now' | 'log'>,
): { readonly nameVersions?: NameVersions } {
  const found = rotations.find((one) => one.clientId === clientId)
  return found === undefined ? {} : { nameVersions: createNameVersions(found.ports.rows, effects) }
}

/** Where several tenants sign in, the registration is of the one in which the app itself acts, if that is known. */
function clientsOf({ clientId, objectId, credentials, entra, appOnly }: Config): readonly Client[] {
  const home = entra.issuerTemplate.includes(TENANT_PLACEHOLDER) ? appOnly?.entra : entra
  const vault = settingsOf(credentials, 'vault')?.vault
  const signIn = vault === undefined || home === undefined ? [] : [{ clientId, objectId, entra: home, vault }]
  return [...signIn, ...(appOnly === undefined ? [] : [appOnly])]
}
