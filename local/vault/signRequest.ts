import type { Answer } from '../stubServer.ts'
import type { CertificateSeries, VaultCertificate } from './certificateSeries.ts'
import { keyDisabled, vaultError } from './vaultError.ts'

const DIGEST_BYTES = 32

/** Answers `POST /keys/{name}/{version}/sign`: the version must be enabled and in its time, the value a SHA-256 digest. */
export function answerSign(
  series: CertificateSeries,
  certificate: VaultCertificate,
  body: unknown,
  now: number,
): Answer {
  const { alg, value } = (body ?? {}) as { alg?: unknown; value?: unknown }
  if (alg !== 'PS256' && alg !== 'RS256') {
    return vaultError(400, 'BadParameter', `Key and signing algorithm are incompatible. Algorithm: ${alg}`)
  }
  const digest = typeof value === 'string' ? Buffer.from(value, 'base64url') : Buffer.alloc(0)
  if (digest.length !== DIGEST_BYTES) {
    const message = `Invalid length of 'value': ${digest.length} bytes. ${alg} requires 32 bytes, encoded with base64url.`
    return vaultError(400, 'BadParameter', message)
  }
  if (!certificate.enabled) return { status: keyDisabled.status, body: keyDisabled.body }
  if (now < certificate.notBefore) return refused('a key that is not yet valid', 'KeyNotYetValid')
  if (now >= certificate.notAfter) return refused('an expired key', 'KeyExpired')

  const signature = series.sign(certificate.version, alg, digest)
  return { status: 200, body: { kid: certificate.kid, value: signature.toString('base64url') } }
}

function refused(what: string, inner: string): Answer {
  return vaultError(403, 'Forbidden', `Operation sign is not allowed on ${what}.`, inner)
}
