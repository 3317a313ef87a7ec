/**
 * One request to Microsoft Graph as the application itself: its own app-only token, which a client assertion got and no secret, a deadline,
 * a bound on the answer, no redirect. A request is sent once. Only where Graph does not take the token, as after a revocation, is it sent
 * again with another; whoever asks decides when to come again for any other reason.
 */
import { uuid } from '../base/crypto.ts'
import type { Effects } from '../base/effects.ts'
import { AppError } from '../errors/appError.ts'
import type { AppOnlyTokens } from './appOnlyTokens.ts'
import { type BoundedFetch, createBoundedFetch } from './boundedFetch.ts'
import { graphRefusal } from './graphRefusal.ts'

/**
 * Graph by its own client id, which is one in all clouds: then only the address of Graph differs between them, and a token is asked for as
 * for any other API.
 */
export const GRAPH_SCOPE = '00000003-0000-0000-c000-000000000000/.default'

/** Writes to a directory take seconds. */
const DEADLINE_MS = 15_000
/** Values of enumerations that came later than version 1.0 are told by name, in place of `unknownFutureValue`. */
const PREFER = 'include-unknown-enum-members'

export interface GraphRequest {
  /** Below `/v1.0/`. */
  readonly path: string
  /** Posted where there is one; else it is a GET. */
  readonly body?: Readonly<Record<string, unknown>>
  /** Whether the body carries a proof of possession. */
  readonly withProof?: boolean
}

/**
 * What Graph's JSON holds, or undefined for an answer without a body. Throws `graph/*`, and what a token request of the application can
 * throw: `entra/*`, `vault/*`, `identity/unavailable`. After `graph/unavailable` nobody knows whether a write was carried out.
 */
export type AskGraph = (request: GraphRequest) => Promise<unknown>

export interface GraphAccess {
  /** `https://graph.microsoft.com`, or that of a national cloud. */
  readonly origin: string
  /** App-only tokens of the very application that is asked about. */
  readonly tokens: Pick<AppOnlyTokens, 'tokenFor' | 'replace'>
  readonly effects: Pick<Effects, 'now' | 'fetch' | 'random'>
}

export function createGraphRequest({ origin, tokens, effects }: GraphAccess): AskGraph {
  const fetchBounded = boundedAsGraph(createBoundedFetch(effects, DEADLINE_MS))

  async function send({ path, body, withProof = false }: GraphRequest, token: string): Promise<unknown> {
    const headers = {
      authorization: `Bearer ${token}`,
      'client-request-id': uuid(effects.random),
      prefer: PREFER,
    }
    const response = await fetchBounded(
      `${origin}/v1.0/${path}`,
      body === undefined
        ? { headers }
        : {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify(body),
          },
    )
    const answer = await readJson(response)
    if (!response.ok) throw graphRefusal(response, answer, { withProof }, effects.now())
    if (answer === undefined && response.status !== 204)
      throw new AppError('graph/malformed_response', { detail: `${response.status} without JSON` })
    return answer
  }

  return async (request) => {
    const token = await tokens.tokenFor(GRAPH_SCOPE)
    try {
      return await send(request, token)
    } catch (fault) {
      if (!(fault instanceof AppError) || fault.code !== 'graph/token_refused') throw fault
      const other = await tokens.replace(GRAPH_SCOPE, token)
      if (other === undefined) throw fault
      return send(request, other)
    }
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The same bounds, with faults of the way under the names of whom they befell. */
function boundedAsGraph(fetchBounded: BoundedFetch): BoundedFetch {
  return async (url, init) => {
    try {
      return await fetchBounded(url, init)
    } catch (fault) {
      if (!(fault instanceof AppError)) throw fault
      const code = fault.code === 'entra/unavailable' ? 'graph/unavailable' : 'graph/malformed_response'
      throw new AppError(code, fault.context)
    }
  }
}
