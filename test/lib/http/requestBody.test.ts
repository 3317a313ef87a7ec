import { describe, expect, it } from 'vitest'
import { signetRequest } from '../../../lib/http/request.ts'
import { LONGEST_BODY, LONGEST_FORM } from '../../../lib/http/requestBody.ts'
import { faultOf, outcomeOf } from '../../support/faultOf.ts'
import { platformRequest, signetRequestOf } from '../../support/signetRequestOf.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** A request whose body says whether anybody read it. */
function watched(method: string, headers: Record<string, string>) {
  const seen = { isRead: false }
  const body = (async function* () {
    seen.isRead = true
    yield new TextEncoder().encode('a=1')
  })()
  return { request: signetRequest({ ...platformRequest({ method, headers }), body }, 'id'), seen }
}

describe('a body', () => {
  it('is read as the bytes it is, in one piece or in many', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
    const chunks = [...bytes].map((byte) => Uint8Array.of(byte))

    for (const body of [[bytes], chunks]) {
      expect([...(await signetRequestOf({ method: 'PUT', body }).readBody(256))]).toEqual([...bytes])
    }
  })

  it('is empty where there is none', async () => {
    for (const method of ['POST', 'DELETE', 'GET', 'HEAD']) {
      expect(await signetRequestOf({ method }).readBody(10)).toHaveLength(0)
      expect(await signetRequestOf({ method, headers: { 'content-length': '0' } }).readBody(10)).toHaveLength(
        0,
      )
    }
  })

  it('may be as long as its limit, and not a byte longer', async () => {
    const read = (length: number) =>
      outcomeOf(() => signetRequestOf({ method: 'POST', body: 'a'.repeat(length) }).readBody(10))

    expect([await read(10), await read(11)]).toEqual(['none', 'http/body_too_large'])
    const announced = { method: 'POST', body: 'a'.repeat(10), headers: { 'content-length': '10' } }
    expect(await signetRequestOf(announced).readBody(10)).toHaveLength(10)
    expect([LONGEST_FORM, LONGEST_BODY]).toEqual([65_536, 10_485_760])
  })

  it('that is announced too long is refused however much of it comes', async () => {
    for (const body of ['', 'a', 'a'.repeat(11)]) {
      const request = signetRequestOf({ method: 'POST', body, headers: { 'content-length': '11' } })
      expect((await faultOf(() => request.readBody(10))).code).toBe('http/body_too_large')
    }
  })

  it('is judged by its headers without being kept: one that fits is not touched, one that does not is read away', async () => {
    const judged = async (method: string, length: string) => {
      const { request, seen } = watched(method, { 'content-length': length })
      return [await outcomeOf(() => request.judgeBody(10)), seen.isRead]
    }

    expect(await judged('POST', '10')).toEqual(['none', false])
    expect(await judged('POST', '11')).toEqual(['http/body_too_large', true])
    expect(await judged('GET', '1')).toEqual(['http/body_not_allowed', false])
    expect(await judged('POST', 'x')).toEqual(['http/length_required', false])
  })

  it.each(['chunked', 'gzip, chunked', 'identity', ''])(
    'in chunks, which the platform would show as none, is refused by name: Transfer-Encoding %j',
    async (coding) => {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'GET', 'HEAD', 'OPTIONS']) {
        for (const beside of [{}, { 'content-length': '3' }, { 'content-length': '0' }]) {
          const { request, seen } = watched(method, { 'transfer-encoding': coding, ...beside })
          expect((await faultOf(() => request.readBody(10))).code).toBe('http/length_required')
          expect(seen.isRead).toBe(false)
        }
      }
    },
  )

  it('in chunks is refused as a form, too', async () => {
    const { request, seen } = watched('POST', { ...FORM, 'transfer-encoding': 'chunked' })

    expect((await faultOf(() => request.readForm())).code).toBe('http/length_required')
    expect(seen.isRead).toBe(false)
  })

  it.each(['GET', 'HEAD', 'get'])('of a %s is refused: the platform drops it', async (method) => {
    const request = signetRequestOf({ method, headers: { 'content-length': '1' } })

    expect((await faultOf(() => request.readBody(10))).code).toBe('http/body_not_allowed')
  })

  it.each(['3, 3', '0x3', '-1', '3.0', ' 3', '', '9'.repeat(16)])(
    'of which Content-Length says %j has no length',
    async (length) => {
      const platform = platformRequest({ method: 'POST', body: 'abc' })
      const headers = { get: (name: string) => (name === 'content-length' ? length : null), keys: () => [] }

      const { code, context } = await faultOf(() =>
        signetRequest({ ...platform, headers }, 'id').readBody(10),
      )
      expect([code, context.detail]).toEqual(['http/length_required', 'not a number'])
    },
  )

  it.each(['2', '4'])(
    'of which the platform hands over another length than %s is a bug, not an answer',
    async (length) => {
      const request = signetRequestOf({ method: 'POST', body: 'abc', headers: { 'content-length': length } })

      expect((await faultOf(() => request.readBody(10))).code).toBe('bug/unexpected')
    },
  )
})
