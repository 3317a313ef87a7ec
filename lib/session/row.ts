/** What every row of the table has. */

export interface RowKey {
  readonly partitionKey: string
  readonly rowKey: string
}

export type Stored<Row> = Row & RowKey & { readonly etag: string }
