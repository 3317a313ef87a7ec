/** What an instance gets ready before the first request needs it: assertion and table, and with them the identity's tokens for both. */
import type { App } from '../app.ts'

/** Begins it in the background; never throws. */
export function warmUp({ credential, config, sessions }: App): void {
  credential.warm(config.entra.token)
  sessions.warm()
}
