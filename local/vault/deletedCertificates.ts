// Soft delete, which no vault can be without any more: what was deleted can be had back until it is purged, and until then its name is taken.

import type { Answer } from '../stubServer.ts'
import type { CertificateSeries } from './certificateSeries.ts'
import { vaultBundles } from './vaultBundles.ts'
import { vaultError } from './vaultError.ts'

const RECOVERABLE_MS = 90 * 86_400_000

type Deleted = { readonly series: CertificateSeries; readonly atMs: number }

export type DeletedCertificates = {
  /** Whether the name is taken by one that was deleted. */
  has(name: string): boolean
  delete(name: string): Answer
  read(name: string): Answer
  recover(name: string): Answer
  purge(name: string): Answer
}

export function deletedCertificates(
  vaultUrl: string,
  certificates: Map<string, CertificateSeries>,
  now: () => number,
): DeletedCertificates {
  const deleted = new Map<string, Deleted>()

  function shown(name: string, { series, atMs }: Deleted): Answer {
    const newest = series.find()
    const dates = {
      recoveryId: `${vaultUrl}/deletedcertificates/${name}`,
      deletedDate: Math.floor(atMs / 1000),
      scheduledPurgeDate: Math.floor((atMs + RECOVERABLE_MS) / 1000),
    }
    return { status: 200, body: { ...(newest && vaultBundles.certificate(newest)), ...dates } }
  }

  const notFound = (name: string): Answer =>
    vaultError(404, 'CertificateNotFound', `Deleted certificate not found: ${name}`)

  return {
    has: (name) => deleted.has(name),
    delete(name) {
      const series = certificates.get(name)
      if (series === undefined)
        return vaultError(404, 'CertificateNotFound', `Certificate not found: ${name}`)
      const entry = { series, atMs: now() }
      certificates.delete(name)
      deleted.set(name, entry)
      return shown(name, entry)
    },
    read(name) {
      const entry = deleted.get(name)
      return entry === undefined ? notFound(name) : shown(name, entry)
    },
    recover(name) {
      const entry = deleted.get(name)
      if (entry === undefined) return notFound(name)
      deleted.delete(name)
      certificates.set(name, entry.series)
      const newest = entry.series.find()
      return { status: 200, body: newest === undefined ? {} : vaultBundles.certificate(newest) }
    },
    purge: (name) => (deleted.delete(name) ? { status: 204 } : notFound(name)),
  }
}
