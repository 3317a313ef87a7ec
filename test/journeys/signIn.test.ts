import { expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { ADA, BO, location, newVisitor } from '../support/visitor.ts'

const world = await openJourney()

test('a person signs in and the page says who they are and how it was proven', async () => {
  const visitor = newVisitor(world.origin)
  const reply = await visitor.signIn('/auth/login?returnTo=/', ADA)
  expect([reply.status, location(reply)]).toEqual([303, '/'])
  const home = await visitor.ask(`${world.origin}/`)
  expect(home.status).toBe(200)
  for (const fact of [
    'Ada Lindqvist',
    'PS256',
    world.desk.vault.certificate().version,
    'azpacr',
    world.desk.clientId,
  ]) {
    expect(home.text).toContain(fact)
  }
})

test('the first sign-in costs one certificate read and one signature, the next hundred cost nothing at the vault', async () => {
  const { vault } = world.desk
  const before = vault.requests.length
  world.replaceInstance()
  await newVisitor(world.origin).signIn()
  const first = vault.requests.slice(before).map(({ operation }) => operation)
  expect(first.filter((operation) => operation !== 'challenge').sort()).toEqual(['certificate read', 'sign'])
  const after = vault.requests.length
  for (let i = 0; i < 100; i += 1) {
    const reply = await newVisitor(world.origin).signIn()
    expect(reply.status).toBe(303)
  }
  expect(vault.requests.length).toBe(after)
})

test('another instance finishes what the first one began', async () => {
  const visitor = newVisitor(world.origin)
  const form = await visitor.toCallback('/auth/login?returnTo=/orders?id=7', BO)
  world.replaceInstance()
  const reply = await visitor.post(form)
  expect([reply.status, location(reply)]).toEqual([303, '/orders?id=7'])
})
