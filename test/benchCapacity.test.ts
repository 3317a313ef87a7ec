/** docs/capacity.md is what the simulation makes of the calls that are counted, and of the parameters; nobody wrote a figure of it by hand. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { callsFor, callsOfPage } from '../bench/capacity/callsOfPage.ts'
import { capacityTables } from '../bench/capacity/capacityTables.ts'
import { simulate, WALLS } from '../bench/capacity/load.ts'
import { HABITS, PRICES } from '../bench/capacity/parameters.ts'
import { type Kind, REQUESTS, workingDay } from '../bench/capacity/workingDay.ts'
import { partOf } from '../bench/intoPage.ts'
import type { Result } from '../bench/outside/result.ts'

const read = (path: string): string => readFileSync(path, 'utf8')
const CALLS = read('docs/calls.md')
const calls = callsOfPage(CALLS)
const noCpu = Object.fromEntries(Object.keys(REQUESTS).map((kind) => [kind, 0])) as Record<Kind, number>

test('docs/capacity.md has the tables that the simulation makes of docs/calls.md, the last result and the parameters', () => {
  const page = read('docs/capacity.md')
  const made = capacityTables(CALLS, JSON.parse(read('bench/result.json')) as Result)

  for (const [name, table] of Object.entries(made)) expect(partOf(page, name)).toBe(table)
})

describe('the calls of a request', () => {
  test('are those of docs/calls.md, a batch for one transaction', () => {
    expect(calls.get('`POST /auth/callback`')).toEqual({ tables: 4, token: 1, vault: 0, api: 0 })
    expect(calls.get('`GET /health/ready`')).toEqual({ tables: 2, token: 0, vault: 1, api: 0 })
    for (const request of Object.values(REQUESTS)) expect(callsFor(calls, request)).toBeDefined()
  })

  test('of a kind that nobody knows, or of a request that is not there, are a fault and no zero', () => {
    expect(() => callsOfPage('| `GET /x` | 1 cache: read |')).toThrow('does not know')
    expect(() => callsFor(calls, '`GET /x`')).toThrow('no request')
  })
})

describe('the day', () => {
  const day = workingDay(500)
  const sum = (kind: Kind): number => day.reduce((all, minute) => all + minute[kind], 0)

  test('is the same whenever it is drawn, and of each person as the habits say', () => {
    expect(workingDay(500)).toEqual(day)
    expect(sum('callback') / 500).toBeCloseTo(HABITS.signInsPerDay, 0)
    expect(sum('look') / 500 / HABITS.workingHours).toBeGreaterThan(HABITS.pagesPerHour * 0.95)
    expect(sum('call') + sum('firstCall')).toBe(sum('look') * HABITS.apiCallsPerPage)
    expect(sum('login')).toBe(sum('callback'))
  })

  test('of ten times the people asks ten times as much, and fills the same wall first', () => {
    const { loadOf } = simulate(calls, noCpu)
    const [few, many] = [loadOf(10_000), loadOf(100_000)]
    expect(many.tables / few.tables).toBeCloseTo(10)
    const fullest = [few, many].map(
      (load) => WALLS.toSorted((a, b) => b.used(load) / b.carries - a.used(load) / a.carries)[0]?.part,
    )
    expect(fullest[0]).toBe(fullest[1])
  })

  test('needs no signature of a person: the vault is asked by instances, every five minutes', () => {
    const load = simulate(calls, noCpu).loadOf(100_000)
    expect(load.signatures).toBe(load.instances / 30)
  })
})

test('every price has its source and its date', () => {
  for (const { source, asOf } of Object.values(PRICES)) {
    expect(source).toMatch(/^https:\/\/azure\.microsoft\.com\/pricing\//)
    expect(asOf).toMatch(/20\d\d/)
  }
})
