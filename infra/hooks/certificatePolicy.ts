/**
 * What every certificate is made from, in the file that `az keyvault certificate create --policy` takes as well.
 *
 * At three fifths of its life a certificate is due: 37 days before the end of three months. Where the app registers what it finds in the
 * vault, the vault renews by itself then, and nobody has anything to do. Where all is left to a person (`ROTATION=manual`), the vault only
 * writes a mail: it does not know Entra, and a version that it made alone would be registered nowhere.
 */
import type { CertificatePolicy, KeyUsageType } from '@azure/keyvault-certificates'
import file from '../certificate-policy.json' with { type: 'json' }

export interface CertificateWish {
  readonly months: number
  /** Whether the vault makes the next version by itself. */
  readonly isRenewed: boolean
}

/** The policy in the shape of the SDK. */
export function certificatePolicy({ months, isRenewed }: CertificateWish): CertificatePolicy {
  const { issuerParameters, keyProperties, secretProperties, x509CertificateProperties, lifetimeActions } =
    file
  return {
    issuerName: issuerParameters.name,
    exportable: keyProperties.exportable,
    keyType: keyProperties.keyType,
    keySize: keyProperties.keySize,
    reuseKey: keyProperties.reuseKey,
    contentType: secretProperties.contentType as 'application/x-pkcs12',
    subject: x509CertificateProperties.subject,
    keyUsage: x509CertificateProperties.keyUsage as KeyUsageType[],
    validityInMonths: months,
    lifetimeActions: lifetimeActions.map(({ trigger }) => ({
      action: isRenewed ? 'AutoRenew' : 'EmailContacts',
      lifetimePercentage: trigger.lifetimePercentage,
    })),
  }
}
