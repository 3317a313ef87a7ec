/** Sign-in without a question (prompt=none): however it ends, it ends on a page that tells, and nothing is lost by it. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../lib/errors/table.ts'
import { openJourney } from '../support/openJourney.ts'
import { BY_SCRIPT, expectScreen, expectTwin, isSignedIn, readSession, wayOn } from '../support/screens.ts'
import { expectNothingHappened, tracesOf } from '../support/traces.ts'
import { ADA, BO, location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const ASKED = '/auth/login?returnTo=%2Forders'
const SILENT = `${ASKED}&prompt=none`

const world = await openJourney()
const { switches } = world.desk.entra

/** Somebody whom Entra knows and the app does not. */
async function knownAtEntra(): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  await visitor.signIn('/auth/login', ADA)
  visitor.appCookies.clear()
  return visitor
}

/** What the page's script tells, as the page holds it. */
function toldBy({ text }: Reply): readonly string[] {
  return /data-outcome="([^"]*)" data-code="([^"]*)"/.exec(text)?.slice(1) ?? []
}

/** The page runs exactly one script, which its policy admits by hash. */
function expectOneScript({ text, headers }: Reply): void {
  const scripts = [...text.matchAll(/<script>([^<]*)<\/script>/g)].map(([, script]) => script ?? '')
  expect(scripts).toHaveLength(1)
  const hash = createHash('sha256')
    .update(scripts[0] ?? '')
    .digest('base64')
  const policy = headers.get('content-security-policy') ?? ''
  expect(/script-src ([^;]*);/.exec(policy)?.[1]).toBe(`'sha256-${hash}'`)
  expect(policy).toContain("frame-ancestors 'none'")
}

function transactionCookies({ appCookies }: Visitor): string[] {
  return [...appCookies.keys()].filter((name) => name.startsWith('__Host-signet-tx-'))
}

describe('a silent sign-in that succeeds', () => {
  test('ends on the page that tells so, with a session and a way on', async () => {
    const visitor = await knownAtEntra()
    const reply = await visitor.signIn(SILENT)

    expect([reply.status, toldBy(reply), wayOn(reply)]).toEqual([200, ['signed-in', ''], '/orders'])
    expectOneScript(reply)
    expect(await readSession(world, visitor)).toMatchObject({ user: { name: 'Ada Lindqvist' } })
  })

  test('replaces the session that was there', async () => {
    const visitor = newVisitor(world.origin)
    await visitor.signIn('/auth/login', ADA)
    const before = await world.rows.sessionIds()
    await visitor.signIn(SILENT)

    expect(await world.rows.sessionIds()).toHaveLength(before.length)
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('ends on the same page when its answer is posted again, and makes no second session', async () => {
    const visitor = await knownAtEntra()
    const form = await visitor.toCallback(SILENT)
    await visitor.post(form)
    const before = await tracesOf(world)
    const again = await visitor.post(form)

    expect([again.status, toldBy(again)]).toEqual([200, ['signed-in', '']])
    await expectNothingHappened(world, before)
  })

  test('is started anew where its answer came too late, and still ends on the page', async () => {
    const visitor = await knownAtEntra()
    const form = await visitor.toCallback(SILENT)
    world.advance(16 * 60_000)
    const restarted = await visitor.post(form)
    expect(location(restarted)).toContain('prompt=none')
    const reply = await visitor.post(await visitor.atEntra(location(restarted) ?? ''))

    expect(toldBy(reply)).toEqual(['signed-in', ''])
  })
})

describe('a silent sign-in that does not succeed', () => {
  test.each<[error: string, code: ErrorCode, told: readonly string[], way: string]>([
    ['login_required', 'entra/interaction_required', ['sign-in-needed', 'login_required'], ASKED],
    ['interaction_required', 'entra/interaction_required', ['sign-in-needed', 'interaction_required'], ASKED],
    ['consent_required', 'entra/interaction_required', ['sign-in-needed', 'consent_required'], ASKED],
    [
      'account_selection_required',
      'entra/interaction_required',
      ['sign-in-needed', 'account_selection_required'],
      ASKED,
    ],
    ['access_denied', 'entra/no_access', ['failed', 'access_denied'], `${ASKED}&prompt=select_account`],
    ['server_error', 'entra/unavailable', ['failed', 'server_error'], ASKED],
    ['temporarily_unavailable', 'entra/unavailable', ['failed', 'temporarily_unavailable'], ASKED],
    ['invalid_scope', 'entra/sign_in_refused', ['failed', 'entra/sign_in_refused'], ASKED],
    ['<script>x</script>', 'entra/sign_in_refused', ['failed', 'entra/sign_in_refused'], ASKED],
    // What RFC 6749 appendix A.7 has no place for is no error of any server's.
    ['"><script>x</script>', 'callback/malformed', ['failed', 'callback/malformed'], ASKED],
  ])(
    'for %s: tells so, writes nothing, and the session that was there stays',
    async (error, code, told, way) => {
      const visitor = newVisitor(world.origin)
      await visitor.signIn('/auth/login', BO)
      const kept = transactionCookies(visitor)
      switches.authorize.error = { error, description: 'AADSTS50058: ada@contoso.example' }
      const form = await visitor.toCallback(SILENT)
      const before = await tracesOf(world)
      const reply = await visitor.post(form)

      expectScreen(world, reply, code)
      expect([toldBy(reply), wayOn(reply)]).toEqual([told, way])
      expectOneScript(reply)
      await expectNothingHappened(world, before)
      expect(transactionCookies(visitor)).toEqual(kept)
      expect(await readSession(world, visitor)).toMatchObject({ user: { name: 'Bo Adeyemi' } })
    },
  )

  test('keeps for the way on all that was asked but the silence', async () => {
    switches.authorize.error = { error: 'consent_required' }
    const visitor = newVisitor(world.origin)
    const claims = '{"id_token":{"acrs":{"value":"c1"}}}'
    const asked = new URLSearchParams({ returnTo: '/orders', scope: 'openid profile', claims })
    const reply = await visitor.post(await visitor.toCallback(`/auth/login?${asked}&prompt=none`))

    const way = new URL(wayOn(reply) ?? '', world.origin)
    expect(Object.fromEntries(way.searchParams)).toMatchObject({ returnTo: '/orders', claims })
    expect(way.searchParams.has('prompt')).toBe(false)
  })

  test('because it was begun wrongly says so too, in a window', async () => {
    const visitor = newVisitor(world.origin)
    const before = await tracesOf(world)
    const reply = await visitor.ask(`${world.origin}${SILENT}&maxAge=soon`)

    expectScreen(world, reply, 'login/invalid_parameter')
    expect([toldBy(reply), wayOn(reply)]).toEqual([['failed', 'login/invalid_parameter'], ASKED])
    await expectNothingHappened(world, before)
    expect(reply.setCookies).toEqual([])
  })

  test('is JSON for a script, which no window waits for', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(SILENT)
    const { action, fields, from } = form
    fields.delete('code')
    fields.set('error', 'login_required')
    const reply = await visitor.ask(action, { method: 'POST', form: fields, from, headers: BY_SCRIPT })

    expect(expectTwin(world, reply, 'entra/interaction_required')).toMatchObject({ loginUrl: ASKED })
  })

  test('at Entra itself: nobody is there, or several are', async () => {
    const nobody = newVisitor(world.origin)
    expect(toldBy(await nobody.signIn(SILENT))).toEqual(['sign-in-needed', 'login_required'])
    const several = newVisitor(world.origin)
    await several.signIn('/auth/login', ADA)
    await several.signIn('/auth/login?prompt=login', BO)
    several.appCookies.clear()
    expect(toldBy(await several.signIn(SILENT))).toEqual(['sign-in-needed', 'interaction_required'])
  })
})

describe('a silent sign-in whose cookie was lost', () => {
  test.each(['login_required', 'interaction_required'])(
    '%s comes of nothing else: the page tells so, and nothing is begun anew',
    async (error) => {
      const visitor = newVisitor(world.origin)
      switches.authorize.error = { error }
      const form = await visitor.toCallback(SILENT)
      visitor.appCookies.clear()
      const before = await tracesOf(world)
      const reply = await visitor.post(form)

      expectScreen(world, reply, 'entra/interaction_required')
      expect([toldBy(reply), wayOn(reply)]).toEqual([['sign-in-needed', error], '/auth/login'])
      expect(reply.setCookies).toEqual([])
      await expectNothingHappened(world, before)
      // The same answer once more, from the history of the window.
      expect(toldBy(await visitor.post(form))).toEqual(['sign-in-needed', error])
    },
  )

  test.each(['access_denied', 'consent_required', 'server_error'])(
    '%s may come of any sign-in: the screen of a lost one',
    async (error) => {
      const visitor = newVisitor(world.origin)
      switches.authorize.error = { error }
      const form = await visitor.toCallback(SILENT)
      visitor.appCookies.clear()
      const reply = await visitor.post(form)

      expectScreen(world, reply, 'callback/transaction_lost')
      expect(toldBy(reply)).toEqual([])
    },
  )

  test('a code beside the error is no answer to a silent sign-in', async () => {
    const visitor = await knownAtEntra()
    const form = await visitor.toCallback(SILENT)
    visitor.appCookies.clear()
    form.fields.set('error', 'login_required')
    const reply = await visitor.post(form)

    expectScreen(world, reply, 'callback/transaction_lost')
    expect(toldBy(reply)).toEqual([])
  })
})

test('a sign-in that was not silent tells nobody anything', async () => {
  switches.authorize.error = { error: 'login_required' }
  const visitor = newVisitor(world.origin)
  const reply = await visitor.post(await visitor.toCallback(ASKED))
  expectScreen(world, reply, 'entra/interaction_required')
  expect([toldBy(reply), reply.text.includes('<script')]).toEqual([[], false])
})
