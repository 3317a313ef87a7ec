/** A real front-end server behind the app that fails, in every way that a server has. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type FileAnswer, openFrontEnd } from '../support/openFrontEnd.ts'
import { openWorld } from '../support/openWorld.ts'
import { BY_SCRIPT, expectScreen, expectTwin, isSignedIn } from '../support/screens.ts'
import { shortenDeadline } from '../support/shortenDeadline.ts'
import { newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const server = await openFrontEnd()
const world = await openWorld({ settings: { FRONT_END_URL: server.origin, FRONT_END_MAX_BYTES: '80000' } })
afterAll(async () => {
  await world.close()
  server.close()
})

let visitor: Visitor
beforeEach(() => {
  server.asked.length = 0
  visitor = newVisitor(world.origin)
})

const open = (
  path: string,
  headers: Record<string, string | undefined> = {},
  method = 'GET',
): Promise<Reply> => visitor.ask(`${world.origin}${path}`, { method, headers })

describe('a front end that fails', () => {
  test.each<[string, FileAnswer]>([
    ['answers 500', (response) => response.writeHead(500).end('trace')],
    ['is throttled', (response) => response.writeHead(429, { 'retry-after': '7' }).end()],
    ['dies before its answer', (response) => response.destroy()],
    [
      'dies in mid-body',
      (response) => response.writeHead(200, { 'content-length': 9 }).write('begun', () => response.destroy()),
    ],
    ['upgrades', (response) => response.writeHead(101, { upgrade: 'x', connection: 'upgrade' }).end()],
  ])('and %s makes the busy page, whose button asks the same address again', async (_what, answer) => {
    server.files.set('/fails', answer)
    const reply = await open('/fails')
    expectScreen(world, reply, 'frontend/unavailable')
    expect(reply.headers.get('retry-after')).toMatch(/^(7|10)$/)
    expect(reply.text).toContain('<a class="button" href="">Try again</a>')
    const twin = expectTwin(world, await open('/fails', BY_SCRIPT), 'frontend/unavailable')
    expect(twin.loginUrl).toBeUndefined()
  })

  test('and is too slow is not waited for', async () => {
    shortenDeadline(20_000, 150)
    server.files.set('/fails', (response) => response.writeHead(200).write('begun'))
    expectScreen(world, await open('/fails'), 'frontend/unavailable')
    server.files.set('/fails', () => undefined)
    expectScreen(world, await open('/fails'), 'frontend/unavailable')
  })

  test('and sends too much is left as soon as it does', async () => {
    let sent = 0
    server.files.set('/fails', (response) => {
      const more = (): void => {
        while (!response.destroyed && sent < 50_000_000) {
          sent += 65_536
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more)
        }
        response.end()
      }
      more()
    })
    expectScreen(world, await open('/fails'), 'frontend/response_too_large')
    expect(sent).toBeLessThan(20_000_000)
    server.files.set('/fails', (response) => response.end(Buffer.alloc(80_000)))
    expect((await open('/fails')).bytes.length).toBe(80_000)
  })

  test.each([401, 407])('and wants a sign-in of its own (%d) is the operator’s fault', async (status) => {
    server.files.set('/fails', (response) =>
      response.writeHead(status, { 'www-authenticate': 'Basic' }).end(),
    )
    const reply = await open('/fails')
    expectScreen(world, reply, 'frontend/misaddressed')
    expect(reply.headers.get('www-authenticate')).toBeNull()
  })

  test('and sends a header beyond ASCII is named to the operator', async () => {
    server.files.set('/fails', (response) => response.writeHead(200, { etag: '"caf\u00e9"' }).end())
    expectScreen(world, await open('/fails'), 'frontend/malformed_response')
  })

  test('and is down altogether hinders no sign-in', async () => {
    world.replaceInstance({ FRONT_END_URL: 'http://127.0.0.1:9' })
    expectScreen(world, await open('/'), 'frontend/unavailable')
    expect((await visitor.signIn()).status).toBe(303)
    expect(await isSignedIn(world, visitor)).toBe(true)
    expect((await open('/auth')).text).toContain('You are signed in')
    world.replaceInstance()
  })
})
