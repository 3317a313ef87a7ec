import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../lib/errors/table.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, expectTwin, isSignedIn, loggedOutcome, wayOn } from '../support/screens.ts'
import { expectNothingHappened, tokenRequests, tracesOf } from '../support/traces.ts'
import { expectAccepted, flip, transactionCookieOf, underway } from '../support/underway.ts'
import { type CallbackForm, location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const world = await openJourney()
const callbackUrl = `${world.origin}/auth/callback`

/** The form with some fields changed; undefined takes one out, a list sends one several times. */
function changed(
  form: CallbackForm,
  changes: Readonly<Record<string, string | readonly string[] | undefined>>,
): CallbackForm {
  const fields = new URLSearchParams(form.fields)
  for (const [name, value] of Object.entries(changes)) {
    fields.delete(name)
    for (const one of value === undefined ? [] : [value].flat()) fields.append(name, one)
  }
  return { ...form, fields }
}

/** The answer is worth nothing here: the browser is sent to Entra with a transaction of its own, and that is all. */
async function expectSentAgain(visitor: Visitor, form: CallbackForm): Promise<void> {
  const before = await tracesOf(world)
  const reply = await visitor.post(form)
  expect([reply.status, new URL(location(reply)).origin]).toEqual([303, world.desk.entra.origin])
  expect(location(reply)).not.toContain(form.fields.get('state'))
  await expectNothingHappened(world, before)
}

async function expectRefused(visitor: Visitor, form: CallbackForm, code: ErrorCode): Promise<Reply> {
  const before = await tracesOf(world)
  const reply = await visitor.post(form)
  expectScreen(world, reply, code)
  await expectNothingHappened(world, before)
  return reply
}

describe('an answer belongs to the browser that asked (RFC 9700 2.1, CVE-2023-27490)', () => {
  test('another browser, without any cookie, gets nothing from it, and the right one still gets in', async () => {
    const { visitor, form } = await underway(world)
    await expectSentAgain(newVisitor(world.origin), form)
    await expectAccepted(world, { visitor, form })
  })

  test('another browser with a sign-in of its own gets nothing from it', async () => {
    const { form } = await underway(world)
    const { visitor: thief } = await underway(world)
    await expectSentAgain(thief, form)
  })

  test('the cookie of another sign-in under the right name does not fit', async () => {
    const { form, visitor } = await underway(world)
    const { visitor: thief } = await underway(world)
    const { name } = transactionCookieOf(visitor)
    const { value } = transactionCookieOf(thief)
    thief.appCookies.set(name, { value, sameSite: 'None' })
    await expectRefused(thief, form, 'callback/state_mismatch')
  })

  test('the code of one sign-in in the answer of another is worth nothing: PKCE binds it', async () => {
    const own = await underway(world)
    const stolen = await underway(world)
    const before = await world.rows.sessionIds()
    const reply = await own.visitor.post(changed(own.form, { code: stolen.form.fields.get('code') ?? '' }))
    expectScreen(world, reply, 'entra/grant_rejected')
    expect(await world.rows.sessionIds()).toEqual(before)
  })

  test('a state tampered with at every third character, and in the spare bits of its last one, is refused', async () => {
    const { visitor, form } = await underway(world)
    const state = form.fields.get('state') ?? ''
    const before = await tracesOf(world)
    const places = [...Array(state.length).keys()].filter((i) => i % 3 === 0)
    const tampered = [...places.map((i) => flip(state, i, 32)), flip(state, state.length - 1, 1)]
    expect(tampered.length).toBeGreaterThan(30)
    for (const one of tampered) {
      const reply = await visitor.post(changed(form, { state: one }))
      // In the handle it names another transaction, whose cookie is not there.
      const isSentAgain = reply.status === 303 && location(reply).startsWith(`${world.desk.entra.origin}/`)
      const isRefused = reply.status === 400 && reply.setCookies.length === 0
      expect([one, isSentAgain !== isRefused]).toEqual([one, true])
      expect(['ok', 'callback/malformed', 'callback/state_mismatch']).toContain(loggedOutcome(world, reply))
    }
    await expectNothingHappened(world, before)
    await expectAccepted(world, { visitor, form })
  })

  test('the secret of a sign-in opens no session, and that of a session no sign-in (CVE-2023-48309)', async () => {
    const { visitor, form } = await underway(world)
    const { name, value } = transactionCookieOf(visitor)
    const thief = newVisitor(world.origin)
    thief.appCookies.set('__Host-signet', { value, sameSite: 'Lax' })
    expect(await isSignedIn(world, thief)).toBe(false)
    expect(thief.appCookies.has('__Host-signet')).toBe(false)

    const other = newVisitor(world.origin)
    await other.signIn()
    const session = other.appCookies.get('__Host-signet')?.value ?? ''
    thief.appCookies.set(name, { value: session, sameSite: 'None' })
    await expectRefused(thief, form, 'callback/state_mismatch')
  })
})

describe('what an answer may hold (RFC 6749 4.1.2, RFC 9207)', () => {
  test.each<[what: string, changes: Parameters<typeof changed>[1], code: ErrorCode]>([
    ['no code', { code: undefined }, 'callback/malformed'],
    ['an empty code', { code: '' }, 'callback/malformed'],
    ['the code twice', { code: ['one', 'one'] }, 'callback/malformed'],
    ['an empty state', { state: '' }, 'callback/malformed'],
    ['a state that is none of ours', { state: 'state' }, 'callback/malformed'],
    ['an ID token', { id_token: 'e30.e30.e30' }, 'callback/malformed'],
    ['an access token', { access_token: 'e30.e30.e30', token_type: 'Bearer' }, 'callback/malformed'],
    ['a token', { token: 'e30.e30.e30' }, 'callback/malformed'],
    ['a JARM response', { response: 'e30.e30.e30' }, 'callback/malformed'],
    ['an empty issuer', { iss: '' }, 'callback/issuer_mismatch'],
    ['an issuer with a slash too many', { iss: `${world.desk.entra.issuer}/` }, 'callback/issuer_mismatch'],
    ['the issuer twice', { iss: [world.desk.entra.issuer, world.desk.entra.issuer] }, 'callback/malformed'],
    [
      'an error from a foreign issuer',
      { iss: 'https://issuer.invalid', error: 'access_denied' },
      'callback/issuer_mismatch',
    ],
    ['an error twice', { error: ['access_denied', 'access_denied'] }, 'callback/malformed'],
  ])('%s: refused before anything is redeemed', async (_what, changes, code) => {
    const { visitor, form } = await underway(world, '/auth/login?returnTo=%2Forders')
    await expectRefused(visitor, changed(form, changes), code)
  })

  test('the state twice: refused', async () => {
    const { visitor, form } = await underway(world)
    const state = form.fields.get('state') ?? ''
    await expectRefused(visitor, changed(form, { state: [state, state] }), 'callback/malformed')
  })

  test('the issuer that it is may be named', async () => {
    world.desk.entra.switches.authorize.iss = world.desk.entra.issuer
    await expectAccepted(world, await underway(world))
  })

  test('parameters that nobody knows are ignored', async () => {
    const { visitor, form } = await underway(world)
    const more = { session_state: 'x', client_info: 'e30', '<script>': '"', __proto__: 'y', constructor: 'z' }
    await expectAccepted(world, { visitor, form: changed(form, more) })
  })

  test('markup in any parameter changes no byte of the screen (CVE-2021-32702)', async () => {
    const screenOf = async (evil: string): Promise<string> => {
      const { visitor, form } = await underway(world)
      const changes = {
        code: undefined,
        error: 'access_denied',
        error_description: evil,
        error_uri: evil,
        x: evil,
      }
      const reply = await visitor.post(changed(form, changes))
      expect(reply.status).toBe(403)
      return reply.text.replaceAll(reply.headers.get('x-correlation-id') ?? '', '')
    }
    expect(await screenOf('<script>alert(1)</script>"\'&')).toBe(await screenOf('harmless'))
  })

  test('a refused answer keeps where the person was going', async () => {
    const { visitor, form } = await underway(world, '/auth/login?returnTo=%2Forders%3Fid%3D7%23top')
    const reply = await visitor.post(changed(form, { code: undefined }))
    expect(wayOn(reply)).toBe('/auth/login?returnTo=%2Forders%3Fid%3D7%23top')
    const again = await visitor.signIn(wayOn(reply))
    expect([again.status, location(again)]).toEqual([303, '/orders?id=7#top'])
  })
})

describe('how an answer must come (RFC 9700 4.3.1)', () => {
  test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '%s: 405, with the same Allow',
    async (method) => {
      const { visitor, form } = await underway(world)
      const before = await tracesOf(world)
      const reply = await visitor.ask(`${callbackUrl}?${form.fields}`, { method })
      expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST'])
      const answered = await visitor.ask(`${callbackUrl}?error=access_denied`, { method })
      const isRead = method === 'GET' || method === 'HEAD'
      expect([answered.status, answered.headers.get('allow')]).toEqual(
        isRead ? [403, null] : [405, 'GET, HEAD, POST'],
      )
      await expectNothingHappened(world, before)
    },
  )

  test('a code in an address is not read: 405, and the answer is as good as before', async () => {
    const { visitor, form } = await underway(world)
    const before = await tracesOf(world)
    const reply = await visitor.ask(`${callbackUrl}?${form.fields}`)
    expectScreen(world, reply, 'http/method_not_allowed')
    expect(reply.headers.get('allow')).toBe('POST')
    const head = await visitor.ask(`${callbackUrl}?${form.fields}`, { method: 'HEAD' })
    expect([head.status, head.headers.get('allow'), head.text]).toEqual([405, 'POST', ''])
    await expectNothingHappened(world, before)
    await expectAccepted(world, { visitor, form })
  })

  test.each([
    ['none', undefined],
    ['an empty one', ''],
    ['multipart', 'multipart/form-data; boundary=x'],
    ['plain text', 'text/plain'],
    ['JSON', 'application/json'],
    ['a name that only begins alike', 'application/x-www-form-urlencodedx'],
  ])('content type %s: 415', async (_what, type) => {
    const { visitor, form } = await underway(world)
    const before = await tracesOf(world)
    const headers = { 'content-type': type, 'sec-fetch-site': 'cross-site' }
    const reply = await visitor.ask(callbackUrl, { method: 'POST', body: form.fields.toString(), headers })
    expectScreen(world, reply, 'http/unsupported_media_type')
    await expectNothingHappened(world, before)
    await expectAccepted(world, { visitor, form })
  })

  test.each(['APPLICATION/X-WWW-FORM-URLENCODED', 'application/x-www-form-urlencoded; charset=UTF-8'])(
    'content type %s is a form',
    async (type) => {
      const { visitor, form } = await underway(world)
      const headers = { 'content-type': type }
      const reply = await visitor.ask(callbackUrl, { method: 'POST', body: form.fields.toString(), headers })
      expect(reply.status).toBe(303)
    },
  )

  test('a body of 64 KB is read, one byte more is refused, and a megabyte too', async () => {
    const { visitor, form } = await underway(world)
    const before = await tracesOf(world)
    const padded = (length: number): CallbackForm => {
      const empty = changed(form, { padding: '' }).fields.toString().length
      return changed(form, { padding: 'a'.repeat(length - empty) })
    }
    for (const length of [65_537, 1_000_000]) {
      expectScreen(world, await visitor.post(padded(length)), 'http/body_too_large')
    }
    await expectNothingHappened(world, before)
    await expectAccepted(world, { visitor, form: padded(65_536) })
  })

  test('an empty body and one that is no text are refused', async () => {
    const { visitor, form } = await underway(world)
    for (const body of ['', '%', '&&&===', '\u0000\u0001', `state=${'%ff'.repeat(100)}`]) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const reply = await visitor.ask(callbackUrl, { method: 'POST', body, headers })
      expectScreen(world, reply, 'callback/malformed')
    }
    await expectAccepted(world, { visitor, form })
  })

  test('a script gets the JSON twin', async () => {
    const { form } = await underway(world)
    const headers = { accept: 'application/json', 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' }
    const reply = await newVisitor(world.origin).ask(callbackUrl, {
      method: 'POST',
      form: form.fields,
      headers,
    })
    expect(expectTwin(world, reply, 'callback/transaction_lost')).toMatchObject({ loginUrl: '/auth/login' })
  })
})

test('every refusal above cost Entra nothing: all token requests were those of accepted answers', () => {
  const redeemed = world.desk.entra.log.filter(
    ({ kind, details }) => kind === 'token' && details.outcome === 'issued',
  )
  const refused = tokenRequests(world) - redeemed.length
  // The one stolen code.
  expect(refused).toBe(1)
})
