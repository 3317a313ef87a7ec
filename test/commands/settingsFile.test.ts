import { describe, expect, it } from 'vitest'
import { parseSettingsFile } from '../../commands/settingsFile.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (text: string): unknown => parseSettingsFile(utf8(text))

describe('a file of settings', () => {
  it.each([
    ['plain', 'A=1\nB=two words\n'],
    ['with Windows line ends', 'A=1\r\nB=two words\r\n'],
    ['with old Mac line ends', 'A=1\rB=two words'],
    ['of a POSIX shell', 'export A=1\nexport B="two words"\n'],
    ['of a POSIX shell in single quotes', "A='1'\nB='two words'"],
    ['of PowerShell', '$env:A = "1"\n$env:B = \'two words\'\n'],
    ['of PowerShell, in its own case', '$Env:A="1"\n$ENV:B="two words"'],
    ['of cmd', 'set A=1\r\nset "B=two words"\r\n'],
    ['of azd', 'A="1"\nB="two words"\n'],
    ['with blanks around', '  A = 1  \n\tB\t=\ttwo words\t\n'],
    ['with comments', '# a\n; b\n:: c\nrem d\nA=1 # one\nB="two words" # two\n\n'],
    ['said twice', 'A=0\nA=1\nB=two words'],
  ])('is read %s', (_what, text) => {
    expect(read(text)).toEqual({ A: '1', B: 'two words' })
  })

  it.each([
    ['UTF-8', Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8('A=ä'))],
    ['UTF-16, as PowerShell redirects', new Uint8Array(Buffer.from('\ufeffA=ä\r\n', 'utf16le'))],
    ['UTF-16, the other way round', new Uint8Array(Buffer.from('\ufeffA=ä\r\n', 'utf16le').swap16())],
  ])('is read with the mark of %s', (_what, bytes) => {
    expect(parseSettingsFile(bytes)).toEqual({ A: 'ä' })
  })

  it.each([
    [
      'JSON in azd’s quotes',
      String.raw`A="{\"orders\": {\"url\": \"https://orders.example\"}}"`,
      '{"orders": {"url": "https://orders.example"}}',
    ],
    ['JSON in single quotes', `A='{"a": "b"}'`, '{"a": "b"}'],
    ['JSON without quotes', 'A={"a": "b"}', '{"a": "b"}'],
    ['a quote in single quotes, as PowerShell doubles it', "A='it''s'", "it's"],
    ['a quote that PowerShell escapes', 'A="say `"yes`""', 'say "yes"'],
    ['a backslash', String.raw`A="a\\b"`, String.raw`a\b`],
    ['a number sign inside', 'A=https://app.example/#a', 'https://app.example/#a'],
    ['an equals sign inside', 'A=a=b', 'a=b'],
    ['nothing', 'A=', ''],
    ['nothing in quotes', 'A=""', ''],
  ])('gives %s as it was meant', (_what, text, value) => {
    expect(read(text)).toEqual({ A: value })
  })

  it.each([
    ['A=1\nhello', 2],
    ['1A=2', 1],
    ['=secret', 1],
    ['A B=secret', 1],
  ])('is refused where a line is no setting, by its number and without a word of it: %j', (text, line) => {
    expect(() => read(text)).toThrow(new RegExp(`^Line ${line} is no setting`))
    expect(() => read(text)).not.toThrow(/secret|hello/)
  })

  it('takes no name for more than a name', () => {
    expect(Object.keys(parseSettingsFile(utf8('__proto__=1\nconstructor=2')))).toEqual([
      '__proto__',
      'constructor',
    ])
  })
})
