import * as oauth from 'oauth4webapi'
import { requireTokens, tokenResponseError } from '../../lib/entra/tokenAnswer.ts'
import type { AppError } from '../../lib/errors/appError.ts'
import { START_MS } from './heldEffects.ts'

/** What becomes of an answer of the token endpoint, read by the library as in the product. */
export async function refusalOf(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<AppError> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = new Response(text, {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  })
  const server = { issuer: 'https://issuer.example' }
  const client = { client_id: 'client', id_token_signed_response_alg: 'RS256' }
  try {
    await requireTokens(response, START_MS)
    await oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: 'n' })
  } catch (fault) {
    return tokenResponseError(fault)
  }
  throw new Error('the answer was accepted')
}
