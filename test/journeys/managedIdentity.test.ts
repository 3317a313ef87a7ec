/** CREDENTIAL=managed-identity: the identity's own token proves the client, and there is no vault at all. */
import { expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, readSession } from '../support/screens.ts'
import { expectNoSession, tracesOf } from '../support/traces.ts'
import { location, newVisitor } from '../support/visitor.ts'

const world = await openJourney({
  settings: {
    CREDENTIAL: 'managed-identity',
    KEY_VAULT_URL: '',
    APP_ONLY_CLIENT_ID: '',
    APP_ONLY_CERTIFICATE: '',
  },
})
const { entra, identity, vault, registration } = world.desk
const { certificates: _none, ...uncertified } = registration

function trust(change: { subject?: string; audience?: string; issuer?: string } = {}): void {
  const federated = {
    issuer: identity.federationIssuer,
    subject: identity.principalId,
    audience: 'api://AzureADTokenExchange',
    jwks: identity.jwks,
    ...change,
  }
  entra.registerApplication({ ...uncertified, federatedCredentials: [federated] })
}

test('a federated identity credential signs in, without a certificate and without a request to the vault', async () => {
  trust()
  const visitor = newVisitor(world.origin)
  expect(location(await visitor.signIn('/auth/login?returnTo=%2Forders'))).toBe('/orders')
  expect(await readSession(world, visitor)).toMatchObject({
    user: { name: 'Ada Lindqvist' },
    clientProof: { method: 'managed-identity', claim: 'azpacr', value: '2' },
  })
  expect((await visitor.ask(`${world.origin}/`)).text).toContain('Ada Lindqvist')
  expect(vault.requests).toEqual([])
  expect(entra.log.findLast(({ kind }) => kind === 'token')?.details).toMatchObject({
    clientProof: 'federated',
  })
})

test('twenty sign-ins ask the identity endpoint no second time', async () => {
  trust()
  await newVisitor(world.origin).signIn()
  const before = identity.requests.length
  for (let i = 0; i < 20; i += 1) expect((await newVisitor(world.origin).signIn()).status).toBe(303)
  expect(identity.requests.length).toBe(before)
})

test.each([
  { what: 'another identity', change: { subject: '00000000-0000-4000-8000-000000000000' } },
  { what: 'another audience', change: { audience: 'api://somebody-else' } },
  { what: 'another issuer', change: { issuer: 'https://issuer.invalid/v2.0' } },
])('a registration that trusts $what is our fault, and nobody gets in', async ({ change }) => {
  trust(change)
  const before = await tracesOf(world)
  expectScreen(world, await newVisitor(world.origin).signIn(), 'entra/client_rejected')
  await expectNoSession(world, before)
})
