/** What holds for every reply and every log line, whatever the test was about. */
import { expect } from 'vitest'
import type { LogLine, SentReply, World } from './openWorld.ts'

const SESSION_COOKIE = /^__Host-signet=([\w-]{43}|; Max-Age=0); Path=\/; Secure; HttpOnly; SameSite=Lax$/
const DEVICE_COOKIE =
  /^__Host-signet-device=([\w-]{43}; Max-Age=570|; Max-Age=0); Path=\/; Secure; HttpOnly; SameSite=Lax$/
const TRANSACTION_COOKIE =
  /^__Host-signet-tx-[\w-]{12}=(((done|again)-\d{13}-)?[\w-]{43}; Max-Age=3600|; Max-Age=0); Path=\/; Secure; HttpOnly; SameSite=None$/
/** Where a person's own name for signing in may be read: by that person. */
const SHOWS_THE_PERSON = new Set(['/', '/auth', '/auth/session'])

interface Checked {
  replies: number
  logs: number
}

const checked = new WeakMap<World, Checked>()

/** Checks what was answered and logged since the last time. */
export function expectInvariants(world: World): void {
  const done = checked.get(world) ?? { replies: 0, logs: 0 }
  checked.set(world, { replies: world.replies.length, logs: world.logs.length })
  const names = world.desk.entra.people.map(({ email }) => email)
  for (const line of world.logs.slice(done.logs)) expectCleanLog(line, [...world.secrets, ...names])
  for (const reply of world.replies.slice(done.replies)) {
    expectCleanReply(reply, SHOWS_THE_PERSON.has(reply.path) ? world.secrets : [...world.secrets, ...names])
    expectHeaders(reply, world.app().config.entra.origin)
    for (const line of reply.setCookies) {
      const isOurs = [SESSION_COOKIE, DEVICE_COOKIE, TRANSACTION_COOKIE].some((form) => form.test(line))
      expect(isOurs, `Set-Cookie of ${reply.path}`).toBe(true)
    }
  }
}

function expectCleanLog({ event, facts }: LogLine, forbidden: Iterable<string>): void {
  const line = JSON.stringify(facts)
  expect(firstIn(line, forbidden), `in the log line "${event}"`).toBeUndefined()
  // No e-mail of anybody, and no path of the machine: places in the code are told from a folder of the product on.
  expect(line, `the log line "${event}"`).not.toMatch(
    /[\w.]@[\w-]+\.\w|file:\/\/|"\/(?:home|work|tmp|usr|mnt)\/|[A-Z]:\\\\/,
  )
}

function expectCleanReply({ path, headers, text }: SentReply, forbidden: Iterable<string>): void {
  const shown = [...Object.values(headers), text].join('\n')
  expect(firstIn(shown, forbidden), `in a reply of ${path}`).toBeUndefined()
  expect(text, `in a reply of ${path}`).not.toMatch(/\n\s+at .+:\d+:\d+|node_modules|\.ts:\d+/)
}

function firstIn(text: string, forbidden: Iterable<string>): string | undefined {
  for (const secret of forbidden) if (text.includes(secret)) return `${secret.slice(0, 12)}…`
  return undefined
}

function expectHeaders({ path, status, headers, text }: SentReply, entraOrigin: string): void {
  const isFrame = path === '/auth/frontchannel-logout' && status === 200
  expect(headers, path).toMatchObject({
    'cache-control': 'no-store',
    'strict-transport-security': expect.stringMatching(/^max-age=\d{8,}; includeSubDomains$/),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': isFrame ? 'cross-origin' : 'same-origin',
    'permissions-policy': expect.any(String),
    'x-correlation-id': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    'content-security-policy': expect.stringContaining(
      isFrame ? `frame-ancestors ${entraOrigin}` : "frame-ancestors 'none'",
    ),
  })
  expect(headers['content-security-policy']).toMatch(/^default-src 'none';/)
  expect(
    Object.keys(headers).filter((name) => /^access-control-|^server$|^x-powered-by$/.test(name)),
  ).toEqual([])
  const { location } = headers
  if (location === undefined) return
  expect(location.startsWith(`${entraOrigin}/`) || /^\/(?!\/)/.test(location), `Location ${location}`).toBe(
    true,
  )
  expect([302, 303]).toContain(status)
  expect(text).toBe('')
}
