import type { KeyObject } from 'node:crypto'
import { generateKeyPair, randomUUID, X509Certificate } from 'node:crypto'
import { promisify } from 'node:util'
import type { Answer } from '../stubServer.ts'
import { certificateRequest } from './certificateRequest.ts'
import type { CertificatePolicy, IssuedVersion, Renewal } from './certificateSeries.ts'
import { vaultError } from './vaultError.ts'

type CreateRequest = {
  policy?: {
    key_props?: { exportable?: boolean; kty?: string; key_size?: number; reuse_key?: boolean }
    x509_props?: { subject?: string; validity_months?: number }
    lifetime_actions?: {
      trigger?: { lifetime_percentage?: number; days_before_expiry?: number }
      action?: { action_type?: string }
    }[]
    issuer?: { name?: string }
  }
}

/** Certificate creations, one at most per name, as Key Vault runs them: accepted first, completed later. */
export type CertificateCreations = {
  /** Answers 202 and makes the certificate meanwhile; refuses what would weaken a signing key. */
  start(name: string, body: unknown): Promise<Answer>
  /** The state of the latest creation of that name. */
  pending(name: string): Answer
  /** Takes what somebody else made of the request that a creation handed out: `x5c`, the certificate first. */
  merge(name: string, body: unknown): Promise<Answer>
}

export type CertificateMaking = {
  /** `Self`, and those that the vault has an account with. */
  isIssuer(name: string): boolean
  /** Creates the certificate, or its next version. */
  make(name: string, policy: CertificatePolicy): Promise<unknown>
  /** Takes over one that was issued elsewhere. */
  adopt(name: string, issued: IssuedVersion, policy: CertificatePolicy): Promise<unknown>
}

/** A request that is out, to be signed by somebody. */
type OpenRequest = {
  readonly policy: CertificatePolicy
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

export function certificateCreations(vaultUrl: string, making: CertificateMaking): CertificateCreations {
  const operations = new Map<string, Record<string, unknown>>()
  const requests = new Map<string, OpenRequest>()

  async function handOut(name: string, policy: CertificatePolicy): Promise<string> {
    const pair = await promisify(generateKeyPair)('rsa', { modulusLength: policy.keySize })
    requests.set(name, { policy, ...pair })
    return certificateRequest(policy.subject, pair.publicKey, pair.privateKey).toString('base64')
  }

  const completed = (name: string) => ({ status: 'completed', target: `${vaultUrl}/certificates/${name}` })

  return {
    async start(name, body) {
      const { policy = {} } = (body ?? {}) as CreateRequest
      const { key_props = {}, x509_props = {}, issuer = {}, lifetime_actions = [] } = policy
      const issuerName = issuer.name ?? ''
      if (x509_props.subject === undefined || !(issuerName === 'Unknown' || making.isIssuer(issuerName))) {
        return vaultError(400, 'BadParameter', 'The policy needs a subject and an issuer that is known here.')
      }
      if (
        key_props.exportable !== false ||
        key_props.reuse_key === true ||
        !/^RSA/.test(key_props.kty ?? '')
      ) {
        const rule = 'Keys of this vault are RSA, not exportable and not reused.'
        return vaultError(403, 'Forbidden', rule, 'ForbiddenByPolicy')
      }
      const months = x509_props.validity_months ?? 12
      const wanted: CertificatePolicy = {
        subject: x509_props.subject,
        keySize: key_props.key_size ?? 2048,
        validityDays: 0,
        validityMonths: months,
        issuer: issuerName,
        ...renewalIn(lifetime_actions),
      }
      const operation: Record<string, unknown> = {
        id: `${vaultUrl}/certificates/${name}/pending`,
        issuer: { name: issuerName },
        cancellation_requested: false,
        status: 'inProgress',
        status_details: 'Pending certificate created. Certificate request is in progress.',
        request_id: randomUUID().replaceAll('-', ''),
      }
      operations.set(name, operation)
      if (issuerName === 'Unknown') {
        operation.csr = await handOut(name, wanted)
        return { status: 202, body: operation }
      }
      making.make(name, wanted).then(
        () => Object.assign(operation, completed(name)),
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

    async merge(name, body) {
      const request = requests.get(name)
      if (request === undefined)
        return vaultError(404, 'PendingCertificateNotFound', 'Pending certificate not found.')
      const [leaf, ...chain] = chainIn(body)
      const certificate = parse(leaf)
      if (
        leaf === undefined ||
        certificate === undefined ||
        !isSameKey(certificate.publicKey, request.publicKey)
      )
        return vaultError(
          400,
          'BadParameter',
          'The public key of the certificate is not that of the request.',
        )
      const issued: IssuedVersion = {
        der: leaf,
        privateKey: request.privateKey,
        publicJwk: request.publicKey.export({ format: 'jwk' }),
        notBefore: certificate.validFromDate.getTime(),
        notAfter: certificate.validToDate.getTime(),
        chain,
      }
      await making.adopt(name, issued, request.policy)
      requests.delete(name)
      Object.assign(operations.get(name) ?? {}, completed(name))
      return { status: 201, body: { id: `${vaultUrl}/certificates/${name}` } }
    },
  }
}

/** Key Vault takes one action that is about the end of a certificate. */
function renewalIn(actions: NonNullable<NonNullable<CreateRequest['policy']>['lifetime_actions']>): {
  readonly renewal?: Renewal
} {
  const [{ trigger = {}, action = {} } = {}] = actions
  const type = action.action_type
  if (type !== 'AutoRenew' && type !== 'EmailContacts') return {}
  const { lifetime_percentage: lifetimePercentage, days_before_expiry: daysBeforeExpiry } = trigger
  return {
    renewal: {
      action: type,
      ...(lifetimePercentage === undefined ? {} : { lifetimePercentage }),
      ...(daysBeforeExpiry === undefined ? {} : { daysBeforeExpiry }),
    },
  }
}

/** Keys of different types cannot be compared as keys. */
function isSameKey(one: KeyObject, other: KeyObject): boolean {
  const [first, second] = [one, other].map((key) => key.export({ type: 'spki', format: 'der' }))
  return first?.equals(second ?? Buffer.alloc(0)) === true
}

function chainIn(body: unknown): readonly Buffer[] {
  const { x5c } = (body ?? {}) as { x5c?: unknown }
  return Array.isArray(x5c) ? x5c.map((one) => Buffer.from(String(one), 'base64')) : []
}

function parse(der: Buffer | undefined): X509Certificate | undefined {
  try {
    return der && new X509Certificate(der)
  } catch {
    return undefined
  }
}
