/** The benchmarks run, count what they claim to count, and time nothing that a test would judge. */
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { openBenchDesk } from '../bench/benchDesk.ts'
import { measure } from '../bench/measure.ts'
import { shown, withoutNoise } from '../bench/rounding.ts'
import { runAll } from '../bench/runAll.ts'
import { measureSweep } from '../bench/sweep.ts'

const bench = await openBenchDesk()
afterAll(() => bench.close())

test('every way does its work on the same desk, and only the naive one has the vault sign each time', async () => {
  const lines: string[] = []
  const results = await runAll(bench, { rounds: 1, operations: 2 }, (line) => lines.push(line))

  expect(Object.keys(results)).toEqual([
    'Redeem a code',
    'Get a token that is held',
    'Judge a caller’s token',
    'Judge a request of a session',
  ])
  for (const measured of Object.values(results)) {
    expect(measured[0]?.ratio).toEqual({ median: 1, low: 1, high: 1 })
    for (const { name, msPerOperation, ratio, signaturesPer100 } of measured) {
      expect(msPerOperation.median, name).toBeGreaterThan(0)
      expect(ratio.median, name).toBeGreaterThan(0)
      expect([name, signaturesPer100]).toEqual([name, name.includes('signing each time') ? 100 : 0])
      expect(lines.filter((line) => line.startsWith(name)).length, name).toBeGreaterThan(0)
    }
  }
})

test('the sweep of what ended is counted by itself, beside rows that cost it nothing', async () => {
  const { busy, idle } = await measureSweep({ ended: 200, liveRows: 500, latencyMs: 0 })

  expect([busy.ended, busy.rowsBefore, busy.rowsAfter]).toEqual([200, 1_500, 500])
  expect(busy.roundTrips).toMatchObject({ read: 200 })
  expect(idle).toMatchObject({ ended: 0, rowsBefore: 500, rowsAfter: 500, roundTrips: { pages: 18 } })
})

describe('measuring', () => {
  /** Operations that take as long as told, one after the other. */
  function held(durations: Readonly<Record<string, number[]>>) {
    let nowMs = 0
    let signed = 0
    const order: string[] = []
    const subjects = Object.entries(durations).map(([name, each]) => ({
      name,
      async operate() {
        order.push(name)
        nowMs += each.shift() ?? expect.fail('more operations than told')
        if (name === 'signer') signed += 1
      },
    }))
    return { subjects, order, meters: { clock: () => nowMs, signatures: () => signed } }
  }

  test('takes the median of the rounds, without the first, and compares with the first way', async () => {
    const { subjects, order, meters } = held({ ours: [900, 10, 30, 20], theirs: [1, 40, 80, 60] })
    const measured = await measure(subjects, { rounds: 3, operations: 1 }, meters)

    expect(measured).toEqual([
      {
        name: 'ours',
        msPerOperation: { median: 20, low: 15, high: 25 },
        ratio: { median: 1, low: 1, high: 1 },
        signaturesPer100: 0,
      },
      {
        name: 'theirs',
        msPerOperation: { median: 60, low: 50, high: 70 },
        ratio: { median: 3, low: (8 / 3 + 3) / 2, high: 3.5 },
        signaturesPer100: 0,
      },
    ])
    expect(order).toEqual(['ours', 'theirs', 'ours', 'theirs', 'ours', 'theirs', 'ours', 'theirs'])
  })

  test('counts signatures of the rounds that count, per hundred operations', async () => {
    const { subjects, meters } = held({ ours: Array(9).fill(1), signer: Array(9).fill(4) })
    const measured = await measure(subjects, { rounds: 2, operations: 3 }, meters)
    expect(measured.map(({ ratio, signaturesPer100 }) => [ratio.median, signaturesPer100])).toEqual([
      [1, 0],
      [4, 100],
    ])
  })

  test('an even number of rounds has its median between the middle two', async () => {
    const { subjects, meters } = held({ ours: [5, 10, 20] })
    expect(await measure(subjects, { rounds: 2, operations: 1 }, meters)).toMatchObject([
      { msPerOperation: { median: 15 } },
    ])
  })
})

describe('a figure', () => {
  test.each([
    [1.0132, 0.95, 1.07, '1.0'],
    [1.0132, 1.012, 1.0145, '1.01'],
    [282.83, 190, 420, '300'],
    [7728.57, 7000, 8600, '8000'],
    [0.8312, 0.829, 0.834, '0.831'],
    [0.8312, 0.75, 0.93, '0.8'],
    [0.0123456, 0.0123455, 0.0123457, '0.0123'],
    [2, 2, 2, '2.00'],
    [3, 0.5, 40, '3'],
  ])('of %d, of which half the rounds lie between %d and %d, is printed as %s', (median, low, high, text) => {
    expect(withoutNoise(median, { median, low, high })).toBe(text)
  })

  test('is shown with the half of the rounds around it, in the same digits', () => {
    expect(shown({ median: 1.234, low: 1.11, high: 1.39 })).toBe('1.2 (1.1 to 1.4)')
  })

  test('of the page has no digit more than its own range allows', () => {
    const page = readFileSync(new URL('../docs/benchmarks.md', import.meta.url), 'utf8')
    const rows = [...page.matchAll(/^\| [^|]+ \| ([\d.]+) \(([\d.]+) to ([\d.]+)\) \|/gm)]
    expect(rows.length).toBeGreaterThan(5)
    for (const [row, median = '', low, high] of rows) {
      const spread = { median: Number(median), low: Number(low), high: Number(high) }
      // Both ends are rounded themselves: half a unit each way.
      expect(median.length, row).toBeLessThanOrEqual(withoutNoise(spread.median, spread).length + 1)
    }
  })
})

test('docs/benchmarks.md shows the single functions that are measured, under the same names', async () => {
  const whole = readFileSync(new URL('../docs/benchmarks.md', import.meta.url), 'utf8')
  const page = whole.split('\n## Single functions\n')[1] ?? ''
  const results = await runAll(bench, { rounds: 1, operations: 1 }, () => undefined)
  const names = Object.values(results).flatMap((measured) => measured.map(({ name }) => name))
  const rows = [...page.matchAll(/^\| ([^|]+?) \| 1 \||^\| ([^|]+?) \| [\d.]+ \(/gm)].map(
    ([, first, other]) => first ?? other,
  )
  expect(rows).toEqual(names)
})
