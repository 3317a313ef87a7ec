import { describe, expect, it } from 'vitest'
import { readTokenOptions } from '../../../commands/token/options.ts'

describe('npm run token', () => {
  it.each([
    [['--desk'], { as: 'Ada', bySecret: false, scope: undefined }],
    [['--desk', '--as', 'Bo', '--scope', 'api://x/y'], { as: 'Bo', bySecret: false, scope: 'api://x/y' }],
    [['--desk', '--app'], { as: undefined, bySecret: false, scope: undefined }],
    [['--desk', '--secret'], { as: 'Ada', bySecret: true, scope: undefined }],
    [['--desk', '--app', '--secret'], { as: undefined, bySecret: true, scope: undefined }],
    [['--help'], 'help'],
  ])('%j asks for %j', (argv, expected) => {
    expect(readTokenOptions(argv)).toEqual(expected)
  })

  it.each([
    [[], 'Say --desk'],
    [['--as', 'Ada'], 'Say --desk'],
    [['--desk', '--app', '--as', 'Ada'], 'leave out --as'],
    [['--desk', '--who'], '--who'],
    [['--desk', 'Ada'], 'Ada'],
  ])('%j is answered with a sentence that says %j', (argv, expected) => {
    expect(readTokenOptions(argv)).toEqual(expect.stringContaining(expected))
  })
})
