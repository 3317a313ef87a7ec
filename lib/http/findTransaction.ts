/** The sign-in that an authorization response belongs to, as the browser's own cookie tells it. */
import type { App } from '../app.ts'
import { AppError } from '../errors/appError.ts'
import {
  openState,
  openTransaction,
  outcomeOf,
  parseState,
  type SealedState,
  type TransactionKeys,
} from '../session/transaction.ts'
import { TRANSACTION_COOKIE } from './cookies.ts'
import type { SignetRequest } from './request.ts'
import { parseSignInLink, type SignInLink } from './signInLink.ts'

export interface Transaction {
  readonly keys: TransactionKeys
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number
  readonly link: SignInLink
  readonly restarts: number
  /** Proof of the session that the new one replaces. */
  readonly replaces: string | undefined
  /** It became a session already. */
  readonly isDone: boolean
}

/** The `state` of an authorization response. Throws `callback/malformed`. */
export function requireState(form: URLSearchParams): SealedState {
  const text = form.get('state')
  if (text === null) throw new AppError('callback/malformed', { detail: 'no state' })
  const state = parseState(text)
  if (state === undefined) throw new AppError('callback/malformed', { detail: 'state' })
  return state
}

/** The transaction of a state; undefined where its cookie did not come. Throws `callback/state_mismatch` for one that does not fit. */
export function findTransaction(
  { config, effects }: App,
  { cookies }: SignetRequest,
  sealed: SealedState,
): Transaction | undefined {
  const cookie = cookies.get(`${TRANSACTION_COOKIE}${sealed.handle}`)
  if (cookie === undefined) return undefined
  const keys = openTransaction(cookie)
  const state = keys && openState(keys, sealed, effects.now())
  if (keys === undefined || state === undefined) throw new AppError('callback/state_mismatch')
  const { startedAtMs, replaces } = state
  const { restarts } = sealed
  const isDone = outcomeOf(cookie)?.kind === 'done'
  return { keys, startedAtMs, link: readLink(state.link, config), restarts, replaces, isDone }
}

/** What we sealed was a good link; what this browser sealed itself is a link like any other. */
function readLink(parameters: Readonly<Record<string, string>>, config: App['config']): SignInLink {
  try {
    return parseSignInLink(Object.entries(parameters), config)
  } catch (cause) {
    throw new AppError('callback/state_mismatch', { cause, detail: 'link' })
  }
}
