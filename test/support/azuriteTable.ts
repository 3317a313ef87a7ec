/** The session table on Azurite; past our own code, the SDK reads and writes the same rows. */
import { TableClient } from '@azure/data-tables'
import type { AccessToken } from '@azure/identity'
import { realEffects } from '../../lib/base/realEffects.ts'
import { shareIdentity } from '../../lib/credential/sharedIdentity.ts'
import { openSessionTable, type SessionTable, TABLE_NAME } from '../../lib/session/table.ts'
import { openIdentity } from '../../local/identity/openIdentity.ts'
import { createAuthority } from '../../local/pki.ts'
import { openTables, type TablesStub } from '../../local/tables.ts'
import { trustAuthority } from '../../local/trustAuthority.ts'

export interface AzuriteTable {
  readonly table: SessionTable
  /** Past our own code, with a right to everything. */
  readonly client: TableClient
  readonly stub: TablesStub
  /** What an identity with every right gives. */
  token(): Promise<AccessToken>
  close(): Promise<void>
}

export async function openAzuriteTable(): Promise<AzuriteTable> {
  const authority = createAuthority()
  trustAuthority(authority.certPem)
  const identity = await openIdentity()
  const stub = await openTables({ authority, identity })
  const token = await identity.issue('https://storage.azure.com')
  const issued = async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 })
  const credential = { getToken: issued }
  const effects = { now: realEffects.now, log: () => undefined }
  const shared = shareIdentity({ identity: credential, effects, hasOneTenant: true })
  const client = new TableClient(stub.url, TABLE_NAME, credential)
  await client.createTable()
  return {
    table: openSessionTable(stub.url, shared, realEffects),
    client,
    stub,
    token: issued,
    close: async () => {
      await stub.close()
      await identity.close()
    },
  }
}
