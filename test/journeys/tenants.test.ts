/** Several tenants (ENTRA_TENANT_ID=organizations): those on the list sign in, people of any other do not. */
import { describe, expect, test } from 'vitest'
import { fabrikam } from '../../local/entra/directory/cast.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, readSession, wayOn } from '../support/screens.ts'
import { expectNoSession, tracesOf } from '../support/traces.ts'
import { ADA, location, newVisitor, type Visitor } from '../support/visitor.ts'

const LOGIN = '/auth/login?returnTo=%2Forders'
/** Chen by their object id at home. */
const CHEN = { person: '7f8a9b0c-1d2e-4f3a-8b4c-5d6e7f8a9b03' }

const world = await openJourney()
const { entra, registration } = world.desk
entra.registerApplication({ ...registration, isMultiTenant: true })
const contoso = entra.tenantId

function allow(...tenants: readonly string[]): void {
  world.replaceInstance({
    ENTRA_TENANT_ID: 'organizations',
    ENTRA_ALLOWED_TENANTS: tenants.join(' '),
    APP_ONLY_TENANT_ID: contoso,
  })
}

async function expectIn(choice: Readonly<Record<string, string>>, tenantId: string): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  expect(location(await visitor.signIn(LOGIN, choice))).toBe('/orders')
  expect(await readSession(world, visitor)).toMatchObject({ user: { tenantId, objectId: choice.person } })
  return visitor
}

describe('people of allowed tenants', () => {
  test('sign in, each as somebody of their own tenant', async () => {
    allow(contoso, fabrikam.tenantId)
    await expectIn(ADA, contoso)
    await expectIn(CHEN, fabrikam.tenantId)
  })

  test('sign in where only one tenant is allowed', async () => {
    allow(fabrikam.tenantId)
    await expectIn(CHEN, fabrikam.tenantId)
  })

  test('sign out by the front channel of either', async () => {
    allow(contoso, fabrikam.tenantId)
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN, CHEN)
    await visitor.post(form)
    const query = new URLSearchParams({
      sid: form.fields.get('session_state') ?? '',
      iss: `${entra.origin}/${fabrikam.tenantId}/v2.0`,
    })
    await newVisitor(world.origin).ask(`${world.origin}/auth/frontchannel-logout?${query}`)
    expect(await readSession(world, visitor)).toMatchObject({ authenticated: false })
  })
})

describe('people of other tenants', () => {
  test.each([
    { what: 'one tenant is allowed', tenants: [contoso] },
    { what: 'several are', tenants: [contoso, '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d'] },
  ])('have no access where $what, and may come back as somebody else', async ({ tenants }) => {
    allow(...tenants)
    const before = await tracesOf(world)
    const visitor = newVisitor(world.origin)
    const reply = await visitor.signIn(LOGIN, CHEN)
    expectScreen(world, reply, 'entra/no_access')
    await expectNoSession(world, before)
    expect(location(await visitor.signIn(wayOn(reply), ADA))).toBe('/orders')
    expect(await readSession(world, visitor)).toMatchObject({ user: { tenantId: contoso } })
  })

  test('a token that names an allowed tenant and comes from another is a forgery, not a guest', async () => {
    allow(contoso, fabrikam.tenantId)
    const before = await tracesOf(world)
    entra.switches.idToken.override = { tid: contoso }
    expectScreen(world, await newVisitor(world.origin).signIn(LOGIN, CHEN), 'entra/id_token_rejected')
    entra.switches.idToken.override = { tid: '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d' }
    expectScreen(world, await newVisitor(world.origin).signIn(LOGIN, CHEN), 'entra/id_token_rejected')
    await expectNoSession(world, before)
  })

  test('an answer that names the issuer of another tenant is refused', async () => {
    allow(contoso)
    entra.switches.authorize.iss = `${entra.origin}/${fabrikam.tenantId}/v2.0`
    const visitor = newVisitor(world.origin)
    expectScreen(world, await visitor.post(await visitor.toCallback(LOGIN, CHEN)), 'callback/issuer_mismatch')
  })
})

test('a guest from elsewhere signs in to our tenant as ours', async () => {
  world.replaceInstance()
  const visitor = newVisitor(world.origin)
  const chenHere = { person: '2b3d5c74-ac5e-4e2a-9ca8-7d9b2a4f6c03' }
  expect(location(await visitor.signIn(LOGIN, chenHere))).toBe('/orders')
  expect(await readSession(world, visitor)).toMatchObject({
    user: { tenantId: contoso, objectId: chenHere.person },
  })
})
