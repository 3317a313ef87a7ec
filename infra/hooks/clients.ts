/** The two clients of an environment: what each is called in Entra, which certificate is its own, where its client id is kept. */
import type { Environment } from '../../lib/config/settingsReader.ts'

export interface Client {
  /** Immutable name of the application; entra.bicep gives the same. */
  readonly uniqueName: string
  /** Name in the vault; absent where the managed identity stands in for a certificate. */
  readonly certificate?: string
  readonly clientIdSetting: 'ENTRA_CLIENT_ID' | 'APP_ONLY_CLIENT_ID'
}

export interface Clients {
  readonly signIn: Client
  readonly appOnly: Client
}

export function readClients(env: Environment): Clients {
  const environment = env.AZURE_ENV_NAME ?? ''
  const signingCertificate = nameOf(env.SIGNING_CERTIFICATE, 'signet-signing')
  return {
    signIn: {
      uniqueName: `signet-${environment}`,
      ...(env.CREDENTIAL === 'managed-identity' ? {} : { certificate: signingCertificate }),
      clientIdSetting: 'ENTRA_CLIENT_ID',
    },
    appOnly: {
      uniqueName: `signet-app-only-${environment}`,
      certificate: nameOf(env.APP_ONLY_CERTIFICATE, 'signet-app-only'),
      clientIdSetting: 'APP_ONLY_CLIENT_ID',
    },
  }
}

/** The settings may pin a version: `name/version`. */
function nameOf(setting: string | undefined, defaultName: string): string {
  return setting?.split('/')[0] || defaultName
}
