/** The row of one application, in the table that sessions are in: a text under compare-and-swap. */
import type { RowPort } from './ports.ts'
import { parseState } from './state.ts'

/** What is used of the table; its operations throw `session/*`. */
export interface RotationTable {
  insert(rows: readonly RotationRow[]): Promise<boolean>
  read<Row extends object>(key: Key): Promise<(Row & { readonly etag: string }) | undefined>
  replace(row: RotationRow, etag: string): Promise<string | undefined>
}

interface Key {
  readonly partitionKey: string
  readonly rowKey: string
}

interface RotationRow extends Key {
  readonly state: string
}

const PARTITION = 'rotation'

export function createRotationRows(table: RotationTable, clientId: string): RowPort {
  const key = { partitionKey: PARTITION, rowKey: clientId }
  return {
    async read() {
      const row = await table.read<Pick<RotationRow, 'state'>>(key)
      return row && { state: parseState(row.state), etag: row.etag }
    },
    insert: (state) => table.insert([{ ...key, state: JSON.stringify(state) }]),
    async replace(state, etag) {
      return (await table.replace({ ...key, state: JSON.stringify(state) }, etag)) !== undefined
    },
  }
}
