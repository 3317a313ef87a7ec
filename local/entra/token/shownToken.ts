import { decodeJwt } from 'jose'
import type { Details } from '../requestLog.ts'

const SHOWN = {
  id_token: ['iss', 'aud', 'sub', 'exp', 'iat', 'tid', 'oid', 'ver'],
  access_token: [
    ...['azpacr', 'appidacr', 'azp', 'appid', 'aud', 'iss', 'scp', 'roles', 'sub', 'oid'],
    ...['tid', 'exp', 'iat', 'ver'],
  ],
} as const

/** Of a token as it went out, the claims that the log may keep; a nonce by its presence only. Empty for what is no JWT. */
export function shownToken(kind: keyof typeof SHOWN, token: unknown): Details {
  const claims = readClaims(token)
  const shown = SHOWN[kind].filter((name) => claims[name] !== undefined)
  return {
    ...Object.fromEntries(shown.map((name) => [name, claims[name]])),
    ...(claims.nonce === undefined ? {} : { hasNonce: true }),
  }
}

function readClaims(token: unknown): Details {
  try {
    return decodeJwt(String(token)) as Details
  } catch {
    return {}
  }
}
