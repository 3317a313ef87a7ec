/**
 * A sign-in that leads to the next one: a front end that does not see the session sends people to sign in again and again, and Entra lets
 * them pass each time without a question. The count lives in the browser, in the cookies of the sign-ins themselves.
 */
import type { SignInWishes } from '../entra/signInWishes.ts'
import { AppError } from '../errors/appError.ts'
import { answeredTransactions } from './cookies.ts'
import type { SignetRequest } from './request.ts'
import type { LocalPath } from './returnTo.ts'

const MOST_ROUNDS = 3
const WITHIN_MS = 60_000

/**
 * Refuses a fourth redirect to Entra within a minute of three answers. Sign-ins under way do not count, however many tabs there
 * are, nor does one that a person asks for: by hand (Sec-Fetch-User), or by a prompt that has them act. Throws `login/loop`.
 */
export function requireNoLoop(
  { header, cookies }: SignetRequest,
  { prompt = 'none' }: SignInWishes,
  returnTo: LocalPath,
  nowMs: number,
): void {
  if (header('sec-fetch-user') === '?1' || prompt !== 'none') return
  const rounds = answeredTransactions(cookies).filter(({ atMs }) => atMs > nowMs - WITHIN_MS)
  if (rounds.length < MOST_ROUNDS) return
  // Choosing an account is a hand's work, and the way out for whoever goes round as the wrong person.
  throw new AppError('login/loop', { returnTo, loginParameters: { prompt: 'select_account' } })
}
