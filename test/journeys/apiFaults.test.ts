/** What an API can do wrong, and what becomes of it: a fault with a name, never an empty 500, never a log that says ok. */
import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { openApiBehind } from '../support/openApiBehind.ts'
import { expectTwin } from '../support/screens.ts'
import { shortenDeadline } from '../support/shortenDeadline.ts'

const api = await openApiBehind({ methods: ['GET'] })
const { world, ask } = api

describe('an API that', () => {
  test('sends a header beyond ASCII makes a fault with a name, never an empty 500', async () => {
    for (const name of ['content-disposition', 'etag', 'location', 'link']) {
      const value = Buffer.from('/v1/中').toString('latin1')
      api.answer((response) => response.writeHead(200, { [name]: value }).end('{}'))
      expectTwin(world, await ask(), 'api/malformed_response')
    }
  })

  test('sends a status that HTTP does not have makes a fault with a name', async () => {
    for (const status of ['600', '999']) {
      api.answer((response) => response.socket?.end(`HTTP/1.1 ${status} Odd\r\ncontent-length: 2\r\n\r\n{}`))
      expectTwin(world, await ask(), 'api/malformed_response')
    }
  })

  test.each<[string, (response: ServerResponse) => unknown]>([
    [
      'dies in mid-body',
      (response) => response.writeHead(200, { 'content-length': 9 }).write('begun', () => response.destroy()),
    ],
    [
      'dies in mid-chunk',
      (response) => response.socket?.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nbeg'),
    ],
    ['dies before a word', (response) => response.destroy()],
    ['speaks no HTTP', (response) => response.socket?.end('SSH-2.0-x\r\n')],
    [
      'says gzip and sends none',
      (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('none'),
    ],
  ])('%s makes a fault with a name, never an empty 500 nor a log that says ok', async (_what, act) => {
    api.answer(act)
    expectTwin(world, await ask(), 'api/unavailable')
  })

  test('redirects to nowhere makes a fault with a name', async () => {
    api.answer((response) => response.writeHead(302).end())
    expectTwin(world, await ask(), 'api/unavailable')
  })

  test.each<[string, (response: ServerResponse) => unknown]>([
    ['says nothing', () => undefined],
    ['stalls in mid-body', (response) => response.writeHead(200, { 'content-length': 9 }).write('begun')],
  ])('%s is waited for until the deadline of the whole call, and then left', async (_what, act) => {
    const asked = shortenDeadline(100_000, 300)
    api.answer(act)
    expectTwin(world, await ask(), 'api/unavailable')
    expect(asked).toContain(100_000)
    const line = world.logs.findLast(({ event }) => event === 'request')
    expect(line?.facts).toMatchObject({ outcome: 'api/unavailable', detail: 'deadline', status: 503 })
  })
})
