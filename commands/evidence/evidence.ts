/**
 * What an auditor is shown, as data: everything that was read, from whom, and what could not be. The JSON is this and nothing else; the page
 * is made of it, so the same evidence always gives the same bytes. It holds names and public parts only. Times are ISO 8601 in UTC.
 */
import type { SourceKind } from '../../lib/config/credentials.ts'

/** What was read, or why it was not: a reason in a sentence. */
export type Part<T> = { readonly known: T } | { readonly unknown: string }

export interface Evidence {
  readonly format: 1
  readonly gatheredAt: string
  /** Who looked: the app's own identity, or whoever is signed in to the Azure tools. */
  readonly gatheredBy: 'the app' | 'a person'
  readonly deployment: {
    readonly publicUrl: string
    readonly tenants: readonly string[]
    readonly signInHost: string
    readonly vault: string
    /** Object id of the app's managed identity, where the environment tells. */
    readonly identity?: string
  }
  readonly applications: readonly ApplicationEvidence[]
  readonly vault: Part<VaultEvidence>
  readonly roles: Part<readonly RoleEvidence[]>
  readonly signatures: Part<readonly SignatureEvidence[]>
}

export interface ApplicationEvidence {
  readonly use: 'sign-in' | 'app-only'
  readonly clientId: string
  /** By what it may prove itself, in the order in which they serve. */
  readonly sources: readonly SourceKind[]
  readonly registration: Part<RegistrationEvidence>
  readonly policies: {
    readonly tenant: Part<PolicyEvidence>
    /** The application's own, which holds in place of the other. */
    readonly own: Part<PolicyEvidence | 'none'>
  }
  /** In the vault; absent where that is no source. */
  readonly certificate?: Part<CertificateEvidence>
  /** Keys beside the host: in its TPM, in a file of a developer's. */
  readonly local: readonly LocalEvidence[]
  readonly token: Part<TokenEvidence>
}

/** An application object of Entra, as Microsoft Graph shows it. */
export interface RegistrationEvidence {
  readonly objectId: string
  readonly createdAt?: string
  readonly isDisabled: boolean
  /** Client secrets, of which Graph shows no more than this. */
  readonly passwords: readonly { readonly keyId: string; readonly name?: string; readonly endsAt?: string }[]
  readonly certificates: readonly RegisteredCertificate[]
  readonly federated: readonly {
    readonly name: string
    readonly issuer: string
    readonly subject: string
    readonly audiences: readonly string[]
  }[]
}

export interface RegisteredCertificate {
  readonly keyId: string
  readonly name?: string
  readonly startsAt?: string
  readonly endsAt?: string
  /** Upper-case hex, as the portal shows it. */
  readonly thumbprint?: string
}

export interface PolicyEvidence {
  readonly name: string
  readonly isEnabled: boolean
  readonly restrictions: readonly {
    readonly type: string
    readonly isInForce: boolean
    readonly maxLifetime?: string
    readonly fromCreation?: string
    readonly exemptsCallers: boolean
  }[]
}

export interface LocalEvidence {
  readonly kind: 'tpm' | 'pem'
  readonly certificate: Part<LocalCertificateEvidence>
  /** Of a key in a TPM: what the TPM states of it. */
  readonly key?: Part<TpmKeyEvidence>
}

/** What the file of a certificate holds; nothing of a key beside it is read. */
export interface LocalCertificateEvidence {
  readonly subject: string
  readonly isSelfIssued: boolean
  readonly startsAt: string
  readonly endsAt: string
  readonly thumbprint: string
  readonly bits: number
}

export interface TpmKeyEvidence {
  readonly handle: string
  readonly bits: number
  /** Made in that TPM, and to be copied by no way that a TPM has. */
  readonly isBound: boolean
  readonly hasPolicy: boolean
  readonly isOfCertificate: boolean
}

/** A certificate of the vault and the keys of its versions, as the vault states them. */
export interface CertificateEvidence {
  readonly name: string
  /** What the certificate's policy says of keys to come. */
  readonly policyExportable?: boolean
  /** For how many months it makes a certificate. */
  readonly policyMonths?: number
  readonly versions: readonly VersionEvidence[]
}

export interface VersionEvidence {
  readonly version: string
  readonly isEnabled: boolean
  /** The one that the app signs with now. */
  readonly signs: boolean
  /** Of that one: whether no authority issued it. */
  readonly isSelfIssued?: boolean
  readonly createdAt?: string
  readonly startsAt?: string
  readonly endsAt?: string
  readonly thumbprint?: string
  readonly key: Part<KeyEvidence>
}

export interface KeyEvidence {
  readonly type: string
  readonly bits?: number
  readonly operations: readonly string[]
  readonly exportable: boolean
}

/** A fresh access token of the application for itself. */
export interface TokenEvidence {
  readonly claim: 'azpacr' | 'appidacr'
  readonly value: string
}

export interface VaultEvidence {
  readonly sku: string
  readonly usesRoles: boolean
  readonly purgeProtection: boolean
  readonly recoverableDays?: number
  readonly publicNetwork: string
  /** What the vault asks of the tokens it is shown; `disabled` where it says nothing of it. */
  readonly tokenBinding: string
}

export interface RoleEvidence {
  readonly principal: string
  readonly principalType: string
  readonly role: string
  /** On what it was assigned: the vault itself, something in it, or what it lies in. */
  readonly scope: string
}

/** Signatures of the last thirty days, by caller, key and answer. */
export interface SignatureEvidence {
  readonly caller: string
  readonly key: string
  readonly address: string
  readonly result: string
  readonly signatures: number
  readonly lastAt: string
}

export function known<T>(value: T): Part<T> {
  return { known: value }
}

/** A moment, without its fraction of a second. Takes milliseconds since the epoch. */
export function iso(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
