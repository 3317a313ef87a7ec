/** Redemptions at a token endpoint that answers as the test says. */
import type { Config } from '../../lib/config/config.ts'
import type { ClientAssertion } from '../../lib/credential/clientCredential.ts'
import { judgeAuthorizationResponse } from '../../lib/entra/authorizationResponse.ts'
import { createCodeRedemption } from '../../lib/entra/codeRedemption.ts'
import { createProviderKeys } from '../../lib/entra/providerKeys.ts'
import { createTokenAttempts } from '../../lib/entra/tokenAttempts.ts'
import { createTokenEndpoint } from '../../lib/entra/tokenEndpoint.ts'
import { CLIENT, configOf } from './configOf.ts'
import { heldEffects } from './heldEffects.ts'
import { heldProvider } from './heldProvider.ts'
import { CLAIMS, newSigner } from './idTokens.ts'
import { CORRELATION_ID } from './signetRequestOf.ts'

const YEAR_MS = 365 * 24 * 3_600_000

const key = await newSigner()

interface TokenRequest {
  readonly url: string
  readonly method: string | undefined
  readonly headers: Headers
  readonly body: string
}

export interface Answer {
  status: number
  headers: Record<string, string>
  body: Record<string, unknown>
}

export const ASSERTION: ClientAssertion = {
  jws: 'header.claims.signature',
  proof: { method: 'vault', keyId: 'v2' },
}
export const ALTERNATIVE: ClientAssertion = {
  jws: 'another.claims.signature',
  proof: { method: 'vault', keyId: 'v1' },
}
export const REFUSED: Answer = {
  status: 401,
  headers: {},
  body: { error: 'invalid_client', error_codes: [700027] },
}

/** An app whose token endpoint answers as the test says; its clock is a year off the machine's. */
export function redemptionWorld(config: Config = configOf()) {
  const effects = heldEffects()
  effects.advance(YEAR_MS)
  const provider = heldProvider(config.entra)
  provider.keys = [{ ...key.publicJwk, kid: 'k1' }]
  const requests: TokenRequest[] = []
  const nowSec = Math.floor(effects.now() / 1_000)

  const idToken = (members: object = {}, header: object = {}): string =>
    key.idToken({ iat: nowSec, nbf: nowSec, exp: nowSec + 3_600, ...members }, header)

  const endpointAnswer: Answer = {
    status: 200,
    headers: {},
    body: {
      token_type: 'Bearer',
      access_token: 'access',
      refresh_token: 'refresh',
      expires_in: 3_600,
      scope: 'openid profile',
      id_token: idToken(),
    },
  }
  /** What comes before it. */
  const answers: Answer[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    if (String(input) !== config.entra.token) return provider.fetch(input, init)
    const { method, headers, body } = init ?? {}
    requests.push({ url: String(input), method, headers: new Headers(headers), body: String(body) })
    const { status, body: answer, headers: answerHeaders } = answers.shift() ?? endpointAnswer
    return Response.json(answer, { status, headers: answerHeaders })
  }
  const sought: ClientAssertion[] = []
  const credential = {
    assertionFor: (): never => {
      throw new Error('the assertion is handed in')
    },
    /** What there is besides the assertion handed in. */
    alternative: undefined as ClientAssertion | undefined,
    alternativeTo: async (refused: ClientAssertion) => {
      sought.push(refused)
      return credential.alternative
    },
  }
  const all = { ...effects, fetch }
  const { issuerTemplate, token: url } = config.entra
  const attempts = createTokenAttempts(effects)
  const endpoint = createTokenEndpoint({
    clientId: CLIENT,
    issuerTemplate,
    url,
    credential,
    effects: all,
    attempts,
  })
  const keys = createProviderKeys(config.entra, all)
  const redeemCode = createCodeRedemption({ config, endpoint, keys, effects: all })
  const redeem = ({ iss }: { readonly iss?: string } = {}) =>
    redeemCode({
      response: judgeAuthorizationResponse(
        config,
        new URLSearchParams({ code: 'the-code', state: 'st', ...(iss === undefined ? {} : { iss }) }),
        'st',
      ),
      assertion: ASSERTION,
      codeVerifier: 'verifier-of-this-transaction-verifier-of-this',
      nonce: CLAIMS.nonce,
      correlationId: CORRELATION_ID,
    })
  return {
    effects,
    provider,
    requests,
    credential,
    sought,
    answers,
    attempts,
    endpointAnswer,
    idToken,
    redeem,
  }
}
