import { randomUUID } from 'node:crypto'
import type { Answer } from '../stubServer.ts'
import type { CertificatePolicy } from './certificateSeries.ts'
import { vaultError } from './vaultError.ts'

type CreateRequest = {
  policy?: {
    key_props?: { exportable?: boolean; kty?: string; key_size?: number; reuse_key?: boolean }
    x509_props?: { subject?: string; validity_months?: number }
    issuer?: { name?: string }
  }
}

/** Certificate creations, one at most per name, as Key Vault runs them: accepted first, completed later. */
export type CertificateCreations = {
  /** Answers 202 and makes the certificate meanwhile; refuses what would weaken a signing key. */
  start(name: string, body: unknown): Answer
  /** The state of the latest creation of that name. */
  pending(name: string): Answer
}

/** `make` creates the certificate, or its next version. */
export function certificateCreations(
  vaultUrl: string,
  make: (name: string, policy: CertificatePolicy) => Promise<unknown>,
): CertificateCreations {
  const operations = new Map<string, Record<string, unknown>>()

  return {
    start(name, body) {
      const { policy = {} } = (body ?? {}) as CreateRequest
      const { key_props = {}, x509_props = {}, issuer = {} } = policy
      if (x509_props.subject === undefined || issuer.name !== 'Self') {
        return vaultError(400, 'BadParameter', 'The policy needs a subject and the issuer Self.')
      }
      if (
        key_props.exportable !== false ||
        key_props.reuse_key === true ||
        !/^RSA/.test(key_props.kty ?? '')
      ) {
        const rule = 'Keys of this vault are RSA, not exportable and not reused.'
        return vaultError(403, 'Forbidden', rule, 'ForbiddenByPolicy')
      }
      const operation: Record<string, unknown> = {
        id: `${vaultUrl}/certificates/${name}/pending`,
        issuer: { name: 'Self' },
        cancellation_requested: false,
        status: 'inProgress',
        status_details: 'Pending certificate created. Certificate request is in progress.',
        request_id: randomUUID().replaceAll('-', ''),
      }
      operations.set(name, operation)
      const made = make(name, {
        subject: x509_props.subject,
        keySize: key_props.key_size ?? 2048,
        validityDays: Math.round((x509_props.validity_months ?? 12) * 30.44),
      })
      made.then(
        () => Object.assign(operation, { status: 'completed', target: `${vaultUrl}/certificates/${name}` }),
        (cause: unknown) =>
          Object.assign(operation, {
            status: 'failed',
            error: { code: 'BadParameter', message: String(cause) },
          }),
      )
      return { status: 202, body: operation }
    },

    pending(name) {
      const operation = operations.get(name)
      if (operation === undefined)
        return vaultError(404, 'PendingCertificateNotFound', 'Pending certificate not found.')
      return { status: 200, body: operation }
    },
  }
}
