/** Whom the walkthrough talks to: the tenant and vault of the settings, or those of a desk. */
import { AzureCliCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity'
import { type Config, readConfig } from '../../lib/config/config.ts'
import { settingsOf } from '../../lib/config/credentials.ts'
import type { Environment } from '../../lib/config/settingsReader.ts'
import { AppError } from '../../lib/errors/appError.ts'

export interface Target {
  /** The app's settings, with the walkthrough's redirect URI in place of the app's. */
  readonly config: Config
  /** Gets the vault's access tokens. */
  readonly identity: TokenCredential
  /** Whether the settings say where the table of the app is, in which it writes down which version signs. */
  readonly hasTable: boolean
  /** On a desk: the redirect that a browser would follow once this person has signed in. */
  readonly signInAs?: (givenName: string, authorizationUrl: string) => Promise<string>
  close(): Promise<void>
}

/** No session is kept and no browser comes to the app, so a new tenant needs neither of these to be walked through. */
const NOT_NEEDED = { PUBLIC_URL: 'https://localhost', SESSION_TABLES_URL: 'https://localhost' }

/** The target that the environment describes, as for the app itself. Throws `config/invalid`. */
export function targetOf(env: Environment, redirectUri: string): Target {
  const config = readConfig({ ...NOT_NEEDED, ...env })
  if (settingsOf(config.credentials, 'vault') === undefined) {
    throw new AppError('config/invalid', {
      detail: 'CREDENTIAL must list vault: what is shown is a certificate',
    })
  }
  const clientId = config.managedIdentityClientId
  const inAzure = env.IDENTITY_ENDPOINT !== undefined
  return {
    config: redirectedTo(redirectUri, config),
    identity: inAzure
      ? new ManagedIdentityCredential(clientId === undefined ? {} : { clientId })
      : new AzureCliCredential(),
    hasTable: Boolean(env.SESSION_TABLES_URL),
    close: async () => undefined,
  }
}

/** The same settings with another redirect URI. */
export function redirectedTo(redirectUri: string, config: Config): Config {
  return { ...config, app: { ...config.app, redirectUri } }
}
