/**
 * The third client of a desk: it proves itself with a secret, as no client of ours does, so that whoever writes an API sees the guard
 * refuse it. The secret is made with each start and opens nothing but this desk.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { APP_ROLE } from './appOnlyClient.ts'
import { COMMAND_REDIRECT_URI } from './commandRedirectUri.ts'
import type { EntraLookAlike } from './entra/openEntra.ts'

export interface SecretClient {
  readonly clientId: string
  readonly secret: string
}

interface SecretClientOptions {
  readonly entra: Pick<EntraLookAlike, 'registerApplication'>
  /** The app's own API, where it may do what the app and the second client may: `api://` and a client id. */
  readonly resource: string
  /** What else it may ask for on everybody's behalf. */
  readonly permissions: readonly string[]
}

/** Registers it: all that a token of it lacks is the proof by a certificate. */
export function registerSecretClient({ entra, resource, permissions }: SecretClientOptions): SecretClient {
  const clientId = randomUUID()
  const secret = randomBytes(32).toString('base64url')
  entra.registerApplication({
    clientId,
    displayName: 'A client with a secret, on this desk',
    redirectUris: [COMMAND_REDIRECT_URI],
    clientSecret: secret,
    delegatedPermissions: [`${resource}/access_as_user`, ...permissions],
    applicationPermissions: { [resource]: [APP_ROLE] },
  })
  return { clientId, secret }
}
