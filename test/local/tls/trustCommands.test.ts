import { describe, expect, it } from 'vitest'
import { TRUST_COMMANDS, trustLines } from '../../../local/tls/trustCommands.ts'

const names = (platform: string, family?: 'Debian, Ubuntu' | 'Fedora') =>
  trustLines('a.pem', { platform, family }).map((line) => line.trim().split(/ {2,}/)[0])

describe('what has a machine trust a desk', () => {
  it('is one line where the system decides for every browser, and on Linux also one for each browser', () => {
    expect(names('win32')).toEqual(['Windows'])
    expect(names('darwin')).toEqual(['macOS'])
    expect(names('linux', 'Fedora')).toEqual(['Fedora', 'Chromium on Linux', 'Firefox on Linux'])
    expect(names('linux', 'Debian, Ubuntu')[0]).toBe('Debian, Ubuntu')
  })

  it('is every line where nobody can tell', () => {
    expect(names('linux')).toEqual(['Debian, Ubuntu', 'Fedora', 'Chromium on Linux', 'Firefox on Linux'])
    expect(names('freebsd')).toEqual([...TRUST_COMMANDS.keys()])
  })
})
