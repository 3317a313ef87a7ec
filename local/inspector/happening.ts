import type { Details, EntraRequest } from '../entra/requestLog.ts'
import type { RequestRecord } from '../requestRecord.ts'
import type { TableOperation } from '../tables.ts'
import type { VaultOperation } from '../vault/vaultRoute.ts'
import type { DeviceExchange } from './deviceExchange.ts'

/** The logs of all stand-ins, each oldest first. */
export interface Logs {
  readonly entra: readonly EntraRequest[]
  readonly vault: readonly RequestRecord<VaultOperation>[]
  readonly identity: readonly RequestRecord<'token'>[]
  readonly tables: readonly RequestRecord<TableOperation>[]
  /** Between browser and app, where the desk speaks TLS. */
  readonly front: readonly DeviceExchange[]
}

/** One request, and which stand-in it reached. */
export type Happening = { readonly [To in keyof Logs]: { to: To; request: Logs[To][number] } }[keyof Logs]

/** What a client assertion said in its header and claims, where the request carried a readable one. */
export function assertionOf({ details }: EntraRequest): { header: Details; claims: Details } | undefined {
  const { header, claims } = detailsIn(details.assertion)
  return header === undefined ? undefined : { header: detailsIn(header), claims: detailsIn(claims) }
}

/** The members of a detail that is an object; of any other, none. */
export function detailsIn(detail: Details[string]): Details {
  return typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? (detail as Details) : {}
}
