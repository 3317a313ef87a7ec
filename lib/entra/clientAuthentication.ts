/**
 * How the client authenticated, as Entra wrote it into an access token: `azpacr` in version 2 tokens, `appidacr` in version 1;
 * `0` no proof, `1` a secret, `2` a certificate (or another assertion).
 */
import { decodeJwt } from 'jose'

export interface ClientAuthentication {
  readonly claim: 'azpacr' | 'appidacr'
  readonly value: string
}

/**
 * The claim in an access token that is meant for us, fresh from the token endpoint. Tokens for other APIs are not ours to read,
 * whatever is in them: then, and for anything that is no JWT, undefined.
 */
export function clientAuthenticationOf(
  accessToken: string,
  clientId: string,
): ClientAuthentication | undefined {
  try {
    const { aud, azpacr, appidacr } = decodeJwt(accessToken)
    if (aud !== clientId && aud !== `api://${clientId}`) return undefined
    if (typeof azpacr === 'string') return { claim: 'azpacr', value: azpacr }
    return typeof appidacr === 'string' ? { claim: 'appidacr', value: appidacr } : undefined
  } catch {
    return undefined
  }
}
