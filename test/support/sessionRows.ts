/** The session table as whoever dumps it sees it: with a right to everything, and past every switch of the stand-in. */
import { odata, TableClient } from '@azure/data-tables'
import { TABLE_NAME } from '../../lib/session/table.ts'
import type { Desk } from '../../local/desk.ts'

export interface TableRow {
  readonly partitionKey: string
  readonly rowKey: string
  readonly [property: string]: unknown
}

export interface SessionRows {
  readonly table: TableClient
  /** Every row there is. */
  all(): Promise<TableRow[]>
  /** Ids of the sessions there are, in order. */
  sessionIds(): Promise<string[]>
}

/** One token serves for as long as the world stands, wherever its clock goes. */
export async function openSessionRows(desk: Desk): Promise<SessionRows> {
  const token = await desk.identity.issue('https://storage.azure.com')
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 86_400_000 }) }
  const table = new TableClient(desk.tables.url, TABLE_NAME, credential, {
    tlsOptions: { ca: desk.authorityPem },
  })

  async function all(): Promise<TableRow[]> {
    const rows: TableRow[] = []
    for await (const { partitionKey = '', rowKey = '', ...rest } of table.listEntities()) {
      rows.push({ ...rest, partitionKey, rowKey })
    }
    return rows
  }

  return {
    table,
    all,
    async sessionIds() {
      const ids: string[] = []
      const queryOptions = { filter: odata`RowKey eq ${'session'}`, select: ['partitionKey'] }
      for await (const { partitionKey = '' } of table.listEntities({ queryOptions })) ids.push(partitionKey)
      return ids.sort()
    },
  }
}
