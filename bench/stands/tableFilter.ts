/** Filters as the apps here write them: comparisons of the two keys, joined by `and`. */
import type { Bounds, LightRow } from './lightRows.ts'

const COMPARISON = /^\(?(PartitionKey|RowKey) (eq|ge|gt|le|lt) '((?:[^']|'')*)'\)?$/

type Judge = (key: string) => 'in' | 'not yet' | 'over'

/** Throws where a filter asks for more than that. */
export function boundsOf(
  filter: string,
  next: { readonly partition: string | null; readonly row: string | null },
): Bounds {
  const comparisons = filter === '' ? [] : filter.split(' and ').map(readComparison)
  const judges = (name: string): Judge[] =>
    comparisons.filter(({ key }) => key === name).map(({ operator, value }) => judge(operator, value))
  const [ofPartition, ofRow] = [judges('PartitionKey'), judges('RowKey')]
  const lowest = (name: string): string =>
    comparisons
      .filter(({ key, operator }) => key === name && ['eq', 'ge', 'gt'].includes(operator))
      .map(({ value }) => value)
      .sort()
      .at(-1) ?? ''
  const isOnePartition = comparisons.some(({ key, operator }) => key === 'PartitionKey' && operator === 'eq')
  return {
    fromPartition: next.partition ?? lowest('PartitionKey'),
    fromRow: next.row ?? (isOnePartition ? lowest('RowKey') : ''),
    matches(row: Pick<LightRow, 'partitionKey' | 'rowKey'>) {
      const partition = worst(ofPartition, row.partitionKey)
      if (partition !== 'in') return partition
      const place = worst(ofRow, row.rowKey)
      // Behind the last row of this partition another may follow.
      return place === 'over' && !isOnePartition ? 'not yet' : place
    },
  }
}

function readComparison(text: string): { key: string; operator: string; value: string } {
  const [, key = '', operator = '', value = ''] = COMPARISON.exec(text.trim()) ?? []
  if (key === '') throw new Error(`The light tables know no filter like ${text}`)
  return { key, operator, value: value.replaceAll("''", "'") }
}

function judge(operator: string, value: string): Judge {
  return (key) => {
    switch (operator) {
      case 'eq':
        return key === value ? 'in' : key < value ? 'not yet' : 'over'
      case 'ge':
        return key >= value ? 'in' : 'not yet'
      case 'gt':
        return key > value ? 'in' : 'not yet'
      case 'le':
        return key <= value ? 'in' : 'over'
      default:
        return key < value ? 'in' : 'over'
    }
  }
}

function worst(judges: readonly Judge[], key: string): ReturnType<Judge> {
  const all = judges.map((each) => each(key))
  return all.find((one) => one === 'over') ?? all.find((one) => one === 'not yet') ?? 'in'
}
