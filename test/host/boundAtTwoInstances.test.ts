/**
 * A browser that binds its session to its device, at two processes of the deployed bundle: whichever is killed, between which two steps, the
 * other goes on from what the row says, and a copy of the session cookie opens nothing at either.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { challengeIn, newBindingVisitor, newDeviceKeys, signProof } from '../support/bindingVisitor.ts'
import { PEOPLE } from '../support/hundredPeople.ts'
import { openTwoInstances, type TwoInstances } from '../support/openTwoInstances.ts'
import { type AtTwo, peopleAt } from '../support/peopleAtTwo.ts'
import { stallsOf } from '../support/stallsOf.ts'
import { newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const [FIRST, SECOND] = [0, 1]
let two: TwoInstances
let people: AtTwo
beforeAll(async () => {
  two = await openTwoInstances({ people: PEOPLE })
  people = peopleAt(two)
})
afterAll(() => two?.close())

const look = (visitor: Visitor, instance: number): Promise<Reply> =>
  visitor.bare(`${two.origin}/auth/session`, people.at(instance))

async function isBound(visitor: Visitor, instance: number): Promise<boolean> {
  return JSON.parse((await look(visitor, instance)).text).deviceBound
}

/** The next write of an instance is held at the table, and the instance is killed meanwhile; what it answered. */
async function killedWhile(instance: number, ask: () => Promise<Reply>): Promise<number> {
  const { tables } = two.desk
  const stalls = stallsOf(tables)
  tables.faults.next(1, { kind: 'stall' }, 'merge')
  const lost = ask()
  await expect.poll(() => stallsOf(tables)).toBe(stalls + 1)
  await two.kill(instance)
  return (await lost).status
}

test('one is killed while a browser registers, between that and the first show of its cookie, and while it renews: the other goes on', {
  timeout: 60_000,
}, async () => {
  const visitor = newBindingVisitor(two.origin)
  visitor.takesOffers = false
  await visitor.signIn('/auth/login', { person: PEOPLE[0]?.oid ?? '' })
  const keys = await newDeviceKeys()
  const send = (path: string, instance: number, proof: string, id = ''): Promise<Reply> => {
    const { headers, from } = people.at(instance)
    const said = { 'sec-secure-session-id': id, 'secure-session-response': proof }
    return visitor.bare(`${two.origin}${path}`, {
      method: 'POST',
      from: from ?? '',
      headers: { ...headers, ...said },
    })
  }

  const challenge = challengeIn(await look(visitor, FIRST))
  const proof = await signProof({ keys, challenge, header: { jwk: keys.jwk } })
  expect(await killedWhile(FIRST, () => send('/auth/device', FIRST, proof))).toBe(502)
  expect(await isBound(visitor, SECOND)).toBe(false)
  const registered = await send('/auth/device', SECOND, proof)
  expect(registered.status).toBe(200)
  // The write of the one that was killed comes in late, over a row that has changed.
  two.desk.tables.faults.clear()

  await two.restart(FIRST)
  await two.kill(SECOND)
  expect(await isBound(visitor, FIRST)).toBe(true)
  await two.restart(SECOND)

  const { session_identifier: id } = JSON.parse(registered.text)
  const renewal = await signProof({ keys, challenge: challengeIn(registered) })
  expect(await killedWhile(FIRST, () => send('/auth/device/refresh', FIRST, renewal, id))).toBe(502)
  expect((await send('/auth/device/refresh', SECOND, renewal, id)).status).toBe(200)
  two.desk.tables.faults.clear()
  expect(await isBound(visitor, SECOND)).toBe(true)
  await two.restart(FIRST)

  const thief = newVisitor(two.origin)
  const session = visitor.appCookies.get('__Host-signet') ?? { value: '', sameSite: 'Lax' }
  thief.appCookies.set('__Host-signet', session)
  for (const instance of [FIRST, SECOND]) {
    expect(await isBound(visitor, instance)).toBe(true)
    expect(JSON.parse((await look(thief, instance)).text).code).toBe('session/device_proof_required')
  }
})
