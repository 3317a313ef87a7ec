/** A state that a browser sealed for itself is input like any other: nothing in it costs us a fault, a row that stays, or somebody's session. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { idOfEndProof, openTicket } from '../../lib/session/ticket.ts'
import { type Forged, forgedRequest, forgeState, plantTransaction } from '../support/forgeState.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, isSignedIn } from '../support/screens.ts'
import { expectNothingHappened, tracesOf } from '../support/traces.ts'
import { BO, location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const HOUR_MS = 3_600_000
const world = await openJourney({ isFrozen: true })
const good = (): { v: number; startedAtMs: number; link: object } => ({
  v: 2,
  startedAtMs: world.now(),
  link: { returnTo: '/orders' },
})

function post(visitor: Visitor, forged: Forged, fields: Readonly<Record<string, string>>): Promise<Reply> {
  plantTransaction(visitor, forged)
  const form = new URLSearchParams({ ...fields, state: forged.state })
  return visitor.ask(`${world.origin}/auth/callback`, { method: 'POST', form, from: world.desk.entra.origin })
}

async function rowsOf(rowKey: string): Promise<number> {
  return (await world.rows.all()).filter((row) => row.rowKey === rowKey).length
}

describe('what a browser sealed for itself', () => {
  test.each<[string, () => unknown]>([
    ['a returnTo of null', () => ({ ...good(), link: { returnTo: null } })],
    ['a returnTo to another site', () => ({ ...good(), link: { returnTo: 'https://evil.example/' } })],
    [
      'a returnTo that decodes to another site',
      () => ({ ...good(), link: { returnTo: '/%5Cevil.example' } }),
    ],
    ['a scope that is not configured', () => ({ ...good(), link: { scope: 'openid Mail.Read' } })],
    ['a prompt that there is not', () => ({ ...good(), link: { prompt: 'create' } })],
    ['claims that are none', () => ({ ...good(), link: { claims: '[]' } })],
    ['a max_age of no number', () => ({ ...good(), link: { maxAge: 'soon' } })],
    ['no link', () => ({ v: 2, startedAtMs: world.now() })],
    ['no start', () => ({ v: 2, link: {} })],
    ['a start in the year 9999', () => ({ ...good(), startedAtMs: Date.UTC(9999, 0) })],
    ['a start in two minutes', () => ({ ...good(), startedAtMs: world.now() + 120_000 })],
    ['a start of no moment', () => ({ ...good(), startedAtMs: 1.5 })],
    ['another version', () => ({ ...good(), v: 3 })],
    ['nothing', () => null],
  ])('with %s is refused, and leaves nothing', async (_what, content) => {
    const rows = (await world.rows.all()).length
    const before = await tracesOf(world)
    const reply = await post(newVisitor(world.origin), forgeState(content()), { code: 'x'.repeat(20) })
    expectScreen(world, reply, 'callback/state_mismatch')
    await expectNothingHappened(world, before)
    expect((await world.rows.all()).length).toBe(rows)
  })

  test('is never a fault of ours, whatever it is, and no row of it outlives the sweep', async () => {
    const parts = {
      v: fc.constant(2),
      startedAtMs: fc.oneof(
        fc.constant(world.now()),
        fc.integer(),
        fc.double(),
        fc.constant(253_370_764_800_000),
      ),
      link: fc.oneof(
        fc.jsonValue(),
        fc.record(
          {
            returnTo: fc.oneof(fc.string(), fc.webUrl(), fc.constant('/orders'), fc.jsonValue()),
            prompt: fc.oneof(fc.constantFrom('login', 'none', 'create'), fc.jsonValue()),
            scope: fc.oneof(fc.constantFrom('openid', 'Mail.Read'), fc.jsonValue()),
            claims: fc.oneof(fc.json(), fc.string(), fc.jsonValue()),
            maxAge: fc.oneof(fc.nat().map(String), fc.jsonValue()),
          },
          { requiredKeys: [] },
        ),
      ),
      replaces: fc.oneof(fc.base64String(), fc.jsonValue()),
    }
    const content = fc.oneof(
      fc.jsonValue(),
      fc.record(parts, { requiredKeys: ['v', 'startedAtMs', 'link'] }),
      fc.record(
        { ...parts, startedAtMs: fc.constant(world.now()) },
        { requiredKeys: ['v', 'startedAtMs', 'link'] },
      ),
    )
    const answer = fc.constantFrom({ code: 'x'.repeat(20) }, { error: 'access_denied' }, { error: 'foo' }, {})
    const before = (await world.rows.all()).length
    await fc.assert(
      fc.asyncProperty(content, answer, async (sealed, fields) => {
        const reply = await post(newVisitor(world.origin), forgeState(sealed), fields)
        expect([reply.status, reply.status < 500]).toEqual([reply.status, true])
        expect(reply.setCookies.filter((line) => /^__Host-signet=./.test(line))).toEqual([])
        const target = reply.headers.get('location') ?? '/'
        expect(target.startsWith('/') || target.startsWith(`${world.desk.entra.origin}/`)).toBe(true)
      }),
      { numRuns: 150 },
    )
    world.advance(3 * HOUR_MS)
    await world.app().sessions.sweep()
    expect((await world.rows.all()).length).toBeLessThanOrEqual(before)
  })

  test('a thousand made-up refusals write no row: what carries no code spends nothing', async () => {
    const rows = (await world.rows.all()).length
    const before = await tracesOf(world)
    for (let batch = 0; batch < 20; batch += 1) {
      const replies = await Promise.all(
        Array.from({ length: 50 }, () =>
          post(newVisitor(world.origin), forgeState(good()), {
            error: batch % 2 === 0 ? 'access_denied' : 'foo',
          }),
        ),
      )
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([batch % 2 === 0 ? 403 : 400]))
    }
    await expectNothingHappened(world, before)
    expect((await world.rows.all()).length).toBe(rows)
  })
})

describe('the session that a sign-in replaces is named by a proof of its cookie', () => {
  /** Somebody signs in by a state that they sealed themselves. */
  async function signInReplacing(replaces: unknown): Promise<Reply> {
    const intruder = newVisitor(world.origin)
    const forged = forgeState({ ...good(), replaces })
    const started = await intruder.ask(`${world.origin}/auth/login`)
    plantTransaction(intruder, forged)
    return intruder.post(await intruder.atEntra(forgedRequest(location(started), forged), BO))
  }

  async function victim(): Promise<{ visitor: Visitor; cookie: string; id: string }> {
    const known = await world.rows.sessionIds()
    const visitor = newVisitor(world.origin)
    await visitor.signIn()
    const [id = ''] = (await world.rows.sessionIds()).filter((one) => !known.includes(one))
    return { visitor, id, cookie: visitor.appCookies.get('__Host-signet')?.value ?? '' }
  }

  test('its id, which the reader of the table has, ends nothing', async () => {
    const { visitor, id } = await victim()
    for (const bare of [id, idOfEndProof(id), `${id}=`]) {
      const reply = await signInReplacing(bare)
      expect([reply.status, location(reply)]).toEqual([303, '/orders'])
      expect(await isSignedIn(world, visitor)).toBe(true)
    }
  })

  test('the proof, which only its cookie gives, ends it', async () => {
    const { visitor, cookie } = await victim()
    expect((await signInReplacing(openTicket(cookie)?.endProof)).status).toBe(303)
    expect(await isSignedIn(world, visitor)).toBe(false)
  })

  test('a browser that signs in again keeps one session', async () => {
    const { visitor } = await victim()
    const before = await rowsOf('session')
    await visitor.signIn()
    expect(await rowsOf('session')).toBe(before)
    expect(await isSignedIn(world, visitor)).toBe(true)
  })
})
