/** The clients of the desk that a command speaks as, and how each puts its proof into a token request. */
import { settingsOf } from '../../lib/config/credentials.ts'
import { createVaultAssertion } from '../../lib/exports/assertion.ts'
import type { JoinedTarget } from '../walkthrough/deskTarget.ts'
import { tokenForm } from '../walkthrough/tokenRequest.ts'

export interface DeskClient {
  readonly clientId: string
  /** The form of a grant with the proof in it. Throws `vault/*`, `identity/*`. */
  prove(grant: Readonly<Record<string, string>>): Promise<URLSearchParams>
}

/** The app's own client, by an assertion that the vault signed (RFC 7523 section 2.2). */
export function signInClient({ config, identity }: JoinedTarget): DeskClient {
  const { clientId, credentials, entra } = config
  const source = settingsOf(credentials, 'vault')
  if (source === undefined) throw new TypeError('a desk has a certificate')
  const { url: vaultUrl, certificate } = source.vault
  const assertion = createVaultAssertion({ vaultUrl, certificate, clientId, credential: identity })
  return {
    clientId,
    prove: async (grant) => tokenForm(clientId, await assertion.assertionFor(entra.token), grant),
  }
}

/** The one with a secret (RFC 6749 section 2.3.1). */
export function secretClient({ secretClient: { clientId, secret } }: JoinedTarget): DeskClient {
  return {
    clientId,
    prove: async (grant) => new URLSearchParams({ ...grant, client_id: clientId, client_secret: secret }),
  }
}
