import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSettingsFile } from '../../../lib/config/settingsFile.ts'

const read = (text: string) => readSettingsFile(Buffer.from(text))
const JSON_TEXT = '{"orders": {"url": "https://orders.example", "scope": "api://orders/.default"}}'

describe('a line of a settings file', () => {
  it.each<[writer: string, line: string, value: string]>([
    ['a person', 'NAME=value', 'value'],
    ['a person', '  NAME = value  ', 'value'],
    ['a person', 'NAME=value # why', 'value'],
    ['a person', 'NAME=a#b', 'a#b'],
    ['a person', 'NAME=https://app.example/?a=b', 'https://app.example/?a=b'],
    ['a person', 'NAME=""', ''],
    ['a person', 'NAME=', ''],
    ['a person', "NAME='a b' # why", 'a b'],
    ['a person', `NAME='{\n  "orders": {}\n}'`, '{\n  "orders": {}\n}'],
    ['azd', `NAME=${JSON.stringify(JSON_TEXT)}`, JSON_TEXT],
    ['azd', 'NAME="a\\nb\\\\c\\"d\\$e\\!f\\`g"', 'a\nb\\c"d$e!f`g'],
    ['azd', 'NAME=5', '5'],
    ['az … --output tsv', `NAME=${JSON_TEXT}`, JSON_TEXT],
    ['az … --output tsv', 'NAME={"a": "b #c"}', '{"a": "b #c"}'],
    ['env', 'NAME=openid profile', 'openid profile'],
    ['sh', 'export NAME=value', 'value'],
    ['sh', 'export NAME="a b"', 'a b'],
    ['sh', 'export NAME=value;', 'value'],
    ['sh', 'export OTHER=1 NAME="a b" THIRD=x # why', 'a b'],
    ['sh', "export NAME='it'\\''s'", "it's"],
    ['sh', 'export NAME=a\\ b', 'a b'],
    ['sh', 'export NAME=a"b"\'c\'', 'abc'],
    ['bash', 'declare -x NAME="value"', 'value'],
    ['bash', "NAME=$'a\\tb\\'c'", "a\tb'c"],
    ['zsh', 'typeset -x NAME=value', 'value'],
    ['fish', 'set -gx NAME value', 'value'],
    ['fish', "set -x NAME 'a b'", 'a b'],
    ['csh', 'setenv NAME "a b"', 'a b'],
    ['PowerShell', '$env:NAME = "value"', 'value'],
    ['PowerShell', '$env:NAME="C:\\new"', 'C:\\new'],
    ['PowerShell', "$Env:name = 'it''s'", "it's"],
    ['PowerShell', '${env:NAME} = "a `"b`" ""c"" `$d"', 'a "b" "c" $d'],
    ['PowerShell', "$env:OTHER = '1'; $env:NAME = 'value'", 'value'],
    ['PowerShell', `$env:NAME = '${JSON_TEXT}'`, JSON_TEXT],
    ['PowerShell', '$env:NAME = value # why', 'value'],
    ['cmd', 'set NAME=value', 'value'],
    ['cmd', '@SET name=a b', 'a b'],
    ['cmd', 'set "NAME=a b"', 'a b'],
    ['cmd', 'set NAME="a b"', 'a b'],
    ['cmd', `set NAME=${JSON_TEXT}`, JSON_TEXT],
    ['cmd', `set "NAME=${JSON_TEXT}"`, JSON_TEXT],
  ])('as %s writes it: %s', (_writer, line, value) => {
    expect(read(`BEFORE=1\n${line}\nAFTER=1\n`)).toEqual({
      settings: expect.objectContaining({ BEFORE: '1', NAME: value, AFTER: '1' }),
      passedOver: [],
    })
  })

  it.each([
    '# NAME=value',
    'rem set NAME=value',
    'REM',
    '; NAME=value',
    ':: set NAME=value',
    '@echo off',
    'setlocal',
    'set -a',
    'set +a',
    'set -o allexport',
    'export NAME OTHER',
    '',
    '   ',
  ])('that is a comment or readies a shell sets nothing: %j', (line) => {
    expect(read(`${line}\n`)).toEqual({ settings: {}, passedOver: [] })
  })

  it.each([
    'NAME',
    'NAME: value',
    '"NAME"="value"',
    '=value',
    'PROGRAMFILES(X86)=C:\\x',
    'NAME="a" b',
    'NAME="unfinished',
    "NAME='unfinished",
    'export NAME="$OTHER"',
    'export NAME=$(hostname)',
    'export NAME=`hostname`',
    'export NAME=a b',
    'export NAME=a && export OTHER=b',
    '$env:NAME = "$other"',
    '$env:NAME = $other',
    'set NAME=%OTHER%',
    'set /p NAME=',
    'NAME\u00a0=value',
    '\u200bNAME=value',
    'cd /srv',
  ])('that only a shell could read is passed over, by its number: %j', (line) => {
    expect(read(`BEFORE=1\n${line}\nAFTER="1"\n`)).toEqual({
      settings: { BEFORE: '1', AFTER: '1' },
      passedOver: [2],
    })
  })

  it('keeps what nobody sees in a value, for whoever reads the setting to refuse it', () => {
    expect(read('NAME=value\u00a0\nexport OTHER=\ufeffx\n').settings).toEqual({
      NAME: 'value\u00a0',
      OTHER: '\ufeffx',
    })
  })

  it('counts only if it is the last of its name, and takes no name for more than a name', () => {
    const { settings } = read('NAME=1\n__proto__=2\nconstructor=3\nNAME=4\n')
    expect(Object.entries(settings)).toEqual([
      ['NAME', '4'],
      ['__proto__', '2'],
      ['constructor', '3'],
    ])
  })
})

describe('a settings file', () => {
  const lines = ['NAME="a b"', 'OTHER=ü']
  const expected = { settings: { NAME: 'a b', OTHER: 'ü' }, passedOver: [] }

  it.each(['\n', '\r\n', '\r'])('has lines that end with %j', (end) => {
    for (const text of [lines.join(end), lines.join(end) + end]) expect(read(text)).toEqual(expected)
  })

  it('is in the encoding that redirecting into a file gives it', () => {
    const text = lines.join('\r\n')
    const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')
    expect(readSettingsFile(utf16)).toEqual(expected)
    expect(readSettingsFile(Buffer.from(utf16).swap16())).toEqual(expected)
    expect(read(`\ufeff${text}`)).toEqual(expected)
    expect(read('')).toEqual({ settings: {}, passedOver: [] })
  })

  it.each([
    ['in the old encoding of Windows', Buffer.from('NAME=\xfc', 'latin1')],
    ['in UTF-16 that does not say so', Buffer.from('NAME=x', 'utf16le')],
    ['cut in the middle of a character', Buffer.from('\ufeffNAME=x', 'utf16le').subarray(0, -1)],
    ['a zip', Buffer.from('504b03040a00000000', 'hex')],
  ])('is refused %s, instead of read as something else', (_what, bytes) => {
    expect(() => readSettingsFile(bytes)).toThrow(/config\/invalid: is no text in UTF-8, nor in UTF-16/)
  })

  it('of `env` and `export -p` gives what a shell has, whatever is in it', () => {
    const nasty = { A: 'it\'s "x"', B: '$HOME `id` !', C: 'a\\b', D: ' lead', E: '{"a": ["b"]}', F: '' }
    const exported = execFileSync('sh', ['-c', 'export -p'], { env: nasty, encoding: 'utf8' })
    expect(read(exported).settings).toMatchObject(nasty)
    const { A, B, C, E, F } = nasty
    const dumped = execFileSync('env', { env: nasty, encoding: 'utf8' })
    expect(read(dumped).settings).toMatchObject({ A, B, C, E, F })
  })

  it('gives back every value that azd wrote', () => {
    // As godotenv escapes it, which azd writes with.
    const quoted = (value: string): string =>
      `"${value
        .replace(/["\\$`!]/g, '\\$&')
        .replaceAll('\n', '\\n')
        .replaceAll('\r', '\\r')}"`
    const value = fc.string({ unit: fc.constantFrom(...'ab"\'\\$`!#=; {}[]\n\r\tü'.split('')) })
    fc.assert(
      fc.property(value, (text) => {
        expect(read(`NAME=${quoted(text)}\nLAST=1\n`)).toEqual({
          settings: { NAME: text, LAST: '1' },
          passedOver: [],
        })
      }),
    )
  })

  it('throws at nothing, and takes no time over anything', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(...'$env:SETexport NAME="\'`\\;#\n={} -x'.split('')),
          maxLength: 80,
        }),
        (text) => {
          expect(read(text).settings).toBeTypeOf('object')
        },
      ),
      { numRuns: 2_000 },
    )
    for (const start of ['NAME="', "export NAME='", '$env:NAME="', 'NAME='])
      read(start.padEnd(200_000, '\\"`\' a'))
  })
})
