/** A person's own sessions that still live, on whatever device. */
import type { App } from '../app.ts'
import type { SessionList } from '../session/tableStore.ts'
import type { CurrentSession } from './currentSession.ts'

/**
 * Oldest sign-in first; what has ended and waits to be swept is not among them, and the session that asks always is, however many newer ones
 * there are. Throws `session/*`.
 */
export async function ownSessions(
  { sessions }: Pick<App, 'sessions'>,
  { ticket, session, usedAtMs, isBound }: CurrentSession,
): Promise<SessionList> {
  const { listed, notListed } = await sessions.listOf(session.identity)
  const living = listed.filter(({ isLiving }) => isLiving)
  if (listed.some(({ id }) => id === ticket.id)) return { listed: living, notListed }
  const { createdAtMs, endsAtMs, device } = session
  const here = { id: ticket.id, createdAtMs, usedAtMs, endsAtMs, device, isBound, isLiving: true }
  return { listed: [here, ...living], notListed: Math.max(0, notListed - 1) }
}
