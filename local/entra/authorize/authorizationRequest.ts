import { AadstsError } from '../aadsts.ts'
import type { Application } from '../directory/application.ts'
import { parseScopes, type Scopes } from '../directory/scopes.ts'
import type { IssuedCode } from '../token/userGrant.ts'
import type { Exchange } from '../wire/exchange.ts'
import type { Parameters } from '../wire/parameters.ts'
import type { World } from '../world.ts'
import { type ClaimsRequest, readClaimsRequest } from './claimsRequest.ts'

/** Where an authorization response goes, and how. */
export type ReturnAddress = {
  readonly client: Application
  readonly redirectUri: string
  readonly responseMode: ResponseMode
  readonly state: string | undefined
}

export type ResponseMode = 'query' | 'fragment' | 'form_post'

/** An authorization request that passed every check. */
export type AuthorizationRequest = ReturnAddress & {
  readonly scope: string
  readonly scopes: Scopes
  readonly nonce: string | undefined
  readonly codeChallenge: IssuedCode['codeChallenge']
  readonly prompt: Prompt | undefined
  /** `max_age`: how long ago the person may have authenticated. Seconds. Undocumented at Entra, kept as the specification has it. */
  readonly maxAgeSec: number | undefined
  readonly loginHint: string | undefined
  readonly claims: ClaimsRequest
  readonly wantsClientInfo: boolean
}

const prompts = ['login', 'none', 'consent', 'select_account'] as const
type Prompt = (typeof prompts)[number]

const responseModes = ['query', 'fragment', 'form_post'] as const

/**
 * Reads who asks and where the answer goes. A fault found here is shown to the person and never redirected: it is the
 * redirect that cannot be trusted.
 */
export function readReturnAddress(world: World, exchange: Exchange, parameters: Parameters): ReturnAddress {
  const clientId = parameters.require('client_id').toLowerCase()
  const client = world.applications.get(clientId)
  if (!client) throw new AadstsError(700016, `client_id '${clientId}'.`)
  if (!client.isMultiTenant && exchange.tenant.tenant?.tenantId !== world.tenants[0].tenantId) {
    throw new AadstsError(50194, `Application '${client.displayName}'.`)
  }
  // Entra picks one when none is sent, and does not say which.
  const redirectUri = parameters.get('redirect_uri') ?? client.redirectUris[0]
  if (redirectUri === undefined || !client.redirectUris.includes(redirectUri)) {
    throw new AadstsError(50011, `redirect_uri '${redirectUri}'.`)
  }
  const { duplicate } = parameters
  if (duplicate === 'client_id' || duplicate === 'redirect_uri') {
    throw new AadstsError(9000411, `Parameter '${duplicate}'.`)
  }
  return {
    client,
    redirectUri,
    responseMode: responseModes.find((mode) => mode === parameters.get('response_mode')) ?? 'query',
    state: parameters.get('state'),
  }
}

/** Checks the rest of the request. A fault found here goes to the redirect URI. */
export function readAuthorizationRequest(
  world: World,
  address: ReturnAddress,
  parameters: Parameters,
): AuthorizationRequest {
  if (parameters.duplicate !== undefined) {
    throw new AadstsError(9000411, `Parameter '${parameters.duplicate}'.`)
  }
  const responseType = parameters.require('response_type')
  if (responseType !== 'code') throw new AadstsError(700054, `response_type '${responseType}'.`)
  const responseMode = parameters.get('response_mode')
  if (responseMode !== undefined && responseMode !== address.responseMode) throw new AadstsError(70007)

  const scope = parameters.require('scope')
  const scopes = parseScopes(scope, world.applications)
  // Stricter than Entra, where a request may be plain OAuth: whoever comes here means to sign somebody in.
  if (!scopes.openId.has('openid')) throw new AadstsError(70011, "The scope lacks 'openid'.")
  const nonce = parameters.get('nonce')
  if (world.switches.authorize.requireNonce && nonce === undefined) parameters.require('nonce')
  if (world.switches.authorize.requirePkce) parameters.require('code_challenge')

  const loginHint = parameters.get('login_hint')
  const prompt = readPrompt(parameters.get('prompt'))
  if (prompt === 'select_account' && loginHint !== undefined) {
    throw new AadstsError(90023, "'login_hint' and prompt 'select_account' exclude each other.")
  }
  return {
    ...address,
    scope,
    scopes,
    nonce,
    codeChallenge: readCodeChallenge(parameters),
    prompt,
    maxAgeSec: readMaxAge(parameters.get('max_age')),
    loginHint,
    claims: readClaimsRequest(parameters.get('claims')),
    wantsClientInfo: parameters.get('client_info') === '1',
  }
}

function readPrompt(value: string | undefined): Prompt | undefined {
  const prompt = prompts.find((candidate) => candidate === value)
  if (value !== undefined && prompt === undefined) throw new AadstsError(90023, `prompt '${value}'.`)
  return prompt
}

function readMaxAge(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (!/^\d{1,9}$/.test(value)) throw new AadstsError(90023, `max_age '${value}'.`)
  return Number(value)
}

/** RFC 7636 section 4.3. As at Entra, no method means plain. */
function readCodeChallenge(parameters: Parameters): IssuedCode['codeChallenge'] {
  const value = parameters.get('code_challenge')
  const method = parameters.get('code_challenge_method') ?? 'plain'
  if (value === undefined) return undefined
  if (method !== 'S256' && method !== 'plain') throw new AadstsError(501491, `Method '${method}'.`)
  const isSized = method === 'S256' ? value.length === 43 : value.length >= 43 && value.length <= 128
  if (!isSized || !/^[\w.~-]+$/.test(value)) throw new AadstsError(50147)
  return { value, method }
}
