import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../lib/errors/table.ts'
import { openJourney } from '../support/openJourney.ts'
import { otherSpellings } from '../support/otherSpellings.ts'
import { BY_SCRIPT, expectScreen, expectTwin, isSignedIn, loggedOutcome } from '../support/screens.ts'
import { expectNothingHappened, tracesOf } from '../support/traces.ts'
import { flip, transactionCookieOf, underway } from '../support/underway.ts'
import { newVisitor } from '../support/visitor.ts'

const world = await openJourney()
const callbackUrl = `${world.origin}/auth/callback`

describe('cookie headers that nobody sends in good faith (U2, CVE-2023-28625)', () => {
  test.each<
    [what: string, cookie: (own: string, value: string) => string, outcome: ErrorCode | 'sent again']
  >([
    ['behind a comma that may be part of a foreign value', (own) => `x=a, ${own}`, 'sent again'],
    ['behind a no-break space', (own) => `\u00a0${own}`, 'sent again'],
    [
      'in another spelling of its secret',
      (own, value) => own.replace(value, otherSpellings(value)[0] ?? ''),
      'callback/state_mismatch',
    ],
    [
      'twice with two values',
      (own, value) => `${own}; ${own.replace(value, 'A'.repeat(43))}`,
      'callback/state_mismatch',
    ],
    ['of another length', (own) => `${own}A`, 'callback/state_mismatch'],
    ['empty', (own, value) => own.replace(value, ''), 'callback/state_mismatch'],
    ['in quotes', (own, value) => own.replace(value, `"${value}"`), 'callback/state_mismatch'],
    ['with a percent sign', (own, value) => own.replace(value, `${value}%00`), 'callback/state_mismatch'],
    ['in other letters', (own) => own.toUpperCase(), 'sent again'],
    ['in a header of more than 32 KB', (own) => `${own}; ${'x=y; '.repeat(6_600)}`, 'http/headers_too_large'],
  ])('the transaction cookie %s is none', async (_what, cookie, code) => {
    const { visitor, form } = await underway(world)
    const { name, value } = transactionCookieOf(visitor)
    const before = await tracesOf(world)
    const reply = await visitor.ask(callbackUrl, {
      method: 'POST',
      form: form.fields,
      from: form.from,
      headers: { cookie: cookie(`${name}=${value}`, value) },
    })
    if (code === 'sent again') expect([reply.status, loggedOutcome(world, reply)]).toEqual([303, 'ok'])
    else expectScreen(world, reply, code)
    await expectNothingHappened(world, before)
  })

  test('the same cookie twice with one value is that value, and ten thousand foreign ones do no harm', async () => {
    const { visitor, form } = await underway(world)
    const { name, value } = transactionCookieOf(visitor)
    const own = `${name}=${value}`
    const cookie = `${'a=b;'.repeat(7_000)} ${own}; =; ;;; ${own}; __proto__=x; b`
    const reply = await visitor.ask(callbackUrl, { method: 'POST', form: form.fields, headers: { cookie } })
    expect(reply.status).toBe(303)
  })

  test('two fields that a host joined by a comma are two, where ours comes first', async () => {
    const { visitor, form } = await underway(world)
    const { name, value } = transactionCookieOf(visitor)
    const cookie = `${name}=${value},__Host-other=x`
    const reply = await visitor.ask(callbackUrl, { method: 'POST', form: form.fields, headers: { cookie } })
    expect(reply.status).toBe(303)
  })

  test.each(['\u00a0', '\u00c2\u00a0', 'x=a,', 'x=a, '])(
    'a session that a sibling host plants behind %j signs nobody in as its owner (RFC 6265 5.2)',
    async (mark) => {
      const attacker = newVisitor(world.origin)
      await attacker.signIn()
      const planted = `${mark}__Host-signet=${attacker.appCookies.get('__Host-signet')?.value}`
      const reply = await newVisitor(world.origin).ask(`${world.origin}/`, { headers: { cookie: planted } })
      expect([reply.status, reply.setCookies]).toEqual([200, []])
      expect(reply.text).not.toContain('Ada')
    },
  )

  test('more cookies than can be read are no sign-out: 431 says so wherever a session would be looked for', async () => {
    const visitor = newVisitor(world.origin)
    await visitor.signIn()
    const value = visitor.appCookies.get('__Host-signet')?.value ?? ''
    const headers = { cookie: `__Host-signet=${value}; ${'x'.repeat(33_000)}=y` }
    for (const path of ['/', '/auth/login', '/auth/session']) {
      const reply = await visitor.ask(`${world.origin}${path}`, { headers })
      expectScreen(world, reply, 'http/headers_too_large')
      expect(reply.setCookies).toEqual([])
    }
    const twin = await visitor.ask(`${world.origin}/auth/session`, { headers: { ...headers, ...BY_SCRIPT } })
    expectTwin(world, twin, 'http/headers_too_large')
    expect((await visitor.ask(`${world.origin}/health/live`, { headers })).status).toBe(200)
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test.each([
    ['tampered with', (value: string) => flip(value, 20, 1)],
    ['cut short', (value: string) => value.slice(1)],
    ['followed by more', (value: string) => `${value}A`],
    ['sent twice with two values', (value: string) => `${value}; __Host-signet=${flip(value, 3, 1)}`],
    ['joined by a comma with another', (value: string) => `${value}, __Host-signet=${flip(value, 3, 1)}`],
    ['in another spelling', (value: string) => otherSpellings(value)[1] ?? ''],
  ])('a session cookie %s is nobody, and is removed', async (_what, bend) => {
    const visitor = newVisitor(world.origin)
    await visitor.signIn()
    const value = visitor.appCookies.get('__Host-signet')?.value ?? ''
    const reply = await visitor.ask(`${world.origin}/`, {
      headers: { cookie: `__Host-signet=${bend(value)}` },
    })
    expect([reply.status, loggedOutcome(world, reply)]).toEqual([200, 'ok'])
    expect(reply.text).not.toContain('Ada')
    expect(reply.setCookies).toEqual(['__Host-signet=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax'])
    visitor.appCookies.set('__Host-signet', { value, sameSite: 'Lax' })
    expect(await isSignedIn(world, visitor)).toBe(true)
  })
})
