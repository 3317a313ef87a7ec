import { describe, expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { BY_SCRIPT, expectScreen, expectTwin, isSignedIn } from '../support/screens.ts'
import { newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const world = await openJourney()
const own = world.origin

async function signedIn(): Promise<Visitor> {
  const visitor = newVisitor(own)
  await visitor.signIn()
  expect(await isSignedIn(world, visitor)).toBe(true)
  return visitor
}

function signOut(
  visitor: Visitor,
  headers: Readonly<Record<string, string | undefined>> = {},
): Promise<Reply> {
  return visitor.ask(`${own}/auth/logout`, { method: 'POST', from: own, headers })
}

describe('signing out needs a request of our own pages (ASVS 3.5.1)', () => {
  test.each([
    { what: 'another site', headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' } },
    { what: 'a sibling host', headers: { 'sec-fetch-site': 'same-site', origin: 'http://other.localhost' } },
    {
      what: 'another site without Fetch Metadata',
      headers: { 'sec-fetch-site': undefined, origin: 'https://evil.example' },
    },
    { what: 'a page of another origin that claims same-origin', headers: { origin: 'https://evil.example' } },
    {
      what: 'a sandboxed frame of another site',
      headers: { 'sec-fetch-site': 'cross-site', origin: 'null' },
    },
    { what: 'the address bar', headers: { 'sec-fetch-site': 'none', origin: undefined } },
    { what: 'a sibling host without a name', headers: { 'sec-fetch-site': 'same-site', origin: 'null' } },
  ])('$what signs nobody out', async ({ headers }) => {
    const visitor = await signedIn()
    expectScreen(world, await signOut(visitor, headers), 'http/cross_site')
    expectTwin(world, await signOut(visitor, { ...BY_SCRIPT, ...headers }), 'http/cross_site')
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('%s signs nobody out', async (method) => {
    const visitor = await signedIn()
    const reply = await visitor.ask(`${own}/auth/logout`, { method, from: own })
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST'])
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test.each([
    { what: 'our own page, which has no referrer', headers: { origin: 'null' } },
    { what: 'our own script', headers: BY_SCRIPT },
    { what: 'our own page that sends no Origin', headers: { origin: undefined } },
    { what: 'our own page in a browser without Fetch Metadata', headers: { 'sec-fetch-site': undefined } },
    {
      what: 'our own page, which has no referrer, in a browser without Fetch Metadata',
      headers: { 'sec-fetch-site': undefined, origin: 'null' },
    },
    {
      what: 'our own page in a browser that says neither',
      headers: { 'sec-fetch-site': undefined, origin: undefined },
    },
    { what: 'our own page behind a service worker', headers: { 'sec-fetch-dest': 'empty', origin: 'null' } },
  ])('$what signs out', async ({ headers }) => {
    const visitor = await signedIn()
    expect((await signOut(visitor, headers)).status).toBe(303)
    expect(await isSignedIn(world, visitor)).toBe(false)
  })

  test.each([
    { 'sec-fetch-site': undefined, origin: 'null' },
    { 'sec-fetch-site': undefined, origin: undefined },
    { 'sec-fetch-site': undefined, origin: undefined, referer: `${own}/` },
  ])('without the session cookie, which another site’s form does not bring, not by %o', async (headers) => {
    const reply = await signOut(newVisitor(own), headers)
    expectScreen(world, reply, 'http/cross_site')
    expect([reply.setCookies, reply.headers.get('location')]).toEqual([[], null])
  })
})
