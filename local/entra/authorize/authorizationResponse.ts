import { type AadstsError, describe } from '../aadsts.ts'
import { formPostPage, type ResponseParameters } from '../pages/formPostPage.ts'
import { type Exchange, note } from '../wire/exchange.ts'
import { type Reply, redirect } from '../wire/reply.ts'
import type { World } from '../world.ts'
import type { ReturnAddress } from './authorizationRequest.ts'

/** Sends an authorization response to the redirect URI by the response mode, bent as the switches say. */
export function authorizationResponse(
  world: World,
  address: ReturnAddress,
  parameters: ResponseParameters,
): Reply {
  const { iss, duplicate } = world.switches.authorize
  const honest: ResponseParameters = [
    ...parameters,
    ...stateOf(world, address),
    ...(iss === undefined ? [] : [['iss', iss] as const]),
  ]
  const sent = honest.flatMap(
    ([name, value]): ResponseParameters =>
      duplicate.includes(name)
        ? [
            [name, value],
            [name, `${value}-duplicate`],
          ]
        : [[name, value]],
  )
  if (address.responseMode === 'form_post') {
    return formPostPage(world.tenants[0].displayName, address.redirectUri, sent)
  }

  const encoded = new URLSearchParams(sent.map(([name, value]) => [name, value])).toString()
  const separator = address.responseMode === 'fragment' ? '#' : address.redirectUri.includes('?') ? '&' : '?'
  return redirect(`${address.redirectUri}${separator}${encoded}`)
}

/** Sends a refusal to the redirect URI. */
export function errorResponse(
  world: World,
  exchange: Exchange,
  address: ReturnAddress,
  error: AadstsError,
): Reply {
  note(exchange, { outcome: 'refused', error: error.error, code: error.code, reason: error.message })
  return authorizationResponse(world, address, [
    ['error', error.error],
    // What Entra adds when the person turned back.
    ...(error.code === 65004 ? [['error_subcode', 'cancel'] as const] : []),
    ['error_description', describe(error, exchange.trace, world.now())],
    ['error_uri', `${world.origin}/error?code=${error.code}`],
  ])
}

function stateOf(world: World, { state }: ReturnAddress): ResponseParameters {
  const fate = world.switches.authorize.state
  if (fate === 'absent' || state === undefined) return []
  return [['state', fate === 'other' ? `${state.slice(0, -1)}${state.endsWith('A') ? 'B' : 'A'}` : state]]
}
