/** A desk without our app, for a client in this process: it trusts the stand-ins, and reaches nothing but this machine. */
import type { TokenCredential } from '@azure/identity'
import { type Desk, openDesk } from './desk.ts'
import { loopbackOnly } from './loopbackOnly.ts'
import { trustAuthority } from './trustAuthority.ts'

const TOKEN_LIFETIME_MS = 3_600_000

export interface ClientDesk {
  readonly desk: Desk
  /** Tokens of the desk's managed identity, without its endpoint. */
  readonly credential: TokenCredential
  close(): Promise<void>
}

export async function openClientDesk(appOrigin: string): Promise<ClientDesk> {
  const desk = await openDesk({ appOrigin })
  trustAuthority(desk.authorityPem)
  const unmap = loopbackOnly({ vaultPort: desk.vault.port })
  return {
    desk,
    credential: {
      getToken: async (scopes) => ({
        token: await desk.identity.issue(String(scopes).replace(/\/\.default$/, '')),
        expiresOnTimestamp: Date.now() + TOKEN_LIFETIME_MS,
      }),
    },
    async close() {
      unmap()
      await desk.close()
    },
  }
}
