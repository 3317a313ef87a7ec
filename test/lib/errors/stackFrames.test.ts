import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stackFrames } from '../../../lib/errors/stackFrames.ts'

/** An error with a stack as V8 writes it. */
function errorWith(message: string, frames: readonly string[], name = 'TypeError'): Error {
  const error = new TypeError(message)
  error.stack = [`${name}: ${message}`, ...frames.map((frame) => `    at ${frame}`)].join('\n')
  return error
}

const FRAME = 'complete (/home/site/wwwroot/dist/app.cjs:12:3456)'

describe('the frames of a stack', () => {
  it('lead to the line that threw, through the files of the product', () => {
    const [first] = stackFrames(new RangeError('text of it'))

    expect(first).toMatch(/:\d+:\d+( \S+)?$/)
    expect(first).toMatch(/^lib\/errors\/stackFrames\.test\.ts:/)
  })

  it.each([
    [FRAME, 'dist/app.cjs:12:3456 complete'],
    ['async complete (C:\\home\\site\\wwwroot\\dist\\app.cjs:1:2)', 'dist/app.cjs:1:2 async complete'],
    ['async file:///work/signet/lib/http/routes/callback.ts:7:9', 'lib/http/routes/callback.ts:7:9'],
    ['/work/lib/signet/lib/http/boundary.ts:7:9', 'lib/http/boundary.ts:7:9'],
    [
      'new Client (/x/lib/y/node_modules/@azure/data-tables/dist/commonjs/TableClient.js:1:2)',
      'node_modules/@azure/data-tables/dist/commonjs/TableClient.js:1:2 new Client',
    ],
    ['Object.<anonymous> (/home/ada/secret project/main.js:1:2)', 'main.js:1:2 Object.<anonymous>'],
    ['Map.set [as put] (node:internal/x/y:1:2)', 'node:internal/x/y:1:2 Map.set [as put]'],
    ['data:text/javascript,ada@contoso.com:1:2', '?:1:2'],
    ['eval (eval at f (/home/ada/x.js:1:2), <anonymous>:3:4)', '?:3:4'],
    ['a name with words (/home/ada/x.js:1:2)', 'x.js:1:2'],
    ['Array.map (<anonymous>)', undefined],
  ])('%s is told as %s', (frame, told) => {
    expect(stackFrames(errorWith('m', [frame]))).toEqual(told === undefined ? [] : [told])
  })

  it('are ten at most', () => {
    expect(stackFrames(errorWith('m', Array(30).fill(FRAME)))).toHaveLength(10)
  })

  it('hold nothing of the message, not even where it looks like a frame', () => {
    const frames = ['dist/app.cjs:12:3456 complete']

    for (const message of [
      'token\n    at aSecret (/dist/app.cjs:1:1)',
      '    at aSecret (/dist/app.cjs:1:1)',
      `${FRAME}\n    at ${FRAME}\n    at aSecret (x:1:1)`,
      '',
      '\n',
    ])
      expect(stackFrames(errorWith(message, [FRAME]))).toEqual(frames)
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (message) => {
        expect(stackFrames(errorWith(message, [FRAME]))).toEqual(frames)
      }),
    )
  })

  it('are not looked for where the message is not in its stack, for then nothing tells the one from the other', () => {
    const renamed = errorWith('secret\n    at aSecret (/dist/app.cjs:1:1)', [FRAME])
    renamed.message = 'something else'

    expect(stackFrames(renamed)).toEqual([])
  })

  it.each<[what: string, stack: unknown]>([
    ['no stack', undefined],
    ['a stack that is no text', Buffer.from('x')],
    ['a stack that is its message', 'm'],
  ])('are none for an error with %s', (_what, stack) => {
    expect(stackFrames(Object.assign(new Error('m'), { stack }))).toEqual([])
  })

  it('are none for an error that throws when it is read', () => {
    const hostile = new Error('m')
    Object.defineProperty(hostile, 'stack', {
      get() {
        throw new Error('n')
      },
    })

    expect(stackFrames(hostile)).toEqual([])
  })
})
