import { AadstsError, errorBody } from '../aadsts.ts'
import type { Details } from '../requestLog.ts'
import { override } from '../switches.ts'
import { type Exchange, note } from '../wire/exchange.ts'
import type { Parameters } from '../wire/parameters.ts'
import { json, type Reply } from '../wire/reply.ts'
import type { World } from '../world.ts'
import { redeemCode } from './authorizationCodeGrant.ts'
import { type AuthenticatedClient, authenticateClient } from './clientAuthentication.ts'
import { issueAppToken } from './clientCredentialsGrant.ts'
import { actOnBehalfOf } from './onBehalfOfGrant.ts'
import { refresh } from './refreshTokenGrant.ts'
import { shownToken } from './shownToken.ts'

type Grant = (
  world: World,
  exchange: Exchange,
  client: AuthenticatedClient,
) => Promise<Record<string, unknown>>

const grants: ReadonlyMap<string, Grant> = new Map([
  ['authorization_code', redeemCode],
  ['refresh_token', refresh],
  ['client_credentials', issueAppToken],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', actOnBehalfOf],
])

/** `POST /{tenant}/oauth2/v2.0/token`. Refusals are Entra's JSON: 401 for `invalid_client`, else 400. */
export async function tokenEndpoint(world: World, exchange: Exchange): Promise<Reply> {
  try {
    const body = await answer(world, exchange)
    note(exchange, { outcome: 'issued', issued: Object.keys(body).filter((name) => name.endsWith('_token')) })
    const sent = override(body, world.switches.token.override)
    note(exchange, {
      returned: Object.keys(sent),
      idToken: shownToken('id_token', sent.id_token),
      accessToken: shownToken('access_token', sent.access_token),
    })
    return json(200, sent)
  } catch (error) {
    if (!(error instanceof AadstsError)) throw error
    note(exchange, { outcome: 'refused', error: error.error, code: error.code, reason: error.message })
    return json(error.status, errorBody(error, exchange.trace, world.now(), world.origin))
  }
}

async function answer(world: World, exchange: Exchange): Promise<Record<string, unknown>> {
  const { form, headers } = exchange
  if (form.duplicate !== undefined) throw new AadstsError(9000411, `Parameter '${form.duplicate}'.`)
  const grantType = form.require('grant_type')
  note(exchange, {
    grantType,
    scope: form.get('scope'),
    parameters: shownParameters(form),
    clientRequestId: headerText(headers['client-request-id']),
  })
  if (headers.origin !== undefined) throw new AadstsError(9002326, `Request origin: '${headers.origin}'.`)
  const grant = grants.get(grantType)
  if (!grant) throw new AadstsError(70003, `'${grantType}'.`)

  const client = await authenticateClient(world, exchange)
  const { refuse, refuseClaims: claims, refuseError: error } = world.switches.token
  if (refuse !== undefined) {
    const extras = { ...(claims === undefined ? {} : { claims }), ...(error === undefined ? {} : { error }) }
    throw new AadstsError(refuse, undefined, extras)
  }
  return grant(world, exchange, client)
}

/** The parameters in the order sent; null in place of each value that could be used by whoever reads it. */
function shownParameters(form: Parameters): Details {
  const shown = ['grant_type', 'client_id', 'redirect_uri', 'scope', 'client_assertion_type', 'claims']
  const names = form.names.filter((name) => /^[a-z_]{1,40}$/.test(name))
  return Object.fromEntries(names.map((name) => [name, shown.includes(name) ? (form.get(name) ?? '') : null]))
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
