/** One RSA key for the tests of a file, made when they run, with a certificate for it. */
import { type KeyObject, X509Certificate } from 'node:crypto'
import { createSigningCertificate } from '../../local/pki.ts'
import { START_MS } from './heldEffects.ts'

const DAY_MS = 24 * 3_600_000

export interface CertifiedKey {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly certificate: X509Certificate
  /** Certificate and private key, as one file holds them. */
  readonly pem: string
}

/** Valid from a day before the held clock's start, for ninety days unless told. */
export async function certifiedKey(
  validDays: readonly [from: number, to: number] = [-1, 90],
): Promise<CertifiedKey> {
  const [from, to] = validDays.map((days) => new Date(START_MS + days * DAY_MS)) as [Date, Date]
  const { der, privateKey } = await createSigningCertificate({
    subject: 'CN=Signet',
    notBefore: from,
    notAfter: to,
  })
  const certificate = new X509Certificate(der)
  const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return {
    privateKey,
    publicKey: certificate.publicKey,
    certificate,
    pem: `${certificate.toString()}${keyPem}`,
  }
}
