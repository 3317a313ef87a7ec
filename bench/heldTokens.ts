/** An app-only token that is held already: what a call costs when nothing has to be asked for. */
import { createAppOnlyClient } from '../lib/exports/appOnly.ts'
import type { BenchDesk } from './benchDesk.ts'
import type { Subject } from './measure.ts'

export function heldTokens({ desk, credential, appScope, msal, msalSigningEachTime }: BenchDesk): Subject[] {
  const { clientId, entra, vault } = desk
  const ours = createAppOnlyClient({
    tenantId: entra.tenantId,
    authorityHost: entra.origin,
    clientId,
    vaultUrl: vault.url,
    certificate: vault.certificateName,
    credential,
  })
  const withMsal = (client: typeof msal) => () =>
    client.acquireTokenByClientCredential({ scopes: [appScope] })
  return [
    { name: 'Signet', operate: () => ours.tokenFor(appScope) },
    { name: 'msal-node with our assertion', operate: withMsal(msal) },
    { name: 'msal-node, the vault signing each time', operate: withMsal(msalSigningEachTime) },
  ]
}
