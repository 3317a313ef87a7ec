/** A fault as the person or the script in front of it meets it. Tests name codes; the words belong to the table. */
import { expect } from 'vitest'
import { ERRORS, type ErrorCode } from '../../lib/errors/table.ts'
import { html } from '../../lib/http/html.ts'
import type { World } from './openWorld.ts'
import type { Reply, Visitor } from './visitor.ts'

/** Headers of a request that our own front end makes by script. */
export const BY_SCRIPT = {
  accept: 'application/json',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  'sec-fetch-site': 'same-origin',
} as const

/** The reply is the screen of this code, and the log has the code under the correlation id it shows. */
export function expectScreen(world: World, reply: Reply, code: ErrorCode): void {
  const { status, userText } = ERRORS[code]
  expect(loggedOutcome(world, reply)).toBe(code)
  expect([reply.status, reply.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8'])
  expect(reply.text).toContain(html`${userText}`.text)
  expect(reply.text).toContain(correlationId(reply))
}

/** The reply is the JSON twin of the screen, whose text may say more of the rule that was broken; says its members. */
export function expectTwin(world: World, reply: Reply, code: ErrorCode): Readonly<Record<string, unknown>> {
  const { status, userText } = ERRORS[code]
  expect(loggedOutcome(world, reply)).toBe(code)
  expect([reply.status, reply.headers.get('content-type')]).toEqual([
    status,
    'application/json; charset=utf-8',
  ])
  const twin: Record<string, unknown> = JSON.parse(reply.text)
  expect(twin).toMatchObject({
    code,
    message: expect.stringContaining(userText),
    correlationId: correlationId(reply),
  })
  return twin
}

/** Where the screen's button leads; undefined where it has none. */
export function wayOn(reply: Reply): string | undefined {
  return /<a class="button" href="([^"]+)">/.exec(reply.text)?.[1]?.replace(/&#38;|&amp;/g, '&')
}

/** What the request log says became of the request that got this reply. */
export function loggedOutcome(world: World, reply: Reply): unknown {
  const id = correlationId(reply)
  return world.logs.find(({ event, facts }) => event === 'request' && facts.correlationId === id)?.facts
    .outcome
}

/** The JSON of /auth/session, as the front end reads it. */
export async function readSession(
  world: World,
  visitor: Visitor,
): Promise<Readonly<Record<string, unknown>>> {
  const reply = await visitor.ask(`${world.origin}/auth/session`, { headers: BY_SCRIPT })
  expect(reply.status).toBe(200)
  return JSON.parse(reply.text)
}

/** Whether the app knows this visitor. */
export async function isSignedIn(world: World, visitor: Visitor): Promise<boolean> {
  return (await readSession(world, visitor)).authenticated === true
}

function correlationId(reply: Reply): string {
  return reply.headers.get('x-correlation-id') ?? ''
}
