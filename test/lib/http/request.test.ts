import { describe, expect, it } from 'vitest'
import { signetRequest } from '../../../lib/http/request.ts'
import { faultOf, outcomeOf } from '../../support/faultOf.ts'
import { CORRELATION_ID, platformRequest, signetRequestOf } from '../../support/signetRequestOf.ts'

const FORM = 'application/x-www-form-urlencoded'
const headersOf = (contentType: string | undefined): Record<string, string> =>
  contentType === undefined ? {} : { 'content-type': contentType }
const posted = (contentType: string, body: string | readonly Uint8Array[] = 'a=1') =>
  signetRequestOf({ method: 'POST', body, headers: headersOf(contentType) })

describe('a request', () => {
  it('has method, query, cookies and its correlation id', () => {
    const secret = 'A'.repeat(43)
    const request = signetRequestOf({
      method: 'post',
      target: '/x?a=%2F&a=2',
      headers: { cookie: `__Host-signet=${secret}` },
    })

    expect(request.method).toBe('POST')
    expect(request.query.getAll('a')).toEqual(['/', '2'])
    expect(request.cookies.get('__Host-signet')).toBe(secret)
    expect(request.correlationId).toBe(CORRELATION_ID)
    expect(request.header('x-none')).toBeUndefined()
  })

  it.each<[Record<string, string>, boolean]>([
    [{}, false],
    [{ accept: 'text/html,application/xhtml+xml' }, true],
    [{ accept: 'TEXT/HTML' }, true],
    [{ accept: '*/*' }, false],
    [{ accept: 'application/json' }, false],
    [{ accept: 'text/htmlx' }, false],
    [{ 'sec-fetch-dest': 'document' }, true],
    [{ 'sec-fetch-dest': 'document', accept: 'application/json' }, true],
    [{ 'sec-fetch-dest': 'empty', accept: 'application/json' }, false],
  ])('with %o wants a page: %s', (headers, expected) => {
    expect(signetRequestOf({ headers }).wantsPage).toBe(expected)
  })
})

describe('readForm', () => {
  it.each([
    FORM,
    FORM.toUpperCase(),
    `${FORM};charset=utf-8`,
    `${FORM}; charset=UTF-8`,
    `${FORM} ; charset=utf-8`,
    `${FORM};`,
  ])('reads %s', async (contentType) => {
    expect((await posted(contentType).readForm()).get('a')).toBe('1')
  })

  it.each([
    undefined,
    '',
    'text/plain',
    'application/json',
    'multipart/form-data; boundary=x',
    `${FORM}x`,
    `x${FORM}`,
    `text/plain;${FORM}`,
    `text/plain, ${FORM}`,
  ])('refuses %s before it reads anything (CVE-2024-43787)', async (contentType) => {
    let isRead = false
    const body = (async function* () {
      isRead = true
      yield new TextEncoder().encode('a=1')
    })()
    const platform = { ...platformRequest({ method: 'POST', headers: headersOf(contentType) }), body }

    expect(await outcomeOf(() => signetRequest(platform, CORRELATION_ID).readForm())).toBe(
      'http/unsupported_media_type',
    )
    expect(isRead).toBe(false)
  })

  it('decodes what forms encode, across chunks and in the middle of a character', async () => {
    const bytes = new TextEncoder().encode('name=Zo%C3%AB+Ü&empty=&name=2')
    const form = await posted(
      FORM,
      [...bytes].map((byte) => Uint8Array.of(byte)),
    ).readForm()

    expect(form.getAll('name')).toEqual(['Zoë Ü', '2'])
    expect(form.get('empty')).toBe('')
  })

  it('is empty without a body', async () => {
    const request = signetRequestOf({ method: 'POST', headers: { 'content-type': FORM } })

    expect([...(await request.readForm())]).toEqual([])
  })

  it('accepts 64 KB and refuses a byte more, in one piece or in many', async () => {
    const largest = 'a'.repeat(65_536)
    const chunks = Array.from({ length: 65 }, () => new Uint8Array(1_024).fill(97))

    expect([...(await posted(FORM, largest).readForm()).keys()][0]).toHaveLength(65_536)
    expect((await faultOf(() => posted(FORM, `${largest}a`).readForm())).code).toBe('http/body_too_large')
    expect((await faultOf(() => posted(FORM, chunks).readForm())).code).toBe('http/body_too_large')
  })
})
