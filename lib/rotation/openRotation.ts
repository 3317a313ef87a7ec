/** The exchange of one application's certificate, put together from its parts: vault, directory, row. */
import type { TokenCredential } from '@azure/identity'
import { base64url, sha1Hex, sha256, uuid } from '../base/crypto.ts'
import type { Effects } from '../base/effects.ts'
import type { VaultSettings } from '../config/credentials.ts'
import type { EntraUrls } from '../config/urls.ts'
import type { SharedIdentity } from '../credential/sharedIdentity.ts'
import { createVaultAccess, type VaultAccess } from '../credential/vaultAccess.ts'
import { AppError } from '../errors/appError.ts'
import { openVaultCertificates, type VaultCertificates } from '../vault/bundles.ts'
import { createRemoteSign, type RemoteSign } from '../vault/sign.ts'
import { createEntryProofs } from './entryProof.ts'
import { createGraphRegistration } from './graphRegistration.ts'
import type { HeldVersion, RotationPorts, RowPort, VaultPort } from './ports.ts'
import { createRotationRows, type RotationTable } from './rotationRows.ts'
import { type RunReport, runRotation } from './runRotation.ts'
import { createTrial } from './trial.ts'

export interface Rotation {
  readonly clientId: string
  readonly vaultUrl: string
  /** Name of the certificate. */
  readonly certificate: string
  /** One run; throws what keeps it from knowing anything. */
  run(options?: { readonly isUrgent?: boolean }): Promise<RunReport>
  readonly ports: RotationPorts
}

export interface RotationOptions {
  readonly clientId: string
  readonly objectId?: string | undefined
  /** Of the tenant that the application is registered in. */
  readonly entra: Pick<EntraUrls, 'issuerTemplate' | 'token'>
  readonly graphOrigin: string
  readonly vault: VaultSettings
  /** Whether a version is made when too little life is left. */
  readonly mayCreate: boolean
  readonly table: RotationTable
  readonly identity: TokenCredential | SharedIdentity
  /** Whether a refusal (403) is waited out for a while, as by an app that has just been deployed; whoever looks for faults does not. */
  readonly isPatient: boolean
  readonly effects: Effects
}

export function openRotation(options: RotationOptions): Rotation {
  const { clientId, objectId, entra, graphOrigin: origin, vault, mayCreate, isPatient, effects } = options
  const rows: RowPort = createRotationRows(options.table, clientId)
  const { url: vaultUrl, certificate: name } = vault
  const access = createVaultAccess({
    vaultUrl,
    identity: options.identity,
    isPatient,
    open: (credential) => ({
      certificates: openVaultCertificates({ vaultUrl, name, credential, effects }),
      remoteSign: createRemoteSign(credential, effects),
    }),
    effects,
  })
  const [signing, reading] = [access.byOneRight(), access.byOneRight()]
  const sign: RemoteSign = (...asked) => signing(({ remoteSign }) => remoteSign(...asked))
  const ports: RotationPorts = {
    vault: vaultPort(name, access),
    registration: createGraphRegistration({ clientId, objectId, origin, sign, effects }),
    trial: createTrial({ clientId, entra, sign, effects }),
    rows,
    entryProofs: createEntryProofs({
      clientId,
      sign,
      read: (version) => reading(({ certificates }) => certificates.version(version)),
    }),
  }
  return {
    clientId,
    vaultUrl: vault.url,
    certificate: vault.certificate,
    ports,
    run: ({ isUrgent = false } = {}) =>
      runRotation(ports, { clientId, runId: uuid(effects.random), mayCreate, isUrgent, isPatient, effects }),
  }
}

function vaultPort(
  name: string,
  access: VaultAccess<{ readonly certificates: VaultCertificates }>,
): VaultPort {
  const [reading, creating] = [access.byOneRight(), access.byOneRight()]
  return {
    versions: () => reading(({ certificates }) => certificates.versions()),
    async held(wanted): Promise<HeldVersion> {
      const { keyId, cer, properties } = await reading(({ certificates }) => certificates.version(wanted))
      const { version, enabled, expiresOn } = properties
      if (keyId === undefined || cer === undefined || version === undefined || enabled === false)
        throw new AppError('vault/key_unusable', {
          detail: `version ${wanted} is disabled or not issued yet`,
        })
      return {
        name,
        version,
        keyId,
        der: cer,
        thumbprintS256: base64url.encode(sha256(cer)),
        thumbprintSha1: sha1Hex(cer),
        expiresAtMs: expiresOn?.getTime() ?? Number.MAX_SAFE_INTEGER,
      }
    },
    isExportable: (version) => reading(({ certificates }) => certificates.isExportable(version)),
    async create(monthsFor) {
      try {
        await creating(({ certificates }) => certificates.create(monthsFor))
      } catch (fault) {
        if (!(fault instanceof AppError) || fault.code !== 'vault/forbidden') throw fault
        throw new AppError('rotation/may_not_create', { cause: fault, detail: fault.context.detail ?? name })
      }
    },
  }
}
