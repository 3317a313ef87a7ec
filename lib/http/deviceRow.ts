/** Writes to the row of a session whose binding changes: decided on what was read, and decided anew where that has changed meanwhile. */
import type { App } from '../app.ts'
import { AppError } from '../errors/appError.ts'
import { type FoundSession, findStored } from './currentSession.ts'
import type { Reply } from './reply.ts'
import type { SignetRequest } from './request.ts'

/** How often a decision is taken anew. */
const MOST_ATTEMPTS = 5

/**
 * What `decide` answers; it answers undefined where its write found another row than it had read. Throws `session/required` where there is
 * no session, `session/*`, and what `decide` throws.
 */
export async function decideOnRow(
  app: App,
  request: SignetRequest,
  decide: (found: FoundSession) => Promise<Reply | undefined>,
): Promise<Reply> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const { found } = await findStored(app, request)
    if (found === undefined) throw new AppError('session/required')
    const reply = await decide(found)
    if (reply !== undefined) return reply
  }
  throw new AppError('session/store_unavailable', { detail: 'the row keeps changing', retryAfterSec: 1 })
}
