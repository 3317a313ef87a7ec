import { describe, expect, it } from 'vitest'
import { parseRotate } from '../../../commands/rotate/parseRotate.ts'
import { UsageFault } from '../../../commands/usageFault.ts'

const VERSION = '0123456789abcdef0123456789ABCDEF'

describe('npm run rotate', () => {
  it.each([
    [[], { deed: { kind: 'run' }, onDesk: false }],
    [['--now'], { deed: { kind: 'now' }, onDesk: false }],
    [['--status', '--desk'], { deed: { kind: 'status' }, onDesk: true }],
    [
      ['--revoke', VERSION, '--settings', 'signet.env'],
      { deed: { kind: 'revoke', version: VERSION.toLowerCase() }, onDesk: false, settings: 'signet.env' },
    ],
    [['--client', 'ABC'], { deed: { kind: 'run' }, onDesk: false, clientId: 'abc' }],
    [['--help'], { onDesk: false }],
    [['-h', '--now'], { onDesk: false }],
  ])('%j asks for %j', (argv, command) => {
    expect(parseRotate(argv)).toEqual(command)
  })

  it.each([
    [['--now', '--status'], 'at a time'],
    [['--now', '--revoke', VERSION], 'at a time'],
    [['--revoke', VERSION, '--status'], 'at a time'],
    [['--revoke'], '--revoke'],
    [['--revoke', ''], '32 hexadecimal digits'],
    [['--revoke', VERSION.slice(1)], '32 hexadecimal digits'],
    [['--revoke', `signet-signing/${VERSION}`], '32 hexadecimal digits'],
    [['--desk', '--settings', 'signet.env'], 'leave --settings away'],
    [['--revok', VERSION], '--revok'],
    [['--now=1'], '--now'],
    [['now'], 'now'],
  ])('%j is answered with a sentence that says %j', (argv, said) => {
    expect(() => parseRotate(argv)).toThrow(UsageFault)
    expect(() => parseRotate(argv)).toThrow(said)
  })
})
