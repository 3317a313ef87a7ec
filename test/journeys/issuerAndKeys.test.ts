/** Entra as some tenants have it: an application with a signing key of its own, and an issuer whose host is not the sign-in host's. */
import { afterEach, describe, expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, isSignedIn, readSession } from '../support/screens.ts'
import { expectNoSession, tracesOf } from '../support/traces.ts'
import { location, newVisitor } from '../support/visitor.ts'

const LOGIN = '/auth/login?returnTo=%2Forders'
const TEMPLATE = 'https://{tenantid}.ciamlogin.example/{tenantid}/v2.0'

const world = await openJourney()
const { entra, clientId } = world.desk
const issuer = TEMPLATE.replaceAll('{tenantid}', entra.tenantId)
afterEach(() => {
  entra.switches.reset()
  world.replaceInstance()
})

async function whoami(): Promise<number> {
  const token = await entra.mintAccessToken({ resource: clientId, person: entra.people[0]?.oid ?? '' })
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${world.origin}/protected/whoami`, { headers })
  return answer.status
}

async function expectSignedIn(): Promise<void> {
  const visitor = newVisitor(world.origin)
  expect(location(await visitor.signIn(LOGIN))).toBe('/orders')
  expect(await isSignedIn(world, visitor)).toBe(true)
}

describe('an application that claims mapping gave a signing key of its own', () => {
  test('signs people in, and the API that it is takes its tokens: keys are asked for by its id', async () => {
    entra.switches.keys.ofApplications = true
    world.replaceInstance()
    await expectSignedIn()
    expect(await whoami()).toBe(200)
  })

  test('is asked about from the first look on, so that the key may come at any time', async () => {
    await expectSignedIn()
    entra.switches.keys.ofApplications = true
    await expectSignedIn()
  })
})

describe('External ID under a domain of its own', () => {
  test('signs people in once the issuer is stated, and guards its API by it', async () => {
    entra.switches.metadata.issuer = TEMPLATE
    world.replaceInstance({ ENTRA_ISSUER: TEMPLATE })
    const visitor = newVisitor(world.origin)
    expect(location(await visitor.signIn(LOGIN))).toBe('/orders')
    expect(await readSession(world, visitor)).toMatchObject({ user: { tenantId: entra.tenantId } })
    expect(await whoami()).toBe(200)
  })

  test('states it with or without the tenant filled in', async () => {
    entra.switches.metadata.issuer = TEMPLATE
    world.replaceInstance({ ENTRA_ISSUER: issuer })
    await expectSignedIn()
  })

  test('signs out by the front channel, which names that issuer', async () => {
    entra.switches.metadata.issuer = TEMPLATE
    world.replaceInstance({ ENTRA_ISSUER: TEMPLATE })
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN)
    await visitor.post(form)
    const query = new URLSearchParams({ sid: form.fields.get('session_state') ?? '', iss: issuer })
    await newVisitor(world.origin).ask(`${world.origin}/auth/frontchannel-logout?${query}`)
    expect(await isSignedIn(world, visitor)).toBe(false)
  })

  test.each([
    ['not stated', {}],
    ['stated for another host', { ENTRA_ISSUER: 'https://{tenantid}.ciamlogin.invalid/{tenantid}/v2.0' }],
    ['stated with a slash too many', { ENTRA_ISSUER: `${TEMPLATE}/` }],
  ])('lets nobody in and is not ready where the issuer is %s', async (_what, settings) => {
    entra.switches.metadata.issuer = TEMPLATE
    world.replaceInstance(settings)
    const before = await tracesOf(world)
    expectScreen(world, await newVisitor(world.origin).signIn(LOGIN), 'entra/metadata_mismatch')
    await expectNoSession(world, before)
    expect((await newVisitor(world.origin).ask(`${world.origin}/health/ready`)).status).toBe(503)
  })

  test('lets nobody in by a token of the sign-in host itself', async () => {
    entra.switches.metadata.issuer = TEMPLATE
    world.replaceInstance({ ENTRA_ISSUER: TEMPLATE })
    entra.switches.idToken.override = { iss: entra.issuer }
    const before = await tracesOf(world)
    expectScreen(world, await newVisitor(world.origin).signIn(LOGIN), 'entra/id_token_rejected')
    await expectNoSession(world, before)
  })
})
