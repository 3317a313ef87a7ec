/** What a rotation asks of the world, for one application. Everything may throw; nothing in here decides anything. */
import type { KeyCredential } from '../entra/graphCredentials.ts'
import type { CertificateWish } from '../vault/bundles.ts'
import type { VersionFacts } from '../vault/versions.ts'
import type { PoliciesSeen } from './policy.ts'
import type { NamedVersion, RotationState } from './state.ts'

/** One version as the vault gives it, with its certificate. */
export interface HeldVersion extends NamedVersion {
  readonly name: string
  /** Versioned key id. */
  readonly keyId: string
  readonly der: Uint8Array
}

export interface VaultPort {
  versions(): Promise<readonly VersionFacts[]>
  /** Throws `vault/key_unusable` for one that cannot sign. */
  held(version: string): Promise<HeldVersion>
  /** Whether its private key can be taken out of the vault, as far as the application may see. */
  isExportable(version: string): Promise<boolean>
  /** Begins a new version by the certificate's own policy, for as many months as `monthsFor` makes of that. */
  create(monthsFor: (wish: CertificateWish) => number): Promise<void>
}

export interface RegistrationPort {
  /** The keys of the application; undefined where it may not look. */
  entries(token: string): Promise<readonly KeyCredential[] | undefined>
  /** Adds a certificate, with a proof by `by`. The id of its entry, where Graph says it. */
  add(token: string, version: HeldVersion, by: HeldVersion): Promise<string | undefined>
  remove(token: string, entryId: string, by: HeldVersion): Promise<void>
  /** What limits a certificate, as far as the application may read it. */
  policies(token: string): Promise<PoliciesSeen>
}

/** A token request by one version that Entra granted. */
export interface Trial {
  /** For Graph. A bearer credential of the application: it goes nowhere else. */
  readonly token: string
  /** Entra's time, in milliseconds since the epoch; undefined where the answer has no `Date`. */
  readonly atMs: number | undefined
}

export interface StoredState {
  readonly state: RotationState
  readonly etag: string
}

export interface RowPort {
  read(): Promise<StoredState | undefined>
  /** False where there is one already. */
  insert(state: RotationState): Promise<boolean>
  /** False where the row is not as it was read. */
  replace(state: RotationState, etag: string): Promise<boolean>
}

export interface EntryProofs {
  /** base64url. Throws `vault/*`. */
  prove(held: HeldVersion, entryId: string): Promise<string>
  /** Whether that version's key has signed for the entry that is named with it. Throws `vault/*`, but not for a version that there is none of. */
  isProven(one: NamedVersion): Promise<boolean>
}

export interface RotationPorts {
  readonly vault: VaultPort
  readonly registration: RegistrationPort
  /** A token request of its own, signed anew by that version. Throws `entra/client_rejected` where Entra does not take it. */
  readonly trial: (version: HeldVersion) => Promise<Trial>
  readonly rows: RowPort
  readonly entryProofs: EntryProofs
}
