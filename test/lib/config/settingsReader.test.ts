import { describe, expect, it } from 'vitest'
import { createSettingsReader, isGuid } from '../../../lib/config/settingsReader.ts'

const reader = (env: Readonly<Record<string, string | undefined>>, defaults = {}) =>
  createSettingsReader(env, defaults)

describe('isGuid', () => {
  it.each([
    ['aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee', true],
    ['00000000-0000-0000-0000-000000000000', true],
    ['AAAAAAAA-BBBB-4CCC-8DDD-EEEEEEEEEEEE', false],
    ['{aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee}', false],
    ['aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee\n', false],
    ['aaaaaaaabbbb4ccc8dddeeeeeeeeeeee', false],
    ['gggggggg-bbbb-4ccc-8ddd-eeeeeeeeeeee', false],
    ['', false],
  ])('of %j is %s', (text, expected) => {
    expect(isGuid(text)).toBe(expected)
  })
})

describe('a settings reader', () => {
  it('prefers what is set to the default, and the default to nothing', () => {
    const read = reader({ SET: 'mine', BLANK: '  ' }, { SET: 'default', BLANK: 'default' })

    expect([read.text('SET'), read.text('BLANK')]).toEqual(['mine', 'default'])
    expect(read.faults()).toEqual([])
  })

  it('reports a setting once, however often it is read', () => {
    const read = reader({ ID: 'not a guid' })
    read.guid('ID')
    read.optionalGuid('ID')

    expect(read.faults()).toEqual(['ID must be a GUID'])
  })

  it('tells an absent optional GUID from a wrong one', () => {
    const read = reader({})

    expect(read.optionalGuid('ID')).toBeUndefined()
    expect(read.guids('IDS')).toEqual([])
    expect(read.faults()).toEqual([])
  })

  it('splits words at any white space, and GUIDs at commas too', () => {
    const guid = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'
    const read = reader({ WORDS: ' a \t b\nc ', IDS: `${guid},, ${guid} ,` })

    expect(read.words('WORDS')).toEqual(['a', 'b', 'c'])
    expect(read.guids('IDS')).toEqual([guid, guid])
  })

  it('gives a usable value beside each fault, so that reading goes on', () => {
    const read = reader({ ORIGIN: 'nonsense', NUMBER: 'x', KIND: 'x' })

    expect(read.origin('ORIGIN')).toBe('')
    expect(read.oneOf('KIND', ['a', 'b'])).toBe('a')
    read.integer('NUMBER', 1, 2)
    expect(read.faults()).toEqual([
      'ORIGIN must be an https URL',
      'KIND must be one of a, b',
      'NUMBER must be a whole number from 1 to 2',
    ])
  })

  it('takes true and false in any case, nothing for false, and no other word for either', () => {
    const read = reader({ A: 'true', B: ' TRUE ', C: 'False', D: '', E: '1', F: 'yes' })

    expect(['A', 'B', 'C', 'D', 'MISSING'].map((name) => read.flag(name))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
    expect(read.faults()).toEqual([])
    read.flag('E')
    read.flag('F')
    expect(read.faults()).toEqual(['E must be true or false', 'F must be true or false'])
    expect(read.normalForms()).toMatchObject({ A: 'true', B: 'true', C: 'false', D: '' })
  })

  it('takes no value that is no text, from whoever writes no types', () => {
    const read = reader({ ID: 7 as unknown as string })

    expect(read.guid('ID')).toBe('')
    expect(read.faults()).toEqual(['ID must be a text'])
  })

  it('normalises host and port as browsers do, so that origins compare', () => {
    const read = reader({ ORIGIN: 'HTTPS://App.Example:443/' })

    expect(read.origin('ORIGIN')).toBe('https://app.example')
  })
})
