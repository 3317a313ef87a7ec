/** Who signed in and out, in the log: by a hash that says nothing to a stranger and everything to who knows the account. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { isSignedIn } from '../support/screens.ts'
import { ADA, BO, newVisitor, type Visitor } from '../support/visitor.ts'

const MINUTE_MS = 60_000
const world = await openJourney()

/** The lines about sessions that `act` leaves, without their correlation ids, each of which is that of a request. */
async function linesOf(act: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const seen = world.logs.length
  await act()
  const lines = world.logs.slice(seen)
  const requests = lines.filter(({ event }) => event === 'request').map(({ facts }) => facts.correlationId)
  return lines
    .filter(({ event }) => event.startsWith('session.'))
    .map(({ event, facts: { correlationId, ...facts } }) => {
      expect(requests).toContain(correlationId)
      return { event, ...facts }
    })
}

/** The account of a signed-in visitor, as docs/operate.md computes it for an operator who knows tenant and object id. */
async function personOf(visitor: Visitor): Promise<string> {
  const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'empty' }
  const { text } = await visitor.ask(`${world.origin}/auth/session`, { headers })
  const { tenantId, objectId } = JSON.parse(text).user
  return `user-${createHash('sha256').update(`${tenantId}/${objectId}`).digest('base64url')}`
}

describe('a session in the log', () => {
  test('begins with the person and ends with the reason, under one hash', async () => {
    const visitor = newVisitor(world.origin)
    const started = await linesOf(() => visitor.signIn())
    const person = await personOf(visitor)
    expect(started).toEqual([{ event: 'session.started', person }])

    const signOut = () => visitor.ask(`${world.origin}/auth/logout`, { method: 'POST', from: world.origin })
    expect(await linesOf(signOut)).toEqual([{ event: 'session.ended', person, by: 'sign-out' }])
    expect(await linesOf(signOut)).toEqual([])
  })

  test('that another takes the place of is said to be replaced, and whose it was', async () => {
    const visitor = newVisitor(world.origin)
    await visitor.signIn('/auth/login', ADA)
    const ada = await personOf(visitor)
    const lines = await linesOf(() => visitor.signIn('/auth/login?prompt=select_account', BO))
    const bo = await personOf(visitor)
    expect(bo).not.toBe(ada)
    expect(lines).toEqual([
      { event: 'session.started', person: bo },
      { event: 'session.ended', person: ada, by: 'replaced' },
    ])
  })

  test('that Entra ended is said so, once for each session and never for an unknown one', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback()
    await visitor.post(form)
    const person = await personOf(visitor)
    const sid = form.fields.get('session_state')
    const frontChannel = () =>
      newVisitor(world.origin).ask(`${world.origin}/auth/frontchannel-logout?sid=${sid}`)
    expect(await linesOf(frontChannel)).toEqual([{ event: 'session.ended', person, by: 'entra' }])
    expect(await linesOf(frontChannel)).toEqual([])
  })

  test('that reached its limit is said so when its cookie comes next', async () => {
    const visitor = newVisitor(world.origin)
    await visitor.signIn()
    const person = await personOf(visitor)
    world.advance(61 * MINUTE_MS)
    expect(await linesOf(() => isSignedIn(world, visitor))).toEqual([
      { event: 'session.ended', person, by: 'limit' },
    ])
  })

  test('is not begun by a sign-in that was refused', async () => {
    expect(
      await linesOf(() => newVisitor(world.origin).signIn('/auth/login', { refuse: 'blocked' })),
    ).toEqual([])
  })
})

test('the query for one person reads the fields that these lines have', () => {
  const query = readFileSync('infra/queries/sessions-of-a-person.kql', 'utf8')
  const facts = world.logs
    .filter(({ event }) => event.startsWith('session.'))
    .flatMap(({ facts }) => Object.keys(facts))
  const read = [...query.matchAll(/\bLine\.(\w+)/g)].map(([, field]) => field)

  expect(read.length).toBeGreaterThan(3)
  expect(['event', ...facts]).toEqual(expect.arrayContaining(read))
})
