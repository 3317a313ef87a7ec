import { describe, expect, it } from 'vitest'
import { dueRange, dueRow, nextLook, SHARDS } from '../../../lib/session/due.ts'
import { START_MS } from '../../support/heldEffects.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const idle = { idleMs: HOUR_MS }

describe('a due row', () => {
  it('lies under the end of the quarter of an hour that it is due in', () => {
    const at = (ms: number) => dueRow('AA', 'session', ms).partitionKey

    expect(at(START_MS)).toBe('due-2-2026-01-15T12:15')
    expect(at(START_MS + 15 * MINUTE_MS - 1)).toBe('due-2-2026-01-15T12:15')
    expect(at(START_MS + 15 * MINUTE_MS)).toBe('due-2-2026-01-15T12:30')
    expect(dueRow('AA', 'session', START_MS)).toMatchObject({ rowKey: 'AA', sessionId: 'session' })
  })

  it('is found once that quarter is over, in its own shard, and never before', () => {
    const isFound = (dueMs: number, shard: number, nowMs: number): boolean => {
      const { partitionKey } = dueRow('AA', 'session', dueMs)
      const { from, before } = dueRange(shard, nowMs)
      return from <= partitionKey && partitionKey < before
    }

    expect(isFound(START_MS, 2, START_MS + 15 * MINUTE_MS - 1)).toBe(false)
    expect(isFound(START_MS, 2, START_MS + 15 * MINUTE_MS)).toBe(true)
    expect(isFound(START_MS - 400 * 24 * HOUR_MS, 2, START_MS)).toBe(true)
    for (let shard = 0; shard < SHARDS; shard += 1)
      expect(isFound(START_MS, shard, START_MS + HOUR_MS)).toBe(shard === 2)
  })

  it('is in one of sixteen shards, by its marker', () => {
    const first = [...'ABCDEFGHIJKLMNOP'].map((one) => dueRow(`${one}A`, 's', START_MS).partitionKey)
    const second = [...'ABCDEFGHIJKLMNOP'].map((one) => dueRow(`A${one}`, 's', START_MS).partitionKey)

    expect(new Set(first).size).toBe(SHARDS)
    expect(new Set(second).size).toBe(SHARDS)
    expect(SHARDS).toBe(16)
  })
})

describe('the next look at a session that is still in use', () => {
  const look = (createdAtMs: number, usedAtMs: number, endsAtMs: number) =>
    nextLook({ createdAtMs, usedAtMs, endsAtMs }, idle, START_MS)

  it('comes when it will have ended if nobody uses it again', () => {
    expect(look(START_MS - 10 * MINUTE_MS, START_MS - MINUTE_MS, START_MS + 8 * HOUR_MS)).toBe(
      START_MS + 59 * MINUTE_MS,
    )
  })

  it('comes no sooner than when it is twice as old', () => {
    expect(look(START_MS - 3 * HOUR_MS, START_MS - MINUTE_MS, START_MS + 8 * HOUR_MS)).toBe(
      START_MS + 3 * HOUR_MS,
    )
  })

  it('comes at its absolute end at the latest', () => {
    expect(look(START_MS - 7 * HOUR_MS, START_MS, START_MS + HOUR_MS / 2)).toBe(START_MS + HOUR_MS / 2)
  })
})
