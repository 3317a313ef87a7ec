import { describe, expect, it } from 'vitest'
import { unseenCharacterIn, withoutOuterSpace, wordsIn } from '../../../lib/config/settingText.ts'

/** What copying out of web pages, mails and documents brings along. */
const UNSEEN: readonly (readonly [what: string, character: string])[] = [
  ['a no-break space', '\u00a0'],
  ['a byte order mark', '\ufeff'],
  ['a zero-width space', '\u200b'],
  ['a zero-width joiner', '\u200d'],
  ['a word joiner', '\u2060'],
  ['a soft hyphen', '\u00ad'],
  ['an en quad', '\u2000'],
  ['an ideographic space', '\u3000'],
  ['a line separator', '\u2028'],
  ['a left-to-right mark', '\u200e'],
  ['a right-to-left override', '\u202e'],
  ['a Mongolian vowel separator', '\u180e'],
  ['a Hangul filler', '\u3164'],
  ['a variation selector', '\ufe0f'],
  ['a tag character', '\u{e0041}'],
  ['a vertical tab', '\v'],
  ['a form feed', '\f'],
  ['a next line', '\u0085'],
  ['a null', '\0'],
  ['a delete', '\x7f'],
  ['half a character', '\ud800'],
]

describe('a character that nobody sees', () => {
  it.each(UNSEEN)('%s is found wherever it stands, and named by its number', (_what, character) => {
    const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    for (const text of [character, `a${character}`, `${character}a`, `a${character}b`])
      expect(unseenCharacterIn(text)).toContain(`(U+${number})`)
  })

  it('is none of those that a keyboard makes, and no letter of any script', () => {
    for (const text of [
      '',
      ' \t\r\n',
      'https://app.example',
      'bücher.example',
      '例え.example',
      '６０',
      '{"a": ["b"]}',
    ])
      expect(unseenCharacterIn(text)).toBeUndefined()
  })
})

describe('the white space around a value', () => {
  it('goes, as far as a keyboard makes it', () => {
    expect(withoutOuterSpace(' \t a b \r\n')).toBe('a b')
  })

  it.each(UNSEEN)('stays where it is %s, so that it can be refused', (_what, character) => {
    expect(withoutOuterSpace(`${character}a${character}`)).toBe(`${character}a${character}`)
  })
})

describe('a list', () => {
  it('is separated by white space, and by what is named besides', () => {
    expect(wordsIn(' a\tb\r\n c ')).toEqual(['a', 'b', 'c'])
    expect(wordsIn('a,b, c ,,d\ne', ',')).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(wordsIn('a,b')).toEqual(['a,b'])
    expect(wordsIn(' , ', ',')).toEqual([])
  })
})
