/** The second client of a desk: it acts as itself, holds an app role and signs nobody in. */
import { randomUUID } from 'node:crypto'
import { graphAppId, ownReadings } from './entra/directory/resource.ts'
import type { EntraLookAlike } from './entra/openEntra.ts'
import type { VaultStub } from './vault/openVault.ts'

/** The app role of the app's own API that the second client holds. */
export const APP_ROLE = 'Access.AsApp'

const CERTIFICATE_NAME = 'signet-app-only'
/** As old as the first certificate: a young one makes the reader look for older versions. */
const CERTIFICATE_AGE_DAYS = 30

interface AppOnlyClient {
  readonly entra: EntraLookAlike
  readonly vault: VaultStub
  /** Where it holds {@link APP_ROLE}: `api://` and a client id. */
  readonly resource: string
}

/** Makes its certificate, registers it, and answers with the settings that name both. */
export async function registerAppOnlyClient({ entra, vault, resource }: AppOnlyClient) {
  const clientId = randomUUID()
  const certificate = await vault.addCertificate(CERTIFICATE_NAME, {}, CERTIFICATE_AGE_DAYS)
  entra.registerApplication({
    clientId,
    displayName: 'Signet on this desk, as itself',
    redirectUris: [],
    certificates: certificate.versions().map(({ der }) => der),
    applicationPermissions: { [resource]: [APP_ROLE], [graphAppId]: ownReadings },
  })
  return {
    APP_ONLY_CLIENT_ID: clientId,
    APP_ONLY_OBJECT_ID: entra.objectIdOf(clientId),
    APP_ONLY_CERTIFICATE: CERTIFICATE_NAME,
  }
}
