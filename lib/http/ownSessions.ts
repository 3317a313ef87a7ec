/** A person's own sessions that still live, on whatever device. */
import type { App } from '../app.ts'
import type { ListedSession } from '../session/tableStore.ts'
import type { CurrentSession } from './currentSession.ts'

/** Oldest sign-in first; what has ended and waits to be swept is not among them. Throws `session/*`. */
export async function ownSessions(
  { sessions }: Pick<App, 'sessions'>,
  { session }: CurrentSession,
): Promise<readonly ListedSession[]> {
  const listed = await sessions.listOf(session.identity)
  return listed.filter(({ isLiving }) => isLiving)
}
