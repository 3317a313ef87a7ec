/** A desk to walk through: Entra, vault and identity as stand-ins in this process, which from then on reaches its own machine only. */
import { readConfig } from '../../lib/config.ts'
import { type Desk, openDesk } from '../desk.ts'
import { loopbackOnly } from '../loopbackOnly.ts'
import { trustAuthority } from '../trustAuthority.ts'
import { signInAs } from './signInAs.ts'
import { redirectedTo, type Target } from './target.ts'

const TOKEN_LIFETIME_MS = 3_600_000

export interface DeskTarget extends Target {
  readonly desk: Desk
  readonly signInAs: NonNullable<Target['signInAs']>
}

/** Opens a desk whose app may be redirected to `redirectUri`. */
export async function openDeskTarget(redirectUri: string): Promise<DeskTarget> {
  const desk = await openDesk({ appOrigin: 'http://localhost:7071' })
  const { entra, identity, registration, settings } = desk
  trustAuthority(desk.authorityPem)
  const unmap = loopbackOnly({ vaultPort: desk.vault.port })
  entra.registerApplication({ ...registration, redirectUris: [...registration.redirectUris, redirectUri] })
  return {
    desk,
    config: redirectedTo(redirectUri, readConfig(settings)),
    identity: {
      getToken: async (scopes) => ({
        token: await identity.issue(String(scopes).replace(/\/\.default$/, '')),
        expiresOnTimestamp: Date.now() + TOKEN_LIFETIME_MS,
      }),
    },
    signInAs: (givenName, authorizationUrl) => signInAs(entra, givenName, authorizationUrl),
    async close() {
      unmap()
      await desk.close()
    },
  }
}
