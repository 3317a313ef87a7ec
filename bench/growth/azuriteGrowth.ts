/** Azurite's own growth: rows in its one collection, and how long it takes over one more and over one that is there. */
import type { TransactionAction } from '@azure/data-tables'
import { openAzuriteTable } from '../../test/support/azuriteTable.ts'
import { percentilesOf } from '../outside/percentiles.ts'

const IN_TRANSACTION = 100
const TRIALS = 100

export async function* azuriteGrowth(sizes: readonly number[]): AsyncGenerator<string> {
  const azurite = await openAzuriteTable()
  try {
    let rows = 0
    for (const size of sizes) {
      while (rows < size) rows += await fill(azurite.client, Math.min(IN_TRANSACTION, size - rows), rows)
      const inserts: number[] = []
      const reads: number[] = []
      for (let i = 0; i < TRIALS; i += 1) {
        const key = `trial-${size}-${i}`
        inserts.push(await timed(() => azurite.client.createEntity({ partitionKey: key, rowKey: 'session' })))
        reads.push(await timed(() => azurite.client.getEntity(key, 'session')))
      }
      const shown = (all: readonly number[]): string => `${percentilesOf(all).p50.toFixed(1)} ms`
      yield `Azurite with ${size.toLocaleString('en-US')} rows: insert ${shown(inserts)}, read ${shown(reads)} (half of them, SDK and all)`
    }
  } finally {
    await azurite.close()
  }
}

async function fill(
  client: Awaited<ReturnType<typeof openAzuriteTable>>['client'],
  count: number,
  from: number,
): Promise<number> {
  const partitionKey = `fill-${from}`
  const rows = Array.from(
    { length: count },
    (_, n): TransactionAction => ['create', { partitionKey, rowKey: String(n), text: 'x'.repeat(200) }],
  )
  await client.submitTransaction(rows)
  return count
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await call()
  return performance.now() - startedMs
}
