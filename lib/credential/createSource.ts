/** One source, as its settings describe it. */
import type { TokenCredential } from '@azure/identity'
import type { Effects } from '../base/effects.ts'
import type { CredentialSettings } from '../config/credentials.ts'
import type { NameVersions } from '../vault/versions.ts'
import type { AssertionProfile } from './assertionProfile.ts'
import { createCertificateCredential } from './certificateCredential.ts'
import type { CredentialSource } from './clientCredential.ts'
import { createManagedIdentityCredential } from './managedIdentityCredential.ts'
import { createPemCredential } from './pemCredential.ts'
import { type SharedIdentity, shareIdentity } from './sharedIdentity.ts'
import { createTpmCredential } from './tpm/tpmCredential.ts'

interface SourceParts {
  readonly clientId: string
  /** Whose tokens open the vault, or stand in for a certificate. */
  readonly identity: TokenCredential | SharedIdentity
  readonly profile: AssertionProfile
  /** Whether a refusal of the vault (403) is waited out for a while, as by an app that has just been deployed. */
  readonly isPatient?: boolean
  /** Which version of the certificate in the vault signs, where it is exchanged by itself. */
  readonly nameVersions?: NameVersions
  readonly effects: Effects
}

/** No I/O until an assertion is needed. */
export function createSource(settings: CredentialSettings, parts: SourceParts): CredentialSource {
  switch (settings.kind) {
    case 'vault':
      return { kind: 'vault', ...createCertificateCredential({ ...parts, vault: settings.vault }) }
    case 'managed-identity': {
      const { identity: given, effects } = parts
      const identity =
        'isAwaited' in given ? given : shareIdentity({ identity: given, effects, hasOneTenant: true })
      const credential = createManagedIdentityCredential({ identity, audience: settings.audience })
      return { kind: 'managed-identity', ...credential }
    }
    case 'tpm':
      return { kind: 'tpm', ...createTpmCredential({ ...parts, tpm: settings.tpm }) }
    case 'pem':
      return { kind: 'pem', ...createPemCredential({ ...parts, file: settings.file }) }
  }
}
