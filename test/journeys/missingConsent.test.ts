/** An API that the person has not consented to: said where the front end and the person look, until they have. */
import { expect, test } from 'vitest'
import { ORDERS, SAMPLE_PERMISSIONS } from '../../local/sampleApi/sampleApis.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectTwin, readSession } from '../support/screens.ts'
import { ADA, location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const world = await openJourney()
const { entra, tables } = world.desk

const call = (visitor: Visitor, name: string): Promise<Reply> =>
  visitor.ask(`${world.origin}/api/${name}/list`, {
    headers: {
      accept: 'application/json',
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
      'x-csrf': '1',
    },
    from: world.origin,
  })
async function withoutConsent(): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  await visitor.signIn()
  entra.forgetConsents(ORDERS.clientId)
  entra.switches.consent.notGivenFor = [ORDERS.clientId]
  return visitor
}
const apisOf = async (visitor: Visitor) => (await readSession(world, visitor)).apis
const linkOn = async (visitor: Visitor): Promise<string | undefined> => {
  const { text } = await visitor.ask(`${world.origin}/auth`)
  return /<a class="button quiet" href="([^"]+)">Continue/.exec(text)?.[1]?.replaceAll('&#38;', '&')
}

test('is said after the first call that was refused, with the way to consent, and no more once they have', async () => {
  const visitor = await withoutConsent()
  expect(await apisOf(visitor)).toContainEqual({ name: 'orders', state: 'unknown' })
  expect(await linkOn(visitor)).toBeUndefined()
  const { loginUrl } = expectTwin(world, await call(visitor, 'orders'), 'entra/interaction_required')
  expect(await apisOf(visitor)).toEqual([
    { name: 'orders', state: 'consent', loginUrl },
    { name: 'reports', state: 'unknown' },
  ])
  for (const scope of SAMPLE_PERMISSIONS.filter((each) => each.includes(ORDERS.clientId)))
    expect(new URL(String(loginUrl), world.origin).searchParams.get('scope')).toContain(scope)

  const link = await linkOn(visitor)
  expect(link).toBe(`${loginUrl}&returnTo=%2Fauth%23apis`)
  const form = await visitor.toCallback(link, { ...ADA, consent: 'accept' })
  expect(location(await visitor.post(form))).toBe('/auth#apis')
  expect((await call(visitor, 'orders')).status).toBe(200)
  expect(await apisOf(visitor)).toContainEqual({ name: 'orders', state: 'ready' })
})

test('is said no more once somebody else consented for them, and nothing of another API is forgotten meanwhile', async () => {
  const visitor = await withoutConsent()
  await call(visitor, 'orders')
  expect((await call(visitor, 'reports')).status).toBe(200)
  expect(await apisOf(visitor)).toMatchObject([{ state: 'consent' }, { name: 'reports', state: 'ready' }])
  expectTwin(world, await call(visitor, 'orders'), 'entra/interaction_required')
  expect(await apisOf(visitor)).toMatchObject([{ state: 'consent' }, { name: 'reports', state: 'ready' }])

  entra.switches.consent.notGivenFor = []
  expect((await call(visitor, 'orders')).status).toBe(200)
  expect(await apisOf(visitor)).toEqual(['orders', 'reports'].map((name) => ({ name, state: 'ready' })))
})

test('is written down once, not with each call', async () => {
  const visitor = await withoutConsent()
  const replaced = (): number => tables.requests.filter(({ operation }) => operation === 'replace').length
  const before = replaced()
  for (let i = 0; i < 3; i += 1)
    expectTwin(world, await call(visitor, 'orders'), 'entra/interaction_required')
  expect(replaced()).toBe(before + 1)
})
