/** A desk to walk through: Entra, vault and identity as stand-ins in this process, which from then on reaches its own machine only. */
import { readConfig } from '../../lib/config/config.ts'
import { openClientDesk } from '../../local/clientDesk.ts'
import type { Desk } from '../../local/desk.ts'
import { signInAs } from './signInAs.ts'
import { redirectedTo, type Target } from './target.ts'

export interface DeskTarget extends Target {
  readonly desk: Desk
  readonly signInAs: NonNullable<Target['signInAs']>
}

/** Opens a desk whose app may be redirected to `redirectUri`. */
export async function openDeskTarget(redirectUri: string): Promise<DeskTarget> {
  const { desk, credential, close } = await openClientDesk('http://localhost:7071')
  const { entra, registration, settings } = desk
  entra.registerApplication({ ...registration, redirectUris: [...registration.redirectUris, redirectUri] })
  return {
    desk,
    config: redirectedTo(redirectUri, readConfig(settings)),
    identity: credential,
    signInAs: (givenName, authorizationUrl) => signInAs(entra, givenName, authorizationUrl),
    close,
  }
}
