/** A certificate as an app registration lists it. */
import { createHash, X509Certificate } from 'node:crypto'
import type { HeldCertificate } from './certificateStore.ts'

const LONGEST_NAME = 90

/** The public part of one certificate, as it is registered anew; the type `certificate` of entra.bicep. */
export interface KeyCredential {
  /** DER, base64. */
  readonly key: string
  readonly displayName: string
  /** ISO 8601. */
  readonly startDateTime: string
  readonly endDateTime: string
}

/** An entry as Microsoft Graph shows it. */
export interface RegisteredCredential {
  readonly keyId: string
  /** Shown only when asked for by name, on a single application. */
  readonly key?: string | null
  /** SHA-1 thumbprint, base64, or hexadecimal from older tools. */
  readonly customKeyIdentifier?: string | null
  readonly displayName?: string | null
  readonly startDateTime: string
  readonly endDateTime: string
  readonly type?: string | null
  readonly usage?: string | null
}

/** Without an id: Entra gives each new entry one of its own. */
export function toKeyCredential({ name, version, der }: HeldCertificate): KeyCredential {
  const { validFromDate, validToDate } = new X509Certificate(der)
  return {
    key: Buffer.from(der).toString('base64'),
    displayName: `${name}/${version}`.slice(-LONGEST_NAME),
    startDateTime: validFromDate.toISOString(),
    endDateTime: validToDate.toISOString(),
  }
}

/** Whether an entry is of this certificate: by its key where that is shown, else by the thumbprint that Entra adds by itself. */
export function isOf({ key }: Pick<KeyCredential, 'key'>, entry: RegisteredCredential): boolean {
  const der = Buffer.from(key, 'base64')
  if (entry.key) return der.equals(Buffer.from(entry.key, 'base64'))
  const thumbprint = createHash('sha1').update(der).digest()
  const names = [thumbprint.toString('base64'), thumbprint.toString('hex').toUpperCase()]
  return names.includes(entry.customKeyIdentifier ?? '')
}
