/**
 * Rows of a table account in memory, by the rules of Azure Table Storage as far as the apps here go: an insert only creates, a change can ask
 * for the row as it was read, a transaction is all or nothing. What a call costs does not depend on how many rows there are.
 */
import { createOrderedKeys } from './orderedKeys.ts'

/** Properties as they were sent, with the annotations of their types. */
export type Properties = Readonly<Record<string, unknown>>

export interface LightRow {
  readonly etag: string
  readonly partitionKey: string
  readonly rowKey: string
  readonly properties: Properties
}

export type Change =
  | { readonly kind: 'insert'; readonly key: RowName; readonly properties: Properties }
  | {
      readonly kind: 'replace' | 'merge'
      readonly key: RowName
      readonly properties: Properties
      /** Undefined: whether or not there is one. `*`: any that is there. */
      readonly etag: string | undefined
    }
  | { readonly kind: 'delete'; readonly key: RowName; readonly etag: string | undefined }

export interface RowName {
  readonly table: string
  readonly partitionKey: string
  readonly rowKey: string
}

/** Why a change was not made, by the codes of the service. */
export type Refusal = 'EntityAlreadyExists' | 'ResourceNotFound' | 'UpdateConditionNotSatisfied'

export interface Bounds {
  /** The first row that may be in the answer. */
  readonly fromPartition: string
  readonly fromRow: string
  readonly matches: (row: Pick<LightRow, 'partitionKey' | 'rowKey'>) => 'in' | 'not yet' | 'over'
}

export interface LightRows {
  read(name: RowName): LightRow | undefined
  /** All of them or none: the ETags of the rows as they are then, or the place and reason of the first refusal. */
  change(changes: readonly Change[]): readonly (string | undefined)[] | { place: number; refusal: Refusal }
  /** Rows in the order of their keys, `most` at most, and the one to go on from. */
  query(table: string, bounds: Bounds, most: number): { rows: LightRow[]; next: LightRow | undefined }
  size(): number
}

/** Before every letter that a key may have. */
const BETWEEN = '\u0001'

export function createLightRows(): LightRows {
  const rows = new Map<string, LightRow>()
  const keys = createOrderedKeys()
  let version = 0
  const addressOf = ({ table, partitionKey, rowKey }: RowName): string =>
    `${table}${BETWEEN}${partitionKey}${BETWEEN}${rowKey}`

  function refusalOf(change: Change): Refusal | undefined {
    const known = rows.get(addressOf(change.key))
    if (change.kind === 'insert') return known === undefined ? undefined : 'EntityAlreadyExists'
    if (change.etag === undefined) return undefined
    if (known === undefined) return 'ResourceNotFound'
    return change.etag === '*' || change.etag === known.etag ? undefined : 'UpdateConditionNotSatisfied'
  }

  function make(change: Change): string | undefined {
    const address = addressOf(change.key)
    const known = rows.get(address)
    if (change.kind === 'delete') {
      rows.delete(address)
      keys.remove(address)
      return undefined
    }
    version += 1
    const properties =
      change.kind === 'merge' ? { ...known?.properties, ...change.properties } : change.properties
    const { partitionKey, rowKey } = change.key
    const etag = `W/"datetime'${version}'"`
    if (known === undefined) keys.add(address)
    rows.set(address, { etag, partitionKey, rowKey, properties })
    return etag
  }

  return {
    read: (name) => rows.get(addressOf(name)),
    change(changes) {
      for (const [place, change] of changes.entries()) {
        const refusal = refusalOf(change)
        if (refusal !== undefined) return { place, refusal }
      }
      return changes.map(make)
    },
    query(table, { fromPartition, fromRow, matches }, most) {
      const found: LightRow[] = []
      for (const address of keys.from(addressOf({ table, partitionKey: fromPartition, rowKey: fromRow }))) {
        const row = rows.get(address)
        if (row === undefined || !address.startsWith(`${table}${BETWEEN}`)) break
        const place = matches(row)
        if (place === 'over') break
        if (place === 'not yet') continue
        if (found.length === most) return { rows: found, next: row }
        found.push(row)
      }
      return { rows: found, next: undefined }
    },
    size: () => rows.size,
  }
}
