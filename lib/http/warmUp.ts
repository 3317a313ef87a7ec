/**
 * What an instance gets ready before the first sign-in needs it: the assertion, Entra's metadata and keys, the identity's tokens, the epoch,
 * and connections to the table and to Entra.
 */
import type { App } from '../app.ts'

interface Warmed {
  readonly config: { readonly entra: Pick<App['config']['entra'], 'token'> }
  readonly credential: Pick<App['credential'], 'warm'>
  readonly providerKeys: Pick<App['providerKeys'], 'check'>
  readonly sessions: Pick<App['sessions'], 'warm'>
  readonly effects: Pick<App['effects'], 'sleep'>
}

/** The request for which the platform starts an instance is answered first: a redirect needs none of this. Milliseconds. */
const AFTER_MS = 20

/** Begins it in the background, a moment after it was called; never rejects. What fails is in the log, and loaded when somebody needs it. */
export async function warmUp({ credential, config, providerKeys, sessions, effects }: Warmed): Promise<void> {
  await effects.sleep(AFTER_MS)
  sessions.warm()
  credential.warm(config.entra.token)
  providerKeys.check().catch(() => undefined)
}
