/** Whoever picks a transaction secret can seal any state: what a browser then brings, made by hand. */
import { randomBytes } from 'node:crypto'
import { base64url, seal, sha256 } from '../../lib/base/crypto.ts'
import { TRANSACTION_COOKIE } from '../../lib/http/cookies.ts'
import { newTransaction, type TransactionKeys } from '../../lib/session/transaction.ts'
import type { Visitor } from './visitor.ts'

const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))

export interface Forged {
  readonly keys: TransactionKeys
  readonly state: string
}

/** A state that holds `content`, under a secret of one's own. */
export function forgeState(content: unknown): Forged {
  const keys = newTransaction(random)
  const plaintext = new TextEncoder().encode(JSON.stringify(content) ?? '')
  const sealed = seal(keys.stateKey, plaintext, `signet state ${keys.handle} 0`, random)
  return { keys, state: `${keys.handle}.0.${base64url.encode(sealed)}` }
}

/** Puts the cookie of a forged state into a browser. */
export function plantTransaction({ appCookies }: Visitor, { keys }: Forged): void {
  appCookies.set(`${TRANSACTION_COOKIE}${keys.handle}`, { value: keys.secret, sameSite: 'None' })
}

/** An authorization URL that asks for an answer which fits a forged state. */
export function forgedRequest(authorizeUrl: string, { keys, state }: Forged): string {
  const url = new URL(authorizeUrl)
  url.searchParams.set('state', state)
  url.searchParams.set('nonce', keys.nonce)
  url.searchParams.set('code_challenge', base64url.encode(sha256(keys.codeVerifier)))
  return url.href
}
