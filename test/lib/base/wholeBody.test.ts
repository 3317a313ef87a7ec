import { describe, expect, it } from 'vitest'
import { wholeBody } from '../../../lib/base/wholeBody.ts'

const LONGEST = 10
const tooLong = (): Error => new Error('too long')

/** An answer whose body comes in these pieces; `read` says how many were asked for. */
function answerOf(pieces: readonly string[], announced?: string, fault?: Error) {
  const seen = { read: 0 }
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) {
      seen.read += 1
      yield Buffer.from(piece)
    }
    if (fault !== undefined) throw fault
  }
  const headers = new Headers(announced === undefined ? {} : { 'content-length': announced })
  return { headers, body: body(), seen }
}
const textOf = async (...of: Parameters<typeof answerOf>): Promise<string> =>
  Buffer.from(await wholeBody(answerOf(...of), LONGEST, tooLong)).toString()

describe('the body of an answer', () => {
  it.each([
    ['of the length that was announced', '10'],
    ['longer than that, as when it came encoded', '4'],
    ['without one', undefined],
    ['with one that is no number', 'many'],
    ['with one below nothing', '-1'],
  ])('is whole, %s', async (_how, announced) => {
    expect(await textOf(['012', '', '3456', '789'], announced)).toBe('0123456789')
  })

  it('is no longer than it came, where more was announced', async () => {
    expect(await textOf(['012'], '9')).toBe('012')
  })

  it('is empty where there is none, whatever was announced', async () => {
    const headers = new Headers({ 'content-length': '99' })
    expect(await wholeBody({ headers, body: null }, LONGEST, tooLong)).toEqual(new Uint8Array())
  })

  it('that is announced as too long is not read', async () => {
    const answer = answerOf(['0'], '11')
    await expect(wholeBody(answer, LONGEST, tooLong)).rejects.toThrow('too long')
    expect(answer.seen.read).toBe(0)
  })

  it('that becomes too long is given up there', async () => {
    const answer = answerOf(['01234', '56789', '0', 'more'], '10')
    await expect(wholeBody(answer, LONGEST, tooLong)).rejects.toThrow('too long')
    expect(answer.seen.read).toBe(3)
  })

  it('that breaks off is refused with what broke it off', async () => {
    await expect(textOf(['012'], '10', new Error('reset'))).rejects.toThrow('reset')
  })
})
