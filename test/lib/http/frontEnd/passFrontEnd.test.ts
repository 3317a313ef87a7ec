import { describe, expect, it } from 'vitest'
import type { App } from '../../../../lib/app.ts'
import type { AskAsSent } from '../../../../lib/base/fetchAsSent.ts'
import type { FrontEnd } from '../../../../lib/config/frontEnd.ts'
import { type FrontEndCall, passFrontEnd } from '../../../../lib/http/frontEnd/passFrontEnd.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { heldEffects } from '../../../support/heldEffects.ts'
import { shortenDeadline } from '../../../support/shortenDeadline.ts'

const FRONT_END: FrontEnd = {
  url: 'https://static.example/site',
  fallback: '/index.html',
  contentSecurityPolicy: "default-src 'self'",
  maxBytes: 10,
}
const CALL: FrontEndCall = {
  method: 'GET',
  path: '/orders',
  search: '?a=1',
  headers: {},
  isForDocument: true,
}

interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A front end that answers in this order, and what it was asked. */
function open(...answers: readonly (Answer | Error)[]) {
  const asked: (readonly [url: string, ask: AskAsSent])[] = []
  const fetchAsSent: App['effects']['fetchAsSent'] = async (url, ask) => {
    const answer = answers[asked.length] ?? new Error('nobody answers')
    asked.push([url, ask])
    if (answer instanceof Error) throw answer
    const { status = 200, headers, body = 'a page' } = answer
    return { status, headers: new Headers(headers), body: bytesOf(body) }
  }
  const pass = (call: Partial<FrontEndCall> = {}, frontEnd: Partial<FrontEnd> = {}) =>
    passFrontEnd(
      { effects: { ...heldEffects(), fetchAsSent } },
      { ...FRONT_END, ...frontEnd },
      { ...CALL, ...call },
    )
  return { asked, pass, paths: () => asked.map(([url]) => url.slice(FRONT_END.url.length)) }
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}

const textOf = ({ body }: Awaited<ReturnType<typeof passFrontEnd>>) =>
  body?.kind === 'passed' ? Buffer.from(body.bytes).toString() : undefined

describe('an answer of the front end', () => {
  it('is asked for once, under its address, and passed on whole', async () => {
    const { asked, pass } = open({ status: 203, headers: { etag: '"1"' } })
    const reply = await pass({ method: 'HEAD', headers: { accept: 'text/html' } })
    const [[url, { method, headers, signal }] = ['', {} as AskAsSent]] = asked

    expect([url, method, headers]).toEqual([
      'https://static.example/site/orders?a=1',
      'HEAD',
      { accept: 'text/html' },
    ])
    expect(signal.aborted, 'the connection to what was not read is ended').toBe(true)
    expect([reply.status, textOf(reply), reply.headers?.etag]).toEqual([203, 'a page', '"1"'])
    expect(reply.headers?.['content-security-policy']).toBe(FRONT_END.contentSecurityPolicy)
  })

  it.each([
    ['10 bytes', 10, '0123456789', {}, 'passed'],
    ['more', 9, '0123456789', {}, 'frontend/response_too_large'],
    ['more announced', 10, '0', { 'content-length': '11' }, 'frontend/response_too_large'],
  ])('of %s where %i may come is %s', async (_what, maxBytes, body, headers, outcome) => {
    const { pass } = open({ body, headers })

    if (outcome === 'passed') expect(textOf(await pass({}, { maxBytes }))).toBe(body)
    else expect((await faultOf(() => pass({}, { maxBytes }))).code).toBe(outcome)
  })

  it('is a redirect where that stays with the front end', async () => {
    const own = await open({ status: 302, headers: { location: '/site/b' } }).pass()
    const away = await faultOf(() =>
      open({ status: 302, headers: { location: 'https://evil.example/' } }).pass(),
    )
    const nowhere = await faultOf(() => open({ status: 302 }).pass())

    expect([own.status, own.headers?.location]).toEqual([302, '/b'])
    expect([away.code, nowhere.code]).toEqual(['frontend/misaddressed', 'frontend/misaddressed'])
  })

  it('is a fault where none came, or none in time', async () => {
    const cause = new TypeError('connection refused')
    const refused = await faultOf(() => open(cause).pass())
    expect([refused.code, refused.context]).toEqual(['frontend/unavailable', { cause, detail: 'network' }])

    const deadlines = shortenDeadline(20_000, 20)
    const fetchAsSent: App['effects']['fetchAsSent'] = (_url, { signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    const late = await faultOf(() =>
      passFrontEnd({ effects: { ...heldEffects(), fetchAsSent } }, FRONT_END, CALL),
    )
    expect([late.code, late.context.detail]).toEqual(['frontend/unavailable', 'deadline'])
    expect(deadlines).toContain(20_000)
  })
})

describe('the fallback', () => {
  const missing = { status: 404, body: 'none' }

  it('is what a navigation gets that finds nothing: without the query, whole', async () => {
    const { asked, pass, paths } = open(missing, { body: 'index' })
    const headers = { accept: 'text/html', range: 'bytes=0-1', 'if-range': '"1"', 'if-none-match': '"1"' }
    const reply = await pass({ headers })

    expect([reply.status, textOf(reply)]).toEqual([200, 'index'])
    expect(paths()).toEqual(['/orders?a=1', '/index.html'])
    expect(asked[0]?.[1].headers).toEqual(headers)
    expect(asked[1]?.[1].headers).toEqual({ accept: 'text/html', 'if-none-match': '"1"' })
  })

  it('says that nothing has changed to whoever asks whether it has', async () => {
    expect((await open(missing, { status: 304 }).pass()).status).toBe(304)
  })

  it.each([404, 206, 403, 302])('that answers %i is none: the first answer stands', async (status) => {
    const { pass, paths } = open(missing, { status })
    const reply = await pass()

    expect([reply.status, textOf(reply), paths().length]).toEqual([404, 'none', 2])
  })

  it.each([
    ['a file of a page', missing, { isForDocument: false }, {}],
    ['an answer other than 404', { status: 410, body: 'none' }, {}, {}],
    ['the fallback itself', missing, { path: '/index.html' }, {}],
  ])('is not asked for %s', async (_what, answer, call, frontEnd) => {
    const { pass, asked } = open(answer)

    expect([(await pass(call, frontEnd)).status, asked.length]).toEqual([answer.status, 1])
  })

  it('is not asked for where none is configured', async () => {
    const { fallback: _none, ...without } = FRONT_END
    const asked: string[] = []
    const fetchAsSent: App['effects']['fetchAsSent'] = async (url) => {
      asked.push(url)
      return { status: 404, headers: new Headers(), body: bytesOf('none') }
    }
    const reply = await passFrontEnd({ effects: { ...heldEffects(), fetchAsSent } }, without, CALL)

    expect([reply.status, asked.length]).toEqual([404, 1])
  })
})
