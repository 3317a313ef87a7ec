/**
 * What every certificate is made from, in the file that `az keyvault certificate create --policy` takes as well.
 *
 * The vault only writes a mail before the end and does not renew by itself: it does not know Entra. A version it made alone would
 * be registered nowhere, and would be signed with a day later. A person renews (docs/operate.md), which makes the version and
 * registers it in one go; an alert and the doctor count the days.
 */
import type { CertificatePolicy, KeyUsageType } from '@azure/keyvault-certificates'
import file from '../certificate-policy.json' with { type: 'json' }

/** The policy in the shape of the SDK. */
export function certificatePolicy(): CertificatePolicy {
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
    validityInMonths: x509CertificateProperties.validityInMonths,
    lifetimeActions: lifetimeActions.map(({ action, trigger }) => ({
      action: action.actionType as 'EmailContacts',
      daysBeforeExpiry: trigger.daysBeforeExpiry,
    })),
  }
}
