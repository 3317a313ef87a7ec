import { AadstsError } from '../aadsts.ts'
import { isHintFor } from '../directory/person.ts'
import { errorPage } from '../pages/errorPage.ts'
import { signInPage } from '../pages/signInPage.ts'
import { type Exchange, note } from '../wire/exchange.ts'
import type { Parameters } from '../wire/parameters.ts'
import type { Reply } from '../wire/reply.ts'
import type { World } from '../world.ts'
import { accountsUnder } from './accountsUnder.ts'
import {
  type AuthorizationRequest,
  type ReturnAddress,
  readAuthorizationRequest,
  readReturnAddress,
} from './authorizationRequest.ts'
import { authorizationResponse, errorResponse } from './authorizationResponse.ts'
import { candidates, findBrowserSession } from './browserSession.ts'
import { complete } from './complete.ts'
import type { BrowserSession, SignedInAccount } from './signedInAccount.ts'

/**
 * `GET|POST /{tenant}/oauth2/v2.0/authorize` (OpenID Connect Core section 3.1.2). An unknown client or redirect URI ends on a
 * page; every other fault goes to the redirect URI; one signed-in person passes silently; else the sign-in page asks.
 */
export async function authorizeEndpoint(world: World, exchange: Exchange): Promise<Reply> {
  exchange.entry.signIn = exchange.trace.traceId
  const parameters = exchange.method === 'POST' ? exchange.form : exchange.query
  noteRequest(exchange, parameters)
  return withRequest(world, exchange, parameters, async (request) => {
    note(exchange, { clientCapabilities: request.claims.clientCapabilities })
    const { error } = world.switches.authorize
    if (error) {
      world.switches.authorize.error = undefined
      note(exchange, { outcome: 'refused', error: error.error })
      const description =
        error.description === undefined ? [] : [['error_description', error.description] as const]
      return authorizationResponse(world, request, [['error', error.error], ...description])
    }
    const session = findBrowserSession(world, exchange)
    const silent = chooseSilently(world, exchange, request, session)
    if (silent) {
      note(exchange, { interaction: 'none' })
      return complete(world, exchange, request, silent, { isInteractive: request.prompt !== 'none' })
    }
    note(exchange, { outcome: 'sign-in page', interaction: 'sign-in' })
    return signInPage(world, exchange, request, {
      accounts: accountsUnder(world, exchange.tenant),
      signedIn: candidates(session, exchange, undefined).map(({ account }) => account),
      hinted: (account) => request.loginHint !== undefined && isHintFor(account, request.loginHint),
    })
  })
}

/**
 * Reads the request and hands it on; turns a refusal into a page, or, once the return address is trusted, into an
 * error response.
 */
export async function withRequest(
  world: World,
  exchange: Exchange,
  parameters: Parameters,
  next: (request: AuthorizationRequest) => Promise<Reply>,
): Promise<Reply> {
  let address: ReturnAddress | undefined
  try {
    address = readReturnAddress(world, exchange, parameters)
    return await next(readAuthorizationRequest(world, address, parameters))
  } catch (error) {
    if (!(error instanceof AadstsError)) throw error
    if (address) return errorResponse(world, exchange, address, error)
    note(exchange, { outcome: 'error page', error: error.error, code: error.code, reason: error.message })
    return errorPage(world, exchange, error)
  }
}

/** The one person who can pass without being asked. With prompt=none it is an error that there is none. */
function chooseSilently(
  world: World,
  exchange: Exchange,
  { prompt, maxAgeSec = Number.POSITIVE_INFINITY, loginHint, claims }: AuthorizationRequest,
  session: BrowserSession | undefined,
): SignedInAccount | undefined {
  if (prompt === 'login' || prompt === 'select_account') return undefined
  const possible = candidates(session, exchange, loginHint)
  const [only] = possible
  const authenticatedAtMs = only?.authenticatedAtMs ?? 0
  const { signInsSinceMs = 0 } = world.switches.policy
  const isFresh = world.now() - authenticatedAtMs <= maxAgeSec * 1000 && authenticatedAtMs > signInsSinceMs
  const isStrongEnough = claims.authenticationContexts.every((acr) => only?.authenticationContexts.has(acr))
  if (only && possible.length === 1 && isFresh && isStrongEnough) return only
  if (prompt !== 'none') return undefined
  if (!only || !isFresh) throw new AadstsError(50058)
  throw possible.length > 1
    ? new AadstsError(16000)
    : new AadstsError(50076, undefined, { error: 'interaction_required' })
}

function noteRequest(exchange: Exchange, parameters: Parameters): void {
  const names = ['redirect_uri', 'response_type', 'response_mode', 'scope', 'prompt', 'domain_hint', 'claims']
  const recorded = names.map((name) => [name, parameters.get(name)] as const)
  note(exchange, {
    clientId: parameters.get('client_id'),
    ...Object.fromEntries(recorded.filter(([, value]) => value !== undefined)),
    hasState: parameters.has('state'),
    hasNonce: parameters.has('nonce'),
    hasLoginHint: parameters.has('login_hint'),
    codeChallengeMethod: parameters.has('code_challenge')
      ? (parameters.get('code_challenge_method') ?? 'plain')
      : undefined,
    // A plain challenge is the verifier itself.
    codeChallenge:
      parameters.get('code_challenge_method') === 'S256' ? parameters.get('code_challenge') : undefined,
  })
}
