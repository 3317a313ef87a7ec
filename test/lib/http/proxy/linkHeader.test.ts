import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLinks, writeLinks } from '../../../../lib/http/proxy/linkHeader.ts'

describe('a Link header', () => {
  it('is read by the grammar of RFC 8288', () => {
    const field =
      '<http://example.com/TheBook/chapter2>; rel="previous"; title = "previous chapter" ,</>;REL=x/y ;a'

    expect(parseLinks(field)).toEqual([
      {
        target: 'http://example.com/TheBook/chapter2',
        parameters: [
          { name: 'rel', value: 'previous' },
          { name: 'title', value: 'previous chapter' },
        ],
      },
      {
        target: '/',
        parameters: [
          { name: 'rel', value: 'x/y' },
          { name: 'a', value: undefined },
        ],
      },
    ])
  })

  it('is read without the blanks around a value that has no quotes, and with those in it', () => {
    expect(parseLinks('</a>; rel=next \t ;title=one two  , </b>;x=')).toEqual([
      {
        target: '/a',
        parameters: [
          { name: 'rel', value: 'next' },
          { name: 'title', value: 'one two' },
        ],
      },
      { target: '/b', parameters: [{ name: 'x', value: '' }] },
    ])
  })

  it('is written with quotes where a value needs them, and without where its grammar knows none', () => {
    const written = (name: string, value: string) =>
      writeLinks([{ target: '/', parameters: [{ name, value }] }])

    expect(written('title*', "UTF-8''a%20b")).toBe("</>; title*=UTF-8''a%20b")
    expect(written('title', 'a')).toBe('</>; title="a"')
    for (const value of ['a b', ' ab', 'ab ', ''])
      expect(written('title*', value)).toBe(`</>; title*="${value}"`)
  })

  it('is the same links again once it was written', () => {
    const visible = fc.string({ unit: fc.constantFrom(...'aB9 ,;<>="\\*/%\''), maxLength: 12 })
    const parameter = fc.record({
      name: fc.constantFrom('rel', 'title', 'title*', 'anchor', 'x'),
      value: fc.option(visible, { nil: undefined }),
    })
    const target = visible.map((text) => text.replaceAll('>', ''))
    const link = fc.record({ target, parameters: fc.array(parameter, { maxLength: 3 }) })
    fc.assert(
      fc.property(fc.array(link, { maxLength: 3 }), (links) => {
        expect(parseLinks(writeLinks(links))).toEqual(links)
      }),
      { numRuns: 1_000 },
    )
  })

  it('is read to an end, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'<>;,="\\ a*'), maxLength: 40 }), (field) => {
        expect(parseLinks(field).length).toBeLessThanOrEqual(field.length)
      }),
      { numRuns: 2_000 },
    )
  })
})
