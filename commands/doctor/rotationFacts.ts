/** What the check of an exchange has to judge: the row, the versions in the vault and the keys of the registration, each as far as it can be read. */
import { isGuid } from '../../lib/config/settingsReader.ts'
import type { KeyCredential } from '../../lib/entra/graphCredentials.ts'
import { asAppError } from '../../lib/errors/appError.ts'
import type { RotationState } from '../../lib/rotation/state.ts'
import { NOTHING_YET } from '../../lib/rotation/state.ts'
import type { VersionFacts } from '../../lib/vault/versions.ts'
import { createResourceManager } from '../resourceManager.ts'
import { type CreationRight, creationRight } from './creationRight.ts'
import type { Examination, ExaminedCertificate, ExaminedClient } from './examination.ts'

export interface RotationFacts {
  readonly mode: 'manual' | 'register' | 'auto'
  readonly isPinned: boolean
  /** Whether the application exchanges the certificate by itself. */
  readonly isExchanged: boolean
  /** Whether a run has ever left its row. */
  readonly hasRow: boolean
  readonly state: RotationState
  readonly versions: readonly VersionFacts[]
  /** The version that signs. */
  readonly signs: string
  readonly expiresAtMs: number
  readonly isRenewedByVault: boolean
  /** Keys of the registration, or the code of the fault for which they could not be read. */
  readonly entries: readonly KeyCredential[] | string
  /** Whether it was the application that looked, so that what was refused is refused to it too. */
  readonly isApp: boolean
  /** The setting of the object id where it is not set: an application needs it that may not read itself. */
  readonly lackingSetting: 'ENTRA_OBJECT_ID' | 'APP_ONLY_OBJECT_ID' | undefined
  /** Whether the app may make versions, as it is to with `auto`; nobody looks with another mode. */
  readonly creationRight: CreationRight
  readonly nowMs: number
}

/** Throws `vault/*`, `session/*`, `rotation/newer_state`. */
export async function gatherRotation(
  client: ExaminedClient,
  certificate: ExaminedCertificate,
  examination: Examination,
): Promise<RotationFacts> {
  const { config, effects, identity } = examination
  const { signing, versions, isRenewedByVault } = await certificate.gather()
  const stored = await client.rotation?.ports.rows.read()
  const [objectId, setting] =
    client.clientId === config.clientId
      ? ([config.objectId, 'ENTRA_OBJECT_ID'] as const)
      : ([config.appOnly?.objectId, 'APP_ONLY_OBJECT_ID'] as const)
  return {
    mode: config.rotation,
    isPinned: certificate.vault.certificateVersion !== undefined,
    isExchanged: client.rotation !== undefined,
    hasRow: stored !== undefined,
    state: stored?.state ?? NOTHING_YET,
    versions,
    signs: signing.version,
    expiresAtMs: signing.expiresAtMs,
    isRenewedByVault,
    entries: await entriesOf(client, examination),
    isApp: identity.isApp,
    lackingSetting: objectId === undefined ? setting : undefined,
    creationRight: await rightOf(client, certificate, examination),
    nowMs: effects.now(),
  }
}

async function entriesOf(
  client: ExaminedClient,
  { graphOf }: Examination,
): Promise<readonly KeyCredential[] | string> {
  try {
    const { keyCredentials } = await graphOf(client).application()
    return keyCredentials.filter(({ usage }) => usage === 'Verify')
  } catch (fault) {
    return asAppError(fault).code
  }
}

/** Of the identity that the environment of azd names; the app itself may not read its roles. */
async function rightOf(
  { rotation }: ExaminedClient,
  { vault: { url: vaultUrl, certificate } }: ExaminedCertificate,
  { env, config, effects, identity: { credential } }: Examination,
): Promise<CreationRight> {
  const { SIGNET_IDENTITY_PRINCIPAL_ID: principal = '' } = env
  if (rotation === undefined || config.rotation !== 'auto' || !isGuid(principal)) return 'unknown'
  return creationRight(createResourceManager({ env, credential, effects }), {
    vaultUrl,
    certificate,
    principal,
  })
}
