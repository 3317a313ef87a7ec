import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeUrl } from '../../../lib/config/judgeUrl.ts'

describe('an address', () => {
  it.each([
    ['https://app.example', 'https://app.example'],
    ['https://app.example/', 'https://app.example'],
    ['https://app.example//', 'https://app.example'],
    ['HTTPS://App.Example:443/', 'https://app.example'],
    ['https://app.example:8443/', 'https://app.example:8443'],
    ['https://app.example/Base/', 'https://app.example/Base'],
    ['https://app.example/a/../b', 'https://app.example/b'],
    ['https://app.example/@scope/x', 'https://app.example/@scope/x'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['https://my_app.example', 'https://my_app.example'],
    ['https://r3---sn-x.example', 'https://r3---sn-x.example'],
    ['https://10.0.0.4', 'https://10.0.0.4'],
    ['https://[2001:db8::1]', 'https://[2001:db8::1]'],
    ['http://localhost:7071/', 'http://localhost:7071'],
  ])('%s is compared as %s', (text, url) => {
    expect(judgeUrl(text)).toEqual({ url, faults: [] })
  })

  it.each<[string, string]>([
    ['', 'must be an https URL'],
    ['app.example', 'must be an https URL'],
    ['"https://app.example"', 'must be an https URL'],
    ['https:app.example', 'must be an https URL'],
    ['https:/app.example', 'must be an https URL'],
    ['https:///app.example', 'must be an https URL'],
    ['https:\\\\app.example', 'must be an https URL'],
    ['https://app.example\\x', 'must be an https URL'],
    ['https://app.exam\tple', 'must be an https URL'],
    ['https://app.exam\nple', 'must be an https URL'],
    ['https://app.example /x', 'must be an https URL'],
    ['https://app.example:99999', 'must be an https URL'],
    ['https://app.example, https://b.example', 'must be an https URL'],
    ['https://app.example;', 'must name a host'],
    ['https://app.example.', 'must name a host'],
    ['https://a..example', 'must name a host'],
    ['https://-app.example', 'must name a host'],
    ["https://app.example'", 'must name a host'],
    ['https://$host', 'must name a host'],
    ['https://{host}', 'must name a host'],
    ['https://@app.example', 'must not carry credentials, a query or a fragment'],
    ['https://app.example?', 'must not carry credentials, a query or a fragment'],
    ['https://app.example/#', 'must not carry credentials, a query or a fragment'],
    [
      'https://app\u200b.example',
      'holds a character that cannot be seen (U+200B): delete the value and type it anew',
    ],
    [
      'https://app.example\u00a0',
      'holds a character that cannot be seen (U+00A0): delete the value and type it anew',
    ],
  ])('%j is refused: no two readers would mend it alike', (text, fault) => {
    expect(judgeUrl(text).faults).toEqual([fault])
  })

  it('in its normal form is its own normal form', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: false, withQueryParameters: false }), (text) => {
        const { url, faults } = judgeUrl(text)
        if (faults.length === 0) expect(judgeUrl(url)).toEqual({ url, faults: [] })
      }),
    )
  })
})
