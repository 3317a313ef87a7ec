import { expect, it } from 'vitest'
import { createLogLines } from '../../../lib/base/logLines.ts'

function open() {
  const written: [level: string, text: string][] = []
  const waits: { ms: number; flush: () => void }[] = []
  const log = createLogLines({
    write: (level, text) => void written.push([level, text]),
    later: (ms, flush) => void waits.push({ ms, flush }),
  })
  return { log, written, waits }
}

it('lines that are no news of trouble are written together, a moment after the first of them', () => {
  const { log, written, waits } = open()
  log('info', 'one', { n: 1 })
  log('info', 'two')
  expect([written, waits.map(({ ms }) => ms)]).toEqual([[], [20]])

  waits[0]?.flush()
  expect(written).toEqual([['info', '{"event":"one","n":1}\n{"event":"two"}\n']])
  log('info', 'three')
  expect(waits).toHaveLength(2)
})

it.each(['warn', 'error'] as const)(
  'a line of level %s is written at once, behind those that waited',
  (level) => {
    const { log, written, waits } = open()
    log('info', 'before')
    log(level, 'trouble', { code: 'x' })

    const lines = [
      ['info', '{"event":"before"}\n'],
      [level, '{"event":"trouble","code":"x"}\n'],
    ]
    expect(written).toEqual(lines)
    waits[0]?.flush()
    expect(written, 'and nothing is written twice').toEqual(lines)
  },
)

it('many lines do not pile up while they wait', () => {
  const { log, written } = open()
  for (let i = 0; i < 1_000; i += 1) log('info', 'line', { text: 'x'.repeat(50) })

  expect(written.length).toBeGreaterThan(3)
  expect(Math.max(...written.map(([, text]) => text.length))).toBeLessThan(20_000)
})
