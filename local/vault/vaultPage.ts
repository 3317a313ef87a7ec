import type { Answer } from '../stubServer.ts'
import type { VaultCertificate } from './certificateSeries.ts'

/**
 * One page of a list, with a link to the next; `address` is that of the request, `shape` makes the items. Lists come in no
 * useful order, as in Key Vault: by identifier, which says nothing about age.
 */
export function vaultPage(
  address: URL,
  pageSize: number,
  all: readonly VaultCertificate[],
  shape: (certificate: VaultCertificate) => object,
): Answer {
  const size = Number(address.searchParams.get('maxresults') ?? pageSize)
  const start = Number(address.searchParams.get('$skiptoken') ?? 0)
  const sorted = all.toSorted((one, other) => one.id.localeCompare(other.id))
  const next = new URL(address)
  next.searchParams.set('$skiptoken', String(start + size))
  return {
    status: 200,
    body: {
      value: sorted.slice(start, start + size).map(shape),
      nextLink: start + size < sorted.length ? next.href : null,
    },
  }
}
