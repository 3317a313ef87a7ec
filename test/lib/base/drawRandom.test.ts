import { expect, it } from 'vitest'
import { drawRandom } from '../../../lib/base/drawRandom.ts'

/** A source that never repeats itself within a test, and what was asked of it. */
function open() {
  const asked: number[] = []
  const given: Uint8Array[] = []
  let next = 0
  const random = drawRandom((bytes) => {
    asked.push(bytes)
    const drawn = new Uint8Array(new Uint32Array(Math.ceil(bytes / 4)).map(() => ++next).buffer, 0, bytes)
    given.push(drawn)
    return drawn
  })
  return { asked, given, random }
}

it('a secret is drawn when it is asked for, and not before', () => {
  const { asked, random } = open()
  random(16)
  for (const bytes of [32, 33, 64]) expect(random(bytes)).toHaveLength(bytes)

  expect(asked).toEqual([4_096, 32, 33, 64])
})

it('what is no secret is drawn together, and each byte is given out once', () => {
  const { asked, random } = open()
  const all = Array.from({ length: 1_000 }, (_, i) => random([9, 12, 16, 31][i % 4] ?? 0))
  const words = all.map((bytes) => Buffer.from(bytes).toString('hex'))

  expect(new Set(words).size).toBe(words.length)
  expect(all.map(({ length }) => length).slice(0, 4)).toEqual([9, 12, 16, 31])
  // Seventeen thousand bytes, and what was left over each time.
  expect(asked).toEqual([4_096, 4_096, 4_096, 4_096, 4_096])
})

it('what was given out is nobody else’s: to change it changes nothing that comes after', () => {
  const source = new Uint8Array(4_096).fill(7)
  const seen: Uint8Array[] = []
  const random = drawRandom((bytes) => {
    const drawn = source.slice(0, bytes)
    seen.push(drawn)
    return drawn
  })
  const first = random(16)
  first.fill(1)

  expect([...random(16)]).toEqual(Array(16).fill(7))
  expect(random(31)).not.toBe(random(31))
})
