import { describe, expect, it } from 'vitest'
import { readDeskOptions } from '../../../commands/desk/options.ts'

describe('npm run desk', () => {
  it.each([
    [[], undefined],
    [
      ['node', 'api.js', '--port', '1'],
      ['node', 'api.js', '--port', '1'],
    ],
    [['--help'], 'help'],
    [['-h'], 'help'],
  ])('%j asks for %j', (argv, expected) => {
    expect(readDeskOptions(argv)).toEqual(expected)
  })

  it('takes an option for no program, and says so', () => {
    expect(readDeskOptions(['--dekcs', 'node'])).toBe('--dekcs is no option: name a program, or nothing.')
  })

  it('leaves the options of a program to it', () => {
    expect(readDeskOptions(['node', '--help'])).toEqual(['node', '--help'])
  })
})
