import { describe, expect, it } from 'vitest'
import { INDEX_SLOT_MS, indexPartition, personHash, sidHash } from '../../../lib/session/rows.ts'
import { removeStrayIndexes } from '../../../lib/session/strayIndexes.ts'
import { START_MS } from '../../support/heldEffects.ts'
import { createMemoryTable } from '../../support/memoryTable.ts'

const HOUR_MS = 3_600_000
const SLOT_END_MS = (Math.floor(START_MS / INDEX_SLOT_MS) + 1) * INDEX_SLOT_MS
const never = new AbortController().signal

/** Index rows, two for each of 150 people, of sessions whose absolute end is then. */
async function tableWith(...ends: readonly number[]) {
  const table = createMemoryTable()
  for (const endsAtMs of ends)
    for (let i = 0; i < 150; i += 1)
      for (const hash of [personHash({ tid: 't' as never, oid: `oid-${i}` }), sidHash(`sid-${i}`)]) {
        const key = { partitionKey: indexPartition(hash, endsAtMs), rowKey: `${hash}-${endsAtMs}` }
        await table.insert([{ ...key, endsAt: new Date(endsAtMs) }])
      }
  return table
}

describe('stray index rows', () => {
  it('go once their slot is over, those of people and of Entra sessions alike, and no other row is read', async () => {
    const table = await tableWith(START_MS, START_MS - 3 * INDEX_SLOT_MS, SLOT_END_MS)
    table.calls.clear()
    await removeStrayIndexes(table, SLOT_END_MS + 36 * HOUR_MS, never)

    expect(table.rows()).toHaveLength(2 * 150)
    expect(new Set(table.rows().map((row) => 'endsAt' in row && Number(row.endsAt)))).toEqual(
      new Set([SLOT_END_MS]),
    )
    expect([...table.calls.keys()].sort()).toEqual(['pages', 'remove'])
  })

  it.each([
    ['in the slot of today', START_MS],
    ['when the slot ends', SLOT_END_MS],
    ['while the clock of another instance may still be in the slot', SLOT_END_MS + 12 * HOUR_MS - 1],
  ])('are none %s', async (_when, nowMs) => {
    const table = await tableWith(START_MS)
    await removeStrayIndexes(table, nowMs, never)

    expect(table.rows()).toHaveLength(2 * 150)
  })
})
