import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Html, html } from '../../../lib/http/html.ts'
import { anyText } from '../../support/anyText.ts'

describe('the html template', () => {
  it('escapes what is put in, in text and in attributes', () => {
    const value = `<img src=x onerror="alert('1')">&`

    expect(html`<p title="${value}">${value}</p>`.text).toBe(
      '<p title="&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#38;">&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;&#38;</p>',
    )
  })

  it('leaves HTML made by itself as it is, alone and in lists, and leaves out what is absent', () => {
    const item = html`<li>${'<'}</li>`

    expect(html`<ul>${[item, item]}</ul>${item}${undefined}${7}`.text).toBe(
      '<ul><li>&#60;</li><li>&#60;</li></ul><li>&#60;</li>7',
    )
  })

  it('cannot be broken out of by any text', () => {
    fc.assert(
      fc.property(anyText(), (value) => {
        const { text } = html`<p title="${value}">${value}</p>`
        expect(text.match(/[<>"']/g)?.join('')).toBe('<""><>')
      }),
    )
  })

  it.each([
    ['an object', { text: '<script>' }],
    ['a list of them', [{ text: '<script>' }]],
    ['a list of lists', [[{ text: '<script>' }], '<script>']],
    ['null', null],
  ])('takes %s for text, and not for HTML because it looks like it', (_what, data) => {
    const { text } = html`<p>${data as unknown as string}</p>`

    expect(html`${new Html('<b>')}`.text).toBe('<b>')
    expect(text.replace(/^<p>|<\/p>$/g, '')).not.toMatch(/[<>"']/)
  })
})
