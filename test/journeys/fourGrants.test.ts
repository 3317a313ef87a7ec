/** One assertion, four grants: the same bytes prove the client for a code, a refresh token, a caller's token and the client itself. */
import { expect, test } from 'vitest'
import { createAppOnlyTokens } from '../../lib/entra/appOnlyTokens.ts'
import { createOnBehalfOf } from '../../lib/entra/onBehalfOf.ts'
import { createTokenEndpoint } from '../../lib/entra/tokenEndpoint.ts'
import { openJourney } from '../support/openJourney.ts'
import { ADA, newVisitor } from '../support/visitor.ts'

const world = await openJourney({ isFrozen: true })
const { entra, clientId, vault } = world.desk
const BY_OUR_PAGE = {
  accept: 'application/json',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  'x-csrf': '1',
}

/** By every grant there is, in turn, as one instance of the app sends them. */
async function useEveryGrant(): Promise<void> {
  const visitor = newVisitor(world.origin)
  await visitor.signIn()
  // Of the sign-in no access token is kept: the call needs one by the refresh token.
  await visitor.ask(`${world.origin}/api/orders/list`, { headers: BY_OUR_PAGE, from: world.origin })
  const { config, credential, effects } = world.app()
  const { issuerTemplate, token: url } = config.entra
  const endpoint = createTokenEndpoint({ clientId, issuerTemplate, url, credential, effects })
  const userAssertion = await entra.mintAccessToken({
    resource: clientId,
    client: clientId,
    person: ADA.person,
  })
  await createOnBehalfOf({ endpoint, effects }).exchange({
    userAssertion,
    userAssertionExpiresAtMs: world.now() + 3_600_000,
    scope: 'User.Read',
  })
  await createAppOnlyTokens({ endpoint, effects }).tokenFor(`api://${clientId}/.default`)
}

interface Sent {
  readonly grantType: string
  readonly assertion: { readonly claims: { readonly jti: string } }
}

const GRANTS = [
  'authorization_code',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'client_credentials',
]

test('the same bytes are accepted for authorization code, refresh, on-behalf-of and client credentials: four grants, one `jti`, one signature', async () => {
  const before = vault.requests.filter(({ operation }) => operation === 'sign').length
  await useEveryGrant()
  const requests = entra.log.filter(({ kind }) => kind === 'token')
  const sent = requests.map(({ details }) => details as unknown as Sent)

  expect(requests.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(sent.map(({ grantType }) => grantType)).toEqual(GRANTS)
  expect(new Set(sent.map(({ assertion }) => assertion.claims.jti)).size).toBe(1)
  expect(vault.requests.filter(({ operation }) => operation === 'sign').length - before).toBe(1)
})
