/** What the access token says of the client's proof: `azpacr` in version 2, `appidacr` in version 1, nothing for somebody else's API. */
import { expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { readSession } from '../support/screens.ts'
import { newVisitor } from '../support/visitor.ts'

const world = await openJourney()
const { entra, registration, clientId } = world.desk

test.each([
  { version: 2, claim: 'azpacr' },
  { version: 1, claim: 'appidacr' },
] as const)('version $version: the page shows $claim 2', async ({ version, claim }) => {
  entra.registerApplication({ ...registration, requestedAccessTokenVersion: version })
  const visitor = newVisitor(world.origin)
  await visitor.signIn()
  expect(await readSession(world, visitor)).toMatchObject({ clientProof: { claim, value: '2' } })
  const { text } = await visitor.ask(`${world.origin}/`)
  expect(text).toMatch(new RegExp(`${claim}[^a-z]*(<[^>]*>|\\s|=|:)*2`))
  expect(text).not.toContain(version === 1 ? 'azpacr' : 'appidacr')
})

test('a token for Microsoft Graph is not ours to read: the page says nothing of it, and shows the proof itself', async () => {
  entra.registerApplication(registration)
  world.replaceInstance({ ENTRA_SCOPES: 'openid profile offline_access User.Read' })
  const visitor = newVisitor(world.origin)
  await visitor.signIn()
  const { clientProof } = await readSession(world, visitor)
  expect(Object.keys(Object(clientProof)).toSorted()).toEqual(['keyId', 'method', 'thumbprint'])
  const { status, text } = await visitor.ask(`${world.origin}/`)
  expect([status, /(azpacr|appidacr)[^a-z]*(<[^>]*>|\s|=|:)*2/.test(text)]).toEqual([200, false])
  expect(text).toContain(clientId)
})
