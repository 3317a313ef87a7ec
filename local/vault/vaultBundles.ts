import type { VaultCertificate } from './certificateSeries.ts'

const attributesOf = (certificate: VaultCertificate) => ({
  enabled: certificate.enabled,
  nbf: seconds(certificate.notBefore),
  exp: seconds(certificate.notAfter),
  created: seconds(certificate.createdAt),
  updated: seconds(certificate.updatedAt),
  recoveryLevel: 'Recoverable',
  recoverableDays: 90,
})

const keyAttributesOf = (certificate: VaultCertificate) => ({
  ...attributesOf(certificate),
  exportable: certificate.policy.isExportable === true,
})

/** One version in the shapes of the REST interface: whole, and as an item of a list. */
export const vaultBundles = {
  certificate: (certificate: VaultCertificate) => ({
    id: certificate.id,
    kid: certificate.kid,
    sid: certificate.sid,
    x5t: certificate.x5t,
    cer: certificate.der.toString('base64'),
    attributes: attributesOf(certificate),
    tags: {},
    policy: policyOf(certificate),
  }),

  policy: policyOf,

  certificateItem: (certificate: VaultCertificate) => ({
    id: certificate.id,
    x5t: certificate.x5t,
    subject: certificate.subject,
    attributes: attributesOf(certificate),
    tags: {},
  }),

  key: (certificate: VaultCertificate) => ({
    key: {
      kid: certificate.kid,
      kty: 'RSA-HSM',
      key_ops: ['sign', 'verify'],
      n: certificate.publicJwk.n,
      e: certificate.publicJwk.e,
    },
    attributes: keyAttributesOf(certificate),
    tags: {},
    managed: true,
  }),

  keyItem: (certificate: VaultCertificate) => ({
    kid: certificate.kid,
    attributes: keyAttributesOf(certificate),
    tags: {},
    managed: true,
  }),
} as const

function policyOf(certificate: VaultCertificate) {
  const { issuer = 'Self', renewal, isExportable = false } = certificate.policy
  const { action, lifetimePercentage, daysBeforeExpiry } = renewal ?? {}
  const trigger =
    lifetimePercentage === undefined
      ? { days_before_expiry: daysBeforeExpiry }
      : { lifetime_percentage: lifetimePercentage }
  return {
    id: `${series(certificate.id)}/policy`,
    key_props: { exportable: isExportable, kty: 'RSA-HSM', key_size: certificate.keySize, reuse_key: false },
    secret_props: { contentType: 'application/x-pkcs12' },
    x509_props: {
      subject: certificate.subject,
      key_usage: ['digitalSignature'],
      validity_months: Math.round((certificate.notAfter - certificate.createdAt) / (30.44 * 86_400_000)),
    },
    lifetime_actions: action === undefined ? [] : [{ trigger, action: { action_type: action } }],
    issuer: { name: issuer },
  }
}

/** The identifier of a certificate without its version. */
function series(id: string): string {
  return id.slice(0, id.lastIndexOf('/'))
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}
